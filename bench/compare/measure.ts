import type { Client } from '@temporalio/client';
import type { CallSet, Tally } from './calls';
import { historyFigures } from './figures/histories';
import type { RunOfWorkflow } from './figures/histories';
import type { Sample } from './figures/sample';
import type { Child } from './ipc/child';
import type { Usage } from './ipc/usage';
import type { Stage } from './stage';
import type { StandInCounts } from './stand-in/settings';

/** What was done while it was measured. */
export interface Done extends Tally {
  /** in place of the time it took in all */
  ms?: number;
  /** whose histories count */
  runs?: RunOfWorkflow[];
}

/** Where something is measured: its processes, and whether they are workers. */
export interface Measurable {
  processes: Child[];
  workers: boolean;
}

/** Measures what some work takes. Histories are read after the time is taken. */
export async function measure(stage: Stage, of: Measurable, work: () => Promise<Done>): Promise<Sample> {
  const { standIn, client } = stage;
  await standIn?.call('begin');
  await Promise.all(of.processes.map((child) => child.call('beginUsage')));
  const before = await usageOf(of);
  const began = performance.now();
  const { ok, failed, ms = performance.now() - began, runs = [] } = await work();
  const after = await usageOf(of);
  const counts = await standIn?.call<StandInCounts>('counted');
  return {
    ms,
    calls: ok + failed,
    failed,
    requests: counts?.requests,
    refused: counts?.refused,
    repeated: counts === undefined ? undefined : counts.repeatedReads + counts.repeatedWrites,
    cpuS: after.cpuS - before.cpuS,
    peakMb: after.peakMb,
    history: runs.length === 0 ? undefined : await historyFigures(client, runs, after.heartbeats - before.heartbeats),
  };
}

async function usageOf({ processes, workers }: Measurable): Promise<Usage & { heartbeats: number }> {
  const all = await Promise.all(processes.map((child) => child.call<Usage>('usage')));
  const heartbeats = workers ? await Promise.all(processes.map((child) => child.call<number>('heartbeats'))) : [];
  return {
    cpuS: all.reduce((sum, { cpuS }) => sum + cpuS, 0),
    peakMb: Math.max(...all.map(({ peakMb }) => peakMb)),
    heartbeats: heartbeats.reduce((sum, count) => sum + count, 0),
  };
}

/** Has a workflow of an arm make the calls of a set. */
export async function inWorkflow(client: Client, taskQueue: string, set: CallSet): Promise<Done> {
  const workflowId = `calls/${set.run}`;
  const handle = await client.workflow.start<(set: CallSet) => Promise<Tally>>('calls', {
    taskQueue,
    workflowId,
    args: [set],
  });
  const tally = await handle.result();
  return { ...tally, runs: [{ workflowId, runId: handle.firstExecutionRunId }] };
}
