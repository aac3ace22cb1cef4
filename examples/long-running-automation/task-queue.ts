/** What this application's own worker polls; `nango` is the package's. */
export const TASK_QUEUE = 'automations';
