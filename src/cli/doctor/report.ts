import type { Io } from '../terminal/io';
import { printable } from '../../contract/rules/printable';
import type { CheckResult, CheckStatus } from './check';

const MARKS: { [status in CheckStatus]: string } = { ok: 'ok', warning: 'warn', failed: 'FAIL', skipped: '-' };

/** A line a check, and below it what repairs it. */
export function report(results: CheckResult[], { colors }: Pick<Io, 'colors'>): string {
  const paint = { ok: colors.green, warning: colors.yellow, failed: colors.red, skipped: colors.dim };
  const width = Math.max(...results.map(({ name }) => name.length));
  const markWidth = Math.max(...Object.values(MARKS).map(({ length }) => length));
  const indent = ' '.repeat(markWidth + width + 4);
  return results
    .flatMap(({ name, status, says, fix }) => [
      `${paint[status](MARKS[status].padEnd(markWidth))}  ${name.padEnd(width)}  ${printable(says)}`,
      ...(fix === undefined ? [] : [`${indent}Fix: ${printable(fix)}`]),
    ])
    .join('\n');
}
