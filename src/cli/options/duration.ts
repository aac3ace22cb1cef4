import { msToNumber } from '@temporalio/common';
import type { StringValue } from '@temporalio/common';
import { usage } from '../terminal/failure';

const DAY_MS = 86_400_000;
/** The longest a timer of Node's can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * An option such as `30s`, `5m`, `2h` or `7d`, in milliseconds.
 *
 * @param most default: what this process can wait
 * @throws CliFailure (usage)
 */
export function duration(option: string, text: string, most = MAX_TIMER_MS): number {
  const ms = parse(text);
  if (ms > 0 && ms <= most) return ms;
  const days = Math.floor(most / DAY_MS);
  throw usage(`${option} must be a time from 1 ms to ${days} days.`, `Write ${option} 30s, 5m, 2h or 7d.`);
}

/** A number alone would be milliseconds, which nobody means. */
function parse(text: string): number {
  if (!/^\d+(\.\d+)?\s*[a-z]+$/i.test(text)) return NaN;
  try {
    return msToNumber(text as StringValue);
  } catch {
    return NaN;
  }
}
