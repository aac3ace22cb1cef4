import { WorkflowNotFoundError } from '@temporalio/common';
import { reasonOf } from '../contract/errors';
import { UPDATE } from '../contract/names';
import type { Place } from './start';

/** Takes a joiner off a request; one that has ended has none. */
export async function leaveRequest({ client }: Place, requestId: string, joinId: string): Promise<void> {
  try {
    const args: [{ joinId: string }] = [{ joinId }];
    await client.workflow.getHandle(requestId).executeUpdate<unknown, typeof args>(UPDATE.leave, { args });
  } catch (error) {
    if (reasonOf(error) !== 'request_closed' && !(error instanceof WorkflowNotFoundError)) throw error;
  }
}
