import { REMIND_AFTER_MS, REMIND_EVERY_MS } from '../../contract/limits';

/** The next time to remind somebody: after one day, after three, then every week. One that was missed is not made up for. */
export function nextReminder(since: number, now: number): number {
  let at = since;
  for (const after of REMIND_AFTER_MS) {
    at = since + after;
    if (at > now) return at;
  }
  const weeks = Math.floor((now - at) / REMIND_EVERY_MS) + 1;
  return at + weeks * REMIND_EVERY_MS;
}
