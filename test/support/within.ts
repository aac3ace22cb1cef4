import { setTimeout as sleep } from 'node:timers/promises';

/** Says what did not happen, instead of waiting for it for ever. */
export async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  const over = new AbortController();
  const tooLate = sleep(ms, undefined, { signal: over.signal }).then(() => {
    throw new Error(`Not within ${ms / 1000} s: ${what}`);
  });
  // When the promise is first, nobody listens to this one.
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    over.abort();
  }
}
