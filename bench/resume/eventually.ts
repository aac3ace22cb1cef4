import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 20;
const WITHIN_MS = 20_000;

/** Asks again until there is an answer; errors count as none. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + WITHIN_MS;
  let last: unknown;
  do {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(PAUSE_MS);
  } while (Date.now() < until);
  throw last instanceof Error ? last : new Error('It did not happen in time');
}
