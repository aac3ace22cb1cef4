import { setTimeout as sleep } from 'node:timers/promises';

/** What is not there at once is asked for less often: dozens may ask at a time. */
const MAX_PAUSE_MS = 500;

/** Asks again, some milliseconds apart, until there is an answer; errors count as none. For what no event announces. */
export async function eventually<T>(read: () => Promise<T | undefined>, withinMs = 120_000): Promise<T> {
  const until = Date.now() + withinMs;
  let last: unknown;
  let pauseMs = 20;
  do {
    try {
      const value = await read();
      if (value !== undefined) return value;
    } catch (error) {
      last = error;
    }
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 1.2, MAX_PAUSE_MS);
  } while (Date.now() < until);
  throw last instanceof Error ? last : new Error('did not happen in time');
}
