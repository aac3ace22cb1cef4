import { limiterId } from '../../../src/contract/request-id';
import type { Bench, Measure } from '../bench';
import { inTurn } from '../bench';
import type { Sample } from '../figures/sample';
import { inWorkflow, measure } from '../measure';
import type { Done } from '../measure';
import { OUR_QUEUE } from '../queues';
import { CALM } from '../stand-in/settings';

const ENVIRONMENT = 'default';

/**
 * More calls than the account may make in one window, by several workflows at once, and so many workers. Workers, limiter
 * and window are new each time: what they know of an account is part of what is measured.
 */
export async function limited({ stage, size }: Bench): Promise<{ [arm: string]: Sample[] }> {
  const { calls, workflows, limit, windowS, workers } = size.limited;

  async function callsOfAll(calls: number, run: string): Promise<Done> {
    const count = Math.ceil(calls / workflows);
    const each = Array.from({ length: workflows }, (_, i) => {
      const set = { run: `${run}-${i}`, count, method: 'GET', connection: stage.connection } as const;
      return inWorkflow(stage.client, OUR_QUEUE, set);
    });
    const done = await Promise.all(each);
    return {
      ok: done.reduce((sum, { ok }) => sum + ok, 0),
      failed: done.reduce((sum, { failed }) => sum + failed, 0),
      runs: done.flatMap(({ runs = [] }) => runs),
    };
  }

  const by =
    (count: number): Measure =>
    async (run) => {
      const limiter = stage.client.workflow.getHandle(limiterId(ENVIRONMENT));
      await limiter.terminate().catch(() => undefined);
      const processes = await Promise.all(Array.from({ length: count }, () => stage.anotherOfOurs()));
      try {
        await stage.standIn?.call('configure', { ...CALM, limit: { calls: limit, windowS } });
        return await measure(stage, { processes, workers: true }, () => callsOfAll(calls, run));
      } finally {
        await Promise.all(processes.map((child) => child.stop()));
      }
    };
  await stage.ours.stop();
  try {
    return await inTurn(
      'rate-limited',
      Object.fromEntries(workers.map((count) => [String(count), by(count)])),
      size.slowRounds,
      0,
    );
  } finally {
    await stage.standIn?.call('configure', CALM);
  }
}
