import { condition, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import type { BulkWait, PageRead } from '../../contract/types';
import { pageReadSignal, pageWaitsSignal } from '../messages';

/** A run learns of what takes longer than this. */
const SLOW_MS = 5_000;

/** Says to the run that a page has been read, so that the next one may be. */
export async function sayRead(read: PageRead): Promise<void> {
  await toRun((run) => run.signal(pageReadSignal, read));
}

/** Says to the run what a page waits for, where that takes long, and when it is over. */
export async function sayIfSlow<T>(page: number, what: BulkWait, work: Promise<T>): Promise<T> {
  let over = false;
  const ended = work.finally(() => (over = true));
  // It may end while something else is waited for.
  ended.catch(() => undefined);
  if (!(await condition(() => over, SLOW_MS))) {
    await toRun((run) => run.signal(pageWaitsSignal, { page, for: what }));
    await condition(() => over);
    await toRun((run) => run.signal(pageWaitsSignal, { page, for: 'calls' }));
  }
  return await ended;
}

/** A run that was terminated hears nothing; its pages come to their end all the same, so that no outcome is lost. */
async function toRun(say: (run: ReturnType<typeof getExternalWorkflowHandle>) => Promise<void>): Promise<void> {
  const { parent } = workflowInfo();
  if (parent === undefined) return;
  try {
    await say(getExternalWorkflowHandle(parent.workflowId));
  } catch {
    // not found
  }
}
