import { ApplicationFailure, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common';
import { causesOf, findNangoFailure, reasonOf } from '../contract/errors';

/** What is closing refuses joins until it has resolved everybody; the next one starts right after. */
const CLOSING_PAUSES_MS = [50, 100, 200, 400, 800, 1_600];

/** Joins again where what it would have joined ended between being found and being joined. */
export async function whileClosing<T>(join: () => Promise<T>): Promise<T> {
  for (const pause of [...CLOSING_PAUSES_MS, undefined]) {
    try {
      return await join();
    } catch (error) {
      if (pause === undefined || !isClosing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  throw new Error('unreachable: the last try throws');
}

function isClosing(error: unknown): boolean {
  if (findNangoFailure(error) !== undefined) return reasonOf(error) === 'request_closed';
  for (const e of causesOf(error)) {
    if (e instanceof ApplicationFailure && e.type === 'AcceptedUpdateCompletedWorkflow') return true;
    if (e instanceof WorkflowNotFoundError || e instanceof WorkflowExecutionAlreadyStartedError) return true;
  }
  return false;
}
