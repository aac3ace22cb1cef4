import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionRef } from '../contract/types';
import { readConnection } from './connections';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';
import type { HttpOutcome } from './http/outcome';
import { nangoRetryAfterMs } from './http/rate-limit';

/** One reading of the connection takes this long at the most. */
const READING_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

/**
 * Reads the connection after a doubtful response, again and again until that says something: pauses of 0.5 s to 8 s, or
 * as long as Nango asks for.
 *
 * @param isConclusive whether an outcome will do
 * @param bounds of all of it; the signal ends the pauses too
 * @returns what was said last, if time ran out: an error that says nothing
 */
export async function recheckConnection(
  api: NangoApi,
  connection: ConnectionRef,
  isConclusive: (outcome: HttpOutcome) => boolean,
  { deadlineMs, signal }: Bounds,
): Promise<HttpOutcome> {
  const until = Date.now() + deadlineMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const left = Math.max(until - Date.now(), 1);
    const outcome = await readConnection(api, connection, { deadlineMs: Math.min(READING_MS, left), signal });
    const wait = Math.max(pause, retryAfterMs(outcome));
    if (isConclusive(outcome) || Date.now() + wait >= until) return outcome;
    await sleep(wait, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

function retryAfterMs(outcome: HttpOutcome): number {
  if (outcome.kind === 'networkError' || outcome.headers['retry-after'] === undefined) return 0;
  return nangoRetryAfterMs(outcome.headers, Date.now());
}
