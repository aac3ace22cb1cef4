import type { Client } from '@temporalio/client';
import type { Bench, Measure } from '../bench';
import { inTurn } from '../bench';
import type { CallSet } from '../calls';
import { endpointOf } from '../calls';
import { median } from '../figures/statistics';
import type { Sample } from '../figures/sample';
import type { RunOfWorkflow } from '../figures/histories';
import type { Child } from '../ipc/child';
import { measure } from '../measure';
import type { Done } from '../measure';
import { HAND_WRITTEN_QUEUE, OUR_QUEUE } from '../queues';
import { CALM, END_USER_ID, INTEGRATION } from '../stand-in/settings';

/** Works in which one thing is done after the other: a sample is the median time of one. */

/** One call in a running workflow: update, call, done. */
export async function single(bench: Bench): Promise<{ [arm: string]: Sample[] }> {
  const { client, connection, endpoint } = bench.stage;
  return await onTwoWorkers('single', bench, async (queue, run) => {
    const set: CallSet = { run, count: 0, method: 'GET', connection, endpoint };
    const workflowId = `serve/${run}`;
    const handle = await client.workflow.start('serve', { taskQueue: queue, workflowId, args: [connection] });
    const done = await oneByOne(bench.size.singles, async (i) => {
      await handle.executeUpdate<number, [string]>('call', { args: [endpointOf(set, i)] });
    });
    await handle.signal('end');
    await handle.result();
    return { ...done, runs: [{ workflowId, runId: handle.firstExecutionRunId }] };
  });
}

/** A workflow that needs a connection which is there. */
export async function ensure(bench: Bench): Promise<{ [arm: string]: Sample[] }> {
  return await onTwoWorkers('ensure', bench, async (queue, run) => {
    const runs: RunOfWorkflow[] = [];
    const done = await oneByOne(bench.size.singles, async (i) => {
      runs.push(await ensureOnce(bench.stage.client, queue, `ensure/${run}/${i}`));
    });
    return { ...done, runs };
  });
}

async function ensureOnce(client: Client, taskQueue: string, workflowId: string): Promise<RunOfWorkflow> {
  const args = [INTEGRATION, END_USER_ID];
  const handle = await client.workflow.start('ensure', { taskQueue, workflowId, args });
  await handle.result();
  return { workflowId, runId: handle.firstExecutionRunId };
}

async function oneByOne(count: number, doOne: (index: number) => Promise<void>): Promise<Done> {
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    await doOne(i);
    took.push(performance.now() - began);
  }
  return { ok: count, failed: 0, ms: median(took) };
}

async function onTwoWorkers(
  title: string,
  { stage, size }: Bench,
  work: (queue: string, run: string) => Promise<Done>,
): Promise<{ [arm: string]: Sample[] }> {
  await stage.standIn?.call('configure', CALM);
  const on =
    (child: Child, queue: string): Measure =>
    (run) =>
      measure(stage, { processes: [child], workers: true }, () => work(queue, run));
  const arms = { 'hand-written': on(stage.handWritten, HAND_WRITTEN_QUEUE), ours: on(stage.ours, OUR_QUEUE) };
  return await inTurn(title, arms, size.rounds);
}
