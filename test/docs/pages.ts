import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(__dirname, '../..');

/** The pages for people, by their path from the root. */
export function readPages(): Map<string, string> {
  const below = (folder: string) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`);
  const names = ['README.md', 'CONTRIBUTING.md', ...below('docs'), ...below('examples')];
  return new Map(names.map((name) => [name, readFileSync(path.join(ROOT, name), 'utf8')]));
}

/** A page without its blocks of code. */
export function proseOf(page: string): string {
  return page.replace(/^```.*?^```$/gms, '');
}

/** Blocks of code in a language. */
export function blocksOf(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, named, code = '']) =>
    named === language ? [code] : [],
  );
}

/** Every row of every table, by the names of its columns. */
export function rowsOf(page: string): { [column: string]: string }[] {
  const rows: { [column: string]: string }[] = [];
  let columns: string[] = [];
  for (const line of proseOf(page).split('\n')) {
    if (!line.startsWith('|')) columns = [];
    else if (columns.length === 0) columns = cellsOf(line);
    else if (!/^[|\s:-]+$/.test(line)) {
      const cells = cellsOf(line);
      rows.push(Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ''])));
    }
  }
  return rows;
}

function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** What stands in code in a text: `` `a` and `b` `` has a and b. */
export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}
