import { sleep } from '@temporalio/workflow';

/** A bundle without us, to compare with. */
export async function bare(): Promise<void> {
  await sleep(1);
}
