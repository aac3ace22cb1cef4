import { condition } from '@temporalio/workflow';

/** The least that a workflow can be. */
export async function bare(): Promise<void> {
  await condition(() => false);
}
