import { MAX_WAIT_MS } from '../../contract/limits';
import { duration } from './duration';
import { usage } from '../terminal/failure';

/**
 * A moment ahead: a span from now, such as `2d`, or a date, such as `2026-12-24` or `2026-12-24T18:00:00Z`.
 *
 * @returns milliseconds since the epoch
 * @throws CliFailure (usage)
 */
export function until(option: string, text: string): number {
  if (!/^\d{4}-/.test(text)) return Date.now() + duration(option, text, MAX_WAIT_MS);
  const at = Date.parse(text);
  if (Number.isFinite(at) && isDay(text)) return at;
  throw usage(`${option} must be a span or a date.`, `Write ${option} 2d, or ${option} 2026-12-24T18:00:00Z.`);
}

/** JavaScript takes February 31 for March 3. */
function isDay(text: string): boolean {
  const [year = 0, month = 1, day = 1] = (/^\d{4}(-\d{1,2}){0,2}/.exec(text)?.[0] ?? '').split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
