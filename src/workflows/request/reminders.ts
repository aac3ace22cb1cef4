import { REMIND_AFTER_MS, REMIND_EVERY_MS } from '../../contract/limits';

/** The next time to remind somebody: after one day, after three, then every week. One that was missed is not made up for. */
export function nextReminder(askedAt: number, now: number): number {
  let at = askedAt;
  for (const after of REMIND_AFTER_MS) {
    at = askedAt + after;
    if (at > now) return at;
  }
  const weeks = Math.floor((now - at) / REMIND_EVERY_MS) + 1;
  return at + weeks * REMIND_EVERY_MS;
}
