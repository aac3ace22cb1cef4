import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again, some milliseconds apart, until there is an answer; errors count as none. For what no event announces. */
export async function eventually<T>(read: () => Promise<T | undefined>, withinMs = 45_000): Promise<T> {
  const until = Date.now() + withinMs;
  let last: unknown;
  do {
    try {
      const value = await read();
      if (value !== undefined) return value;
    } catch (error) {
      last = error;
    }
    await sleep(20);
  } while (Date.now() < until);
  throw last instanceof Error ? last : new Error('did not happen in time');
}
