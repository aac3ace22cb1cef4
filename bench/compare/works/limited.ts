import type { Bench, Measure } from '../bench';
import { inTurn } from '../bench';
import type { Sample } from '../figures/sample';
import type { Child } from '../ipc/child';
import { inWorkflow, measure } from '../measure';
import type { Done } from '../measure';
import { OUR_QUEUE } from '../queues';
import { CALM } from '../stand-in/settings';

/** More calls than the account may make in one window, by several workflows at once, and so many workers. */
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
    async (run, warmUp) => {
      const more: Child[] = [];
      try {
        for (let i = 1; i < count && !warmUp; i++) more.push(await stage.anotherOfOurs());
        await stage.standIn?.call('configure', { ...CALM, limit: { calls: limit, windowS } });
        const processes = [stage.ours, ...more];
        return await measure(stage, { processes, workers: true }, () => callsOfAll(warmUp ? limit : calls, run));
      } finally {
        await Promise.all(more.map((child) => child.stop()));
      }
    };
  try {
    return await inTurn(
      'rate-limited',
      Object.fromEntries(workers.map((count) => [String(count), by(count)])),
      size.slowRounds,
    );
  } finally {
    await stage.standIn?.call('configure', CALM);
  }
}
