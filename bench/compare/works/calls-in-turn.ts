import type { Bench, Measure } from '../bench';
import { inTurn } from '../bench';
import type { CallSet, Tally } from '../calls';
import type { Sample } from '../figures/sample';
import type { Child } from '../ipc/child';
import { inWorkflow, measure } from '../measure';
import { HAND_WRITTEN_QUEUE, OUR_QUEUE } from '../queues';
import { CALM } from '../stand-in/settings';

/** As many calls in flight as the pool of `undici` has connections. */
const AT_ONCE = 100;

/**
 * Has all four arms make the same calls.
 *
 * @param calls.isBounded and ours once more, with no more calls in flight than the others
 */
export async function callsInTurn(
  title: string,
  { stage, size, errorShare }: Bench,
  { isBounded, ...calls }: Pick<CallSet, 'method' | 'count' | 'bytes' | 'pick'> & { isBounded?: boolean },
): Promise<{ [arm: string]: Sample[] }> {
  const { client, connection, endpoint } = stage;
  await stage.standIn?.call('configure', { ...CALM, errorShare });
  const set = (run: string, warmUp: boolean): CallSet => {
    const count = warmUp ? Math.min(calls.count, size.warmUp.calls) : calls.count;
    return { ...calls, count, run, connection, endpoint };
  };
  const byClient =
    (child: Child): Measure =>
    (run, warmUp) =>
      measure(stage, { processes: [child], workers: false }, () => child.call<Tally>('run', set(run, warmUp)));
  const byWorkflow =
    (child: Child, queue: string, concurrency?: number): Measure =>
    (run, warmUp) =>
      measure(stage, { processes: [child], workers: true }, () =>
        inWorkflow(client, queue, { ...set(run, warmUp), concurrency }),
      );
  return await inTurn(
    title,
    {
      undici: byClient(stage.undici),
      'node-sdk': byClient(stage.nodeSdk),
      'hand-written': byWorkflow(stage.handWritten, HAND_WRITTEN_QUEUE),
      ours: byWorkflow(stage.ours, OUR_QUEUE),
      ...(isBounded && { [`ours, ${AT_ONCE} at once`]: byWorkflow(stage.ours, OUR_QUEUE, AT_ONCE) }),
    },
    size.rounds,
    size.warmUp.rounds,
  );
}
