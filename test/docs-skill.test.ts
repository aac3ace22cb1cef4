import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sentences from './fixtures/skill.json';
import { codeIn, ROOT, rowsOf } from './docs/pages';

// docs/skill.md has a row for every sentence of Nango's skill for agents, and what a row names is there.

const page = readFileSync(path.join(ROOT, 'docs/skill.md'), 'utf8');

interface Row {
  row: number;
  rule: string;
  files: string[];
  tests: { file: string; title?: string }[];
  ours: string;
}

function rows(text: string): Row[] {
  return rowsOf(text).map((cells) => ({
    row: Number(cells.row),
    rule: cells['what it asks'] ?? '',
    files: codeIn(cells['where it lives'] ?? ''),
    tests: [...(cells['held by'] ?? '').matchAll(/`([^`]+)`(?: “([^”]+)”)?/g)].map(([, file = '', title]) => ({
      file,
      title,
    })),
    ours: cells['what is better here, or why not'] ?? '',
  }));
}

/** Files and tests that rows name and that are not there. */
function missing(text: string): string[] {
  return rows(text).flatMap(({ row, files, tests }) => [
    ...[...files, ...tests.map(({ file }) => file)]
      .filter((file) => !existsSync(path.join(ROOT, file)))
      .map((file) => `row ${row}: ${file}`),
    ...tests
      .filter(({ file, title }) => title !== undefined && existsSync(path.join(ROOT, file)) && !hasTest(file, title))
      .map(({ title }) => `row ${row}: ${title}`),
  ]);
}

function hasTest(file: string, title: string): boolean {
  const code = readFileSync(path.join(ROOT, file), 'utf8');
  // The title of a test that runs, or a row of its table: a text in the code, not in a comment.
  return code
    .split('\n')
    .some(
      (line) =>
        !/^\s*(\/\/|\*)|\b(test|describe|it)\.(skip|todo)/.test(line) &&
        quoted(line).some((text) => text.includes(title)),
    );
}

/** The texts between quotes in a line of code. */
function quoted(line: string): string[] {
  return [...line.matchAll(/(['"`])((?:\\.|(?!\1).)*)\1/g)].map(([, , text = '']) => text.replaceAll('\\', ''));
}

/** Rows without a rule, and those that name neither file and test nor a reason why not. */
function incomplete(text: string): number[] {
  return rows(text)
    .filter(({ rule, files, tests, ours }) => rule === '' || (files.length === 0 ? ours === '' : tests.length === 0))
    .map(({ row }) => row);
}

test('every sentence of the skill has a row, and every row a sentence', () => {
  const numbers = rows(page).map(({ row }) => row);
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  expect([...new Set(sentences.map(({ row }) => row))]).toEqual(numbers);
  expect(sentences.map(({ row }) => row)).toEqual(sentences.map(({ row }) => row).sort((a, b) => a - b));
  expect(sentences.every(({ digest }) => /^[0-9a-f]{16}$/.test(digest))).toBe(true);
});

test('what a row names is there: files, and tests by their titles', () => {
  expect(missing(page)).toEqual([]);
  const broken = page.replace('`src/nango/proxy.ts`', '`src/nango/proxies.ts`').replace('“then from .env”', '“none”');
  expect(missing(broken)).toEqual(['row 2: src/nango/proxies.ts', 'row 7: none']);
});

test('a row names where it lives and what holds it, or says why it does not apply', () => {
  expect(incomplete(page)).toEqual([]);
  expect(incomplete(page.replace('`test/config.test.ts` “comes from the environment first”', ''))).toEqual([8]);
});
