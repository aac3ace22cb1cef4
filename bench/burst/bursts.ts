import type { Client } from '@temporalio/client';
import { INTEGRATION, openStage, USER_QUEUE } from './stage';
import type { Stage } from './stage';

const BOUND_MS = 400_000;
const AT_ONCE = 50;
const POLL_MS = 100;

/** Many workflows of one person. */
export async function burstOfJoiners(n: number): Promise<string> {
  const stage = await openStage();
  try {
    const before = await stage.cpu();
    const began = Date.now();
    await startAll(stage.client, n, () => 'one');
    const id = `nango/default/${INTEGRATION}/u:one`;
    const joined = await until(async () => {
      const view = await stage.connections.describeRequest(id);
      return view?.view.subscribers ?? 0;
    }, n);
    const took = Date.now() - began;
    const { events } = await stage.client.workflow.getHandle(id).fetchHistory();
    const updates = (events ?? []).filter((e) => e.workflowExecutionUpdateAcceptedEventAttributes).length;
    return `${n} joiners: ${joined} in ${seconds(took)}; ${updates} updates, ${events?.length} events, ${stage.log.retried} retries logged; CPU ${used(before, await stage.cpu())}`;
  } finally {
    await stage.close();
  }
}

/** Many people, each with a workflow. */
export async function burstOfRequests(n: number): Promise<string> {
  const stage = await openStage();
  try {
    const before = await stage.cpu();
    const began = Date.now();
    await startAll(stage.client, n, (i) => `u${i}`);
    // A list of them all is no light work for the server, so it is asked for once.
    const notified = await until(() => Promise.resolve(stage.log.notified), n);
    const took = Date.now() - began;
    const waiting = await until(() => waitingNow(stage), n);
    return `${n} requests: ${notified} notified after ${seconds(took)}, ${waiting} wait; ${stage.log.retried} retries logged; CPU ${used(before, await stage.cpu())}`;
  } finally {
    await stage.close();
  }
}

async function waitingNow({ connections }: Stage): Promise<number> {
  const all = await connections.requests();
  return all.filter(({ status, subscribers }) => status === 'waiting' && subscribers > 0).length;
}

async function startAll(client: Client, n: number, who: (i: number) => string): Promise<void> {
  const rest = Array.from({ length: n }, (_, i) => i);
  const starter = async (): Promise<void> => {
    for (let i = rest.shift(); i !== undefined; i = rest.shift()) {
      await client.workflow.start('waits', {
        workflowId: `waits-${i}`,
        taskQueue: USER_QUEUE,
        args: [{ integration: INTEGRATION, endUser: { id: who(i) } }],
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, starter));
}

async function until(count: () => Promise<number>, n: number): Promise<number> {
  const end = Date.now() + BOUND_MS;
  for (;;) {
    const now = await count();
    if (now >= n || Date.now() > end) return now;
    if (process.env.BURST_LOG !== undefined) console.error(now);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function used(before: Record<string, number>, after: Record<string, number>): string {
  return Object.entries(after)
    .map(([name, s]) => `${name} ${(s - (before[name] ?? 0)).toFixed(1)} s`)
    .join(', ');
}
