import { Context } from '@temporalio/activity';
import { z } from 'zod';
import { requestId } from '../contract/request-id';
import type { Subject } from '../contract/types';
import { describeWorkflow } from '../requests/describe-workflow';
import type { Place } from '../requests/start';

/** Heartbeat of a join whose turn has not come: later attempts must not take the end of what was asked first for theirs. */
const refusingSchema = z.object({ refusedBy: z.string().optional() });

/** The first run of the request that asked something else when an earlier attempt came. */
export function refusedBy(): string | undefined {
  return refusingSchema.safeParse(Context.current().info.heartbeatDetails).data?.refusedBy;
}

/** Keeps for later attempts which request asks something else now. */
export async function keepRefusedBy({ client, environment }: Place, subject: Subject): Promise<void> {
  const refusing = await describeWorkflow(client, requestId(environment, subject));
  Context.current().heartbeat({ refusedBy: refusing?.raw.workflowExecutionInfo?.firstRunId });
}
