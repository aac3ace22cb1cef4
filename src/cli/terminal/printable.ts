import { printable } from '../../contract/rules/printable';

/** {@link printable} for a text of several lines. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join('\n');
}
