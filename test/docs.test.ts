import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { version } from '../package.json';
import { REQUEST_STATUSES } from '../src/contract/schemas/requests';
import { deploymentViewSchema } from '../src/contract/schemas/deployments';
import * as workerWorkflows from '../src/worker-workflows';
import { OWN_REFUSALS } from '../src/nango/verdict/own-refusals';
import { wrongDefaults } from './docs/constants';
import { brokenLinks, missingFiles } from './docs/links';
import {
  differingReasons,
  differingTypes,
  differingWireNames,
  notInstalled,
  unknownScripts,
  unknownTypes,
} from './docs/names';
import { codeIn, readPages, ROOT, rowsOf } from './docs/pages';
import { filesShown, differingFiles, modulesOf } from './docs/code-blocks';
import { arrowsOfHealth } from './docs/health-transitions';
import { arrowsOfQuestions, camelCased } from './docs/question-transitions';
import { RUN_BY } from './docs/run-by';
import { arrowsOfSetUps } from './docs/set-up-transitions';
import { arrowsDrawn, arrowsOfCode, statesDrawn } from './docs/transitions';

// What the pages say that the code knows better. Each check is shown to find what it looks for, in a broken variant.

const pages = readPages();
const every = [...pages];
const page = (name: string): string => pages.get(name) ?? '';

const ERRORS = 'docs/errors.md';
const CONTRIBUTING = 'CONTRIBUTING.md';
/** Runs the files of `examples/docs`. */
const EXAMPLES = 'test/docs-examples.test.ts';
const REQUEST = 'docs/workflows/connection-request.md';
const HEALTH = 'docs/workflows/integration-health.md';
const HEALING = 'docs/healing.md';
const QUESTIONS = 'docs/questions.md';
const SET_UP = 'docs/set-up.md';
const FUNCTIONS = 'docs/functions.md';
const WORKFLOWS = [
  REQUEST,
  'docs/workflows/ensure-connection.md',
  'docs/workflows/connection-watch.md',
  'docs/workflows/connection-holds.md',
  HEALTH,
  'docs/limits.md',
  'docs/bulk.md',
  SET_UP,
  FUNCTIONS,
];
/** Their diagrams are of something else than a request's status. */
const OTHER_STATES = [FUNCTIONS, HEALING, QUESTIONS, SET_UP];

/** A page with one thing changed, which must be in it. */
function changed(name: string, from: string, to: string): string {
  expect(page(name)).toContain(from);
  return page(name).replaceAll(from, to);
}

/** All pages, one of them changed. */
function withChanged(name: string, from: string, to: string): Map<string, string> {
  return new Map(pages).set(name, changed(name, from, to));
}

describe('errors', () => {
  test('every type has a row, and every row is of a type', () => {
    expect(differingTypes(page(ERRORS))).toEqual([]);
    expect(differingTypes(changed(ERRORS, '| `Nango.PlanLimit` ', '| `Nango.PlanLimits` '))).toEqual([
      'Nango.PlanLimit has not one row',
      'Nango.PlanLimits does not exist',
    ]);
  });

  test('every reason has a row, and every row is of a reason', () => {
    expect(differingReasons(page(ERRORS))).toEqual([]);
    expect(differingReasons(changed(ERRORS, '| `other_question` ', '| `another_question` '))).toEqual([
      'other_question has no row',
      'another_question does not exist',
    ]);
  });

  test('what lets a write be sent again is the list of the code', () => {
    const refusals = (text: string) => rowsOf(text).flatMap((row) => row['the answer to the write itself'] ?? []);
    const own = (text: string) =>
      refusals(text)
        .filter((refusal) => /^`\d+`, code /.test(refusal))
        .map((refusal) => codeIn(refusal).join());
    const expected = OWN_REFUSALS.map(({ status, code, fields, message }) =>
      [status, code, message ?? fields.split(',').slice(1)].join(),
    );
    expect(own(page('docs/calls.md'))).toEqual(expected);
    expect(own(changed('docs/calls.md', '`429`, code `too_many_request`', '`429`, code `too_many`'))).not.toEqual(
      expected,
    );
  });

  test('no page names a type that does not exist', () => {
    expect(every.flatMap(([name, text]) => unknownTypes(text).map((type) => `${name}: ${type}`))).toEqual([]);
    expect(unknownTypes('fails as `Nango.Forbiden`, not as `Nango.Forbidden`')).toEqual(['Nango.Forbiden']);
  });
});

