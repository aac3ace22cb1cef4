import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** CONTRIBUTING lists the terms, where each is, and the words it took the place of. */

const ROOT = join(__dirname, '..');
const SRC = join(ROOT, 'src');
/** What travels, and stays in histories: here a literal is as much of a name as an identifier. */
const WIRE = /^(contract|workflows)\//;
const ENDINGS = ['', 's', 'ed', 'ing', 'ings'];

const rows = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')
  .split('## Terms')[1]!
  .split('\n## ')[0]!
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, term = '']) => term !== 'term' && !/^-+$/.test(term));
const retired = rows.flatMap(([, , , , not = '']) => not.split(/,\s*/).filter(Boolean));

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));

test('a retired word is no part of a name', () => {
  expect(retired.length).toBeGreaterThan(10);
  const used = files.flatMap((file) =>
    [...namesIn(file, readFileSync(join(SRC, file), 'utf8'))].filter(isRetired).map((name) => `${file}: ${name}`),
  );
  expect(used).toEqual([]);
});

test.each([
  ['askedScopes', true],
  ['EARLIER_LOOKS', true],
  ['standingOf', true],
  ['nango.answer', true],
  ['asText', false],
  ['lookUpHinted', false],
  ['outstanding', false],
  ['HEARTBEAT_MS', false],
])('%s has a retired word: %s', (name, expected) => {
  expect(isRetired(name)).toBe(expected);
});

test('a name in code is seen, and so is a literal of what travels; a comment and a text are not', () => {
  const code = "/** ask */ const a = { look: 'told', b: 'I ask' }; type T = { answer: 'x' };";
  expect([...namesIn('contract/a.ts', code)].filter(isRetired)).toEqual(['look', 'told', 'answer']);
  expect([...namesIn('web/a.ts', code)].filter(isRetired)).toEqual(['look', 'answer']);
});

test('every place that the terms name is there', () => {
  const places = rows.flatMap(([, , , where = '']) => [...where.matchAll(/`([^`]+)`/g)].map(([, path]) => path!));
  expect(places.length).toBeGreaterThan(15);
  expect(places.filter((path) => !existsSync(join(SRC, path)))).toEqual([]);
});

function isRetired(name: string): boolean {
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .map((part) => part.toLowerCase());
  return parts.some(
    (part, i) => retired.some((word) => ENDINGS.some((end) => part === word + end)) && parts[i + 1] !== 'up',
  );
}

/** Names of the file, and of what it declares or uses. */
function namesIn(file: string, code: string): Set<string> {
  const names = new Set([file.replace(/\.tsx?$/, '')]);
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) names.add(node.text);
    if (WIRE.test(file) && ts.isStringLiteral(node) && !/\s/.test(node.text)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true, kind));
  return names;
}
