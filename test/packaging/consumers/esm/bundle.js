// Prints the packages that are in the bundle of `workflows.ts`.
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const workflowsPath = fileURLToPath(new URL('workflows.ts', import.meta.url));
const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
const packages = code.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g);
console.log(JSON.stringify([...new Set([...packages].map(([, name]) => name))].sort()));
