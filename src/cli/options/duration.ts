import { msToNumber } from '@temporalio/common';
import type { StringValue } from '@temporalio/common';
import { usage } from '../terminal/failure';

/** The longest a timer of Node's can be set to. */
const MAX_MS = 2 ** 31 - 1;

/** An option such as `30s`, `5m`, `2h` or `7d`, in milliseconds. @throws CliFailure (usage) */
export function duration(option: string, text: string): number {
  const ms = parse(text);
  if (ms > 0 && ms <= MAX_MS) return ms;
  throw usage(`${option} must be a time from 1 ms to 24 days.`, `Write ${option} 30s, 5m, 2h or 7d.`);
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
