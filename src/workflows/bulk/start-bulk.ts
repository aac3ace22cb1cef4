import { executeChild, uuid4 } from '@temporalio/workflow';
import { checkBulkInput } from '../../contract/rules/check-bulk';
import { checkTemporalName } from '../../contract/rules/check-shape';
import { findNangoFailure } from '../../contract/errors';
import { BULK_PRIORITY } from '../../contract/limits';
import { BULK_ID_PREFIX, WORKFLOW } from '../../contract/names';
import type { BulkInput, BulkResult } from '../../contract/types';
import type { bulk as bulkWorkflow } from './bulk';

/** Runs a bulk run as a child, which stops when its caller is cancelled, or ends. */
export async function bulk(input: BulkInput, taskQueue: string): Promise<BulkResult> {
  checkTemporalName(taskQueue, 'taskQueue');
  checkBulkInput(input);
  try {
    return await executeChild<typeof bulkWorkflow>(WORKFLOW.bulk, {
      workflowId: BULK_ID_PREFIX + uuid4(),
      taskQueue,
      args: [input],
      priority: { priorityKey: BULK_PRIORITY },
      parentClosePolicy: 'REQUEST_CANCEL',
    });
  } catch (error) {
    throw findNangoFailure(error) ?? error;
  }
}
