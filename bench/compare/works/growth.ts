import { WORKFLOW } from '../../../src/contract/names';
import type { BulkResult } from '../../../src/contract/types';
import type { Bench, Measure } from '../bench';
import { inTurn } from '../bench';
import type { CallSet } from '../calls';
import type { Sample } from '../figures/sample';
import { measure } from '../measure';
import type { Done } from '../measure';
import { OUR_QUEUE } from '../queues';
import { CALM } from '../stand-in/settings';

const SOURCE = 'source';
/** Calls of a round that is not counted. */
const WARM_UP = 200;

/** What a call costs in a run of `bulk` of so many calls; outcomes are thrown away. */
export async function growth({ stage, size }: Bench): Promise<{ [arm: string]: Sample[] }> {
  const { client, connection, endpoint } = stage;
  await stage.standIn?.call('configure', CALM);

  async function bulk(count: number, run: string): Promise<Done> {
    const set: CallSet = { run, count, method: 'GET', connection, endpoint };
    const workflowId = `bulk/${run}`;
    const source = { activity: SOURCE, taskQueue: OUR_QUEUE, input: set };
    const handle = await client.workflow.start(WORKFLOW.bulk, {
      taskQueue: OUR_QUEUE,
      workflowId,
      args: [{ connection, source, sink: 'discard' }],
    });
    const { done, unknown, failed: byType } = (await handle.result()) as BulkResult;
    const failed = Object.values(byType).reduce((sum, n) => sum + n, unknown);
    return {
      ok: done - failed,
      failed,
      runs: [{ workflowId, runId: handle.firstExecutionRunId }],
    };
  }

  const of =
    (count: number): Measure =>
    (run, warmUp) =>
      measure(stage, { processes: [stage.ours], workers: true }, () => bulk(warmUp ? WARM_UP : count, run));
  return await inTurn(
    'growth',
    Object.fromEntries(size.growth.map((count) => [String(count), of(count)])),
    size.slowRounds,
  );
}