test('decisions are numbered one by one', () => {
  const numbers = [...page('docs/decisions.md').matchAll(/^## (\d{4}) \S/gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  expect(page('docs/decisions.md').match(/^## /gm)).toHaveLength(numbers.length);
});

describe('links', () => {
  test('lead to a file, and to a heading of it', () => {
    expect(brokenLinks(pages)).toEqual([]);
    expect(brokenLinks(withChanged(ERRORS, '](calls.md#budgets)', '](call.md#budgets)'))).toEqual([
      'docs/errors.md: call.md#budgets',
    ]);
    expect(brokenLinks(withChanged(ERRORS, '](calls.md#budgets)', '](calls.md#budget)'))).toEqual([
      'docs/errors.md: calls.md#budget',
    ]);
    expect(
      brokenLinks(withChanged('docs/web.md', 'src="images/connect-asked.png"', 'src="connect-asked.png"')),
    ).toEqual(['docs/web.md: connect-asked.png']);
  });

  test('files that are named exist', () => {
    expect(missingFiles(pages)).toEqual([]);
    const broken = withChanged(CONTRIBUTING, '`src/nango/verdict/classify.ts`', '`src/nango/verdict/classifier.ts`');
    expect(missingFiles(broken)).toEqual(['CONTRIBUTING.md: src/nango/verdict/classifier.ts']);
  });
});

describe('state diagrams', () => {
  test('name statuses of a request, and that of the request all of them', () => {
    const strange = (text: string) =>
      statesDrawn(text).filter((state) => !(REQUEST_STATUSES as readonly string[]).includes(state));
    expect(every.flatMap(([name, text]) => (OTHER_STATES.includes(name) ? [] : strange(text)))).toEqual([]);
    expect(strange(changed(REQUEST, 'waiting --> declined', 'waiting --> refused'))).toEqual(['refused']);
    expect(statesDrawn(page(REQUEST)).sort()).toEqual([...REQUEST_STATUSES].sort());
  });

  test('that of the request has the arrows of its state machine, and no others', () => {
    const between = (text: string) =>
      arrowsDrawn(text)
        .filter((arrow) => !arrow.includes('[*]'))
        .sort();
    expect(between(page(REQUEST))).toEqual(arrowsOfCode());
    expect(between(changed(REQUEST, 'checking --> timedOut', 'declined --> waiting'))).not.toEqual(arrowsOfCode());
  });

  test('that of a connection has the arrows of the health of its integration, and no others', () => {
    const between = (text: string) =>
      arrowsDrawn(text)
        .filter((arrow) => !arrow.includes('[*]'))
        .sort();
    const expected = arrowsOfHealth();
    expect(between(page(HEALING))).toEqual(expected);
    expect(between(changed(HEALING, 'suspect --> trying', 'dead --> trying'))).not.toEqual(expected);
  });

  test('that of the questions has the arrows of the state machine of a request, and no others', () => {
    const expected = arrowsOfQuestions();
    expect(arrowsDrawn(page(QUESTIONS)).sort()).toEqual(expected);
    expect(arrowsDrawn(changed(QUESTIONS, 'account --> reconnect', 'account --> connect')).sort()).not.toEqual(
      expected,
    );
    const kinds = rowsOf(page(QUESTIONS)).flatMap(({ kind }) => (kind === undefined ? [] : codeIn(kind)));
    const drawn = [...statesDrawn(page(QUESTIONS)), 'setUpIntegration'].filter((state) => state !== 'account');
    expect(kinds.map(camelCased).sort()).toEqual(drawn.sort());
  });

  test('that of a set-up has the arrows of its state machine, and no others', () => {
    const expected = arrowsOfSetUps();
    expect(arrowsDrawn(page(SET_UP)).sort()).toEqual(expected);
    expect(arrowsDrawn(changed(SET_UP, 'waiting --> ready', 'declined --> ready')).sort()).not.toEqual(expected);
  });

  test('that of a deployment has all of its statuses, and no others', () => {
    const statuses = deploymentViewSchema.shape.status.options;
    expect(statesDrawn(page(FUNCTIONS)).sort()).toEqual([...statuses].sort());
    expect(statesDrawn(changed(FUNCTIONS, 'compiling', 'building')).sort()).not.toEqual([...statuses].sort());
  });

  test('a request begins where its diagram does, and ends in every status that is no longer open', () => {
    const edges = arrowsDrawn(page(REQUEST)).filter((arrow) => arrow.includes('[*]'));
    const open = ['checking', 'waiting'];
    const ends = REQUEST_STATUSES.filter((status) => !open.includes(status)).map((status) => `${status} --> [*]`);
    expect(edges.sort()).toEqual(['[*] --> checking', ...ends].sort());
  });
});

describe('examples', () => {
  test('every page has a row that says which test runs what it shows, and the test is there', () => {
    expect(Object.keys(RUN_BY).sort()).toEqual([...pages.keys()].sort());
    const tests = Object.values(RUN_BY).filter((row) => typeof row !== 'string');
    expect(tests.flat().filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  test('a page that shows TypeScript has a test that runs some of it', () => {
    const shown = every.filter(([, text]) => modulesOf(text).length > 0).map(([name]) => name);
    const tests = (name: string) => [RUN_BY[name] ?? []].flat().filter((file) => file.endsWith('.ts'));
    const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
    // It runs the files that the page shows, or takes its blocks from the page itself.
    const runsIt = (name: string) => (file: string) =>
      file === EXAMPLES ? filesShown(page(name)).length > 0 : /blocksOf\([^)]*'ts'|modulesOf\(|```ts/.test(read(file));
    expect(shown.filter((name) => !tests(name).some(runsIt(name)))).toEqual([]);
    expect(shown.length).toBeGreaterThan(10);
  });

  test('what runs is what the page shows: the file, to the letter', () => {
    const run = every.filter(([name]) => RUN_BY[name]?.includes(EXAMPLES) ?? false);
    expect(run.filter(([, text]) => filesShown(text).length === 0).map(([name]) => name)).toEqual([]);
    expect(every.flatMap(([, text]) => differingFiles(text))).toEqual([]);
    expect(differingFiles(changed(HEALING, 'heal: true });\n', 'heal: false });\n'))).toEqual([
      'examples/docs/healing.ts',
    ]);
    const files = every.flatMap(([, text]) => filesShown(text).map(({ file }) => file));
    const test = readFileSync(path.join(ROOT, EXAMPLES), 'utf8');
    const workflows = readFileSync(path.join(ROOT, 'examples/docs/workflows.ts'), 'utf8');
    const name = (file: string) => path.basename(file, '.ts');
    const isRun = (file: string) => test.includes(`/${name(file)}'`) || workflows.includes(`./${name(file)}'`);
    expect(files.filter((file) => !isRun(file))).toEqual([]);
    const there = readdirSync(path.join(ROOT, 'examples/docs')).map((file) => `examples/docs/${file}`);
    expect(there.filter((file) => ![...files, 'examples/docs/workflows.ts'].includes(file))).toEqual([]);
  });
});

test('defaults are those of the code', () => {
  expect(every.flatMap(([name, text]) => wrongDefaults(text).map((wrong) => `${name}: ${wrong}`))).toEqual([]);
  expect(wrongDefaults(changed(REQUEST, '| 1 day, 3 days ', '| 1 day, 4 days '))).toEqual([
    'REMIND_AFTER_MS: the page says 1 day, 4 days, the code 86400000,259200000',
  ]);
  expect(wrongDefaults(changed(REQUEST, '`LATE`', '`TOO_LATE`'))).toEqual(['TOO_LATE: the page says 1 day, the code ']);
});

test.each(WORKFLOWS)('%s has a table of defaults', (name) => {
  expect(rowsOf(page(name)).filter(({ constant }) => constant !== undefined).length).toBeGreaterThan(3);
});

test('names on the wire are those of the code, and all of them are told', () => {
  const texts = WORKFLOWS.map(page);
  expect(differingWireNames(texts)).toEqual([]);
  expect(differingWireNames(texts.map((text) => text.replaceAll('nango.watchLink', 'nango.watch')))).toEqual([
    'nango.watch does not exist',
    'nango.watch does not exist',
    'nango.watchLink is on no page',
  ]);
});

test('scripts that one is told to run exist', () => {
  expect(every.flatMap(([, text]) => unknownScripts(text))).toEqual([]);
  expect(unknownScripts(changed(CONTRIBUTING, 'npm run demo ', 'npm run demonstration '))).toEqual(['demonstration']);
});

test('the README names each workflow that a bundle of one’s own takes over', () => {
  const row = page('README.md')
    .split('\n')
    .find((line) => line.startsWith('| `temporal-nango/worker-workflows`'));
  expect(Object.keys(workerWorkflows).filter((name) => !row?.includes(`\`${name}\``))).toEqual([]);
});

test('one is told to install every peer of the package, and the file that packing makes', () => {
  expect(notInstalled(page('README.md'))).toEqual([]);
  expect(notInstalled(changed('README.md', ' @temporalio/plugin@1 ', ' '))).toEqual(['@temporalio/plugin']);
  expect(notInstalled(changed('README.md', `temporal-nango-${version}.tgz`, 'temporal-nango-0.0.0.tgz'))).toEqual([
    `temporal-nango-${version}.tgz`,
  ]);
});
