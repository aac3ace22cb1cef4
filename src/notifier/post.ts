import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { notDelivered } from './not-delivered';

/** Less than a notifier may take, so that what is thrown says why. */
const ALL_MS = 25_000;
const ATTEMPT_MS = 8_000;
const FIRST_PAUSE_MS = 500;
/** A response is of no use to us: more of it is not read. */
const MAX_READ_BYTES = 64 * 1024;

/** Where to, and by which connections. */
export interface Receiver {
  url: string;
  dispatcher: Dispatcher;
}

/**
 * Posts until a receiver has taken it: again after a network error, 429 or 5xx, as soon as it says or a second later,
 * then two, within 25 seconds. A redirect is not followed.
 *
 * @param headers made anew for each attempt
 * @throws Nango.NotifierFailed `not_delivered`, with the last status where there was one
 */
export async function post(
  { url, dispatcher }: Receiver,
  body: string,
  headers: () => Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.timeout(ALL_MS);
  const ends = Date.now() + ALL_MS;
  const either = AbortSignal.any([signal, deadline]);
  for (let attempt = 0; ; attempt++) {
    const response = await once(url, { dispatcher, body, headers: headers(), signal: either });
    if (response !== undefined && response.status >= 200 && response.status < 300) return;
    const again = response === undefined || response.status === 429 || response.status >= 500;
    const wait = Math.max(response?.retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** attempt * (1 + Math.random()));
    if (!again || either.aborted || Date.now() + wait >= ends) throw notDelivered('not_delivered', response?.status);
    await pause(wait, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw notDelivered('not_delivered', response?.status);
  }
}

interface Attempt {
  dispatcher: Dispatcher;
  body: string;
  headers: Record<string, string>;
  signal: AbortSignal;
}

/** @returns nothing if no response came in time */
async function once(
  url: string,
  { signal, ...attempt }: Attempt,
): Promise<{ status: number; retryAfterMs?: number } | undefined> {
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]);
    const { statusCode, headers, body } = await request(url, { ...attempt, method: 'POST', signal: within });
    // What was taken is taken, however its response goes on.
    await body.dump({ limit: MAX_READ_BYTES, signal: within }).catch(() => undefined);
    return { status: statusCode, retryAfterMs: retryAfterMs(headers['retry-after']) };
  } catch {
    return undefined;
  }
}

/** In seconds, or a date. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : ms;
}
