import { printable } from '../../contract/rules/printable';

/**
 * Rows below their headings, columns as wide as their widest cell; what is undefined is a dash. Cells are made
 * {@link printable}.
 *
 * @param heading dresses the line of headings
 */
export function table(
  headings: string[],
  rows: (string | number | undefined)[][],
  heading: (text: string) => string = (text) => text,
): string {
  const cells = rows.map((row) => row.map((cell) => printable(String(cell ?? '-'))));
  const widths = headings.map((name, i) => Math.max(...[name, ...cells.map((row) => row[i] ?? '')].map(width)));
  const line = (row: string[]): string =>
    row
      .map((cell, i) => cell + ' '.repeat(Math.max((widths[i] ?? 0) - width(cell), 0)))
      .join('  ')
      .trimEnd();
  return [heading(line(headings)), ...cells.map(line)].join('\n');
}

/** Characters, not UTF-16 units. */
function width(text: string): number {
  return [...text].length;
}
