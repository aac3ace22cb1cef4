import { readFile, rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import * as root from '../../src/index';
import * as testing from '../../src/testing';
import * as web from '../../src/web';
import * as workflow from '../../src/workflow';
import * as workflows from '../../src/worker-workflows';
import { modulesOf } from '../docs/code-blocks';
import { brokenLinks } from '../docs/links';
import { readPages } from '../docs/pages';
import { COMPILERS, Consumers, KINDS } from './consumers';
import { runNode } from './run';
import { packTarball, STALE } from './tarball';
import type { Tarball } from './tarball';

// The package as it would be published, and programs that have it installed. More compilers are in `test/long`.

let tarball: Tarball;
let consumers: Consumers;

beforeAll(async () => {
  tarball = await packTarball();
  consumers = await Consumers.install(tarball, COMPILERS['7.0']);
});

afterAll(async () => {
  await rm(dirname(tarball.file), { recursive: true, force: true });
  await consumers.remove();
});

/** What does not belong in a package: anything but the code, its source, the documents, the examples and the licence. */
function strangers(paths: string[]): string[] {
  const expected = [
    /^(LICENSE|README\.md|CONTRIBUTING\.md|package\.json)$/,
    /^docs\/[\w./-]+\.(md|json|py)$/,
    /^docs\/images\/[\w-]+\.(png|svg)$/,
    /^examples\/[\w./-]+\.(md|ts)$/,
    /^lib\/[\w./-]+\.(js|js\.map|d\.ts|d\.ts\.map)$/,
    /^src\/[\w./-]+\.tsx?$/,
    /^(lib|src)\/web\/assets\/(style\.css|inbox\.css|script\.js)$/,
  ];
  // One of the examples is a test.
  const suspect = /(^|\/)(\.|test\/|node_modules\/)|^(?!examples\/).*\.test\./;
  return paths.filter((path) => suspect.test(path) || !expected.some((pattern) => pattern.test(path)));
}

test('the tarball holds the code, its source, the documents, the examples and the licence, and nothing else', () => {
  expect(strangers(tarball.paths)).toEqual([]);
  const some = ['LICENSE', 'README.md', 'lib/worker.js', 'lib/index.d.ts', 'src/index.ts', 'docs/decisions.md'];
  expect(tarball.paths).toEqual(expect.arrayContaining(some));
  const strange = ['.env', 'lib/.env', 'src/.npmrc', 'test/client.test.ts', 'src/a.test.ts', 'key.pem', 'lib/key.pem'];
  expect(strangers(strange)).toEqual(strange);
});

test('every link and picture of a page in it leads to a file in it', () => {
  const packed = new Map([...readPages()].filter(([name]) => tarball.paths.includes(name)));
  expect([...packed.keys()].sort()).toEqual(tarball.paths.filter((path) => path.endsWith('.md')).sort());
  const isThere = (file: string) => tarball.paths.includes(file);
  expect(brokenLinks(packed, isThere)).toEqual([]);
  expect(brokenLinks(packed, (file) => isThere(file) && file !== 'examples/README.md')).toContain(
    'README.md: examples/README.md',
  );
});

test('it is built anew: nothing in it comes from a source that is gone', () => {
  expect(tarball.paths).not.toContain(STALE);
  const built = tarball.paths.filter((path) => path.startsWith('lib/') && path.endsWith('.js'));
  const sources = built.map((path) => path.replace(/^lib\//, 'src/').replace(/\.js$/, ''));
  expect(built).toContain('lib/index.js');
  const isThere = (source: string) => ['.ts', '.tsx', '.js'].some((end) => tarball.paths.includes(source + end));
  expect(sources.filter((source) => !isThere(source))).toEqual([]);
});

test('every map leads to a source in it: an editor goes from a type to its source', async () => {
  const maps = tarball.paths.filter((path) => path.endsWith('.map'));
  expect(maps).toEqual(expect.arrayContaining(['lib/index.js.map', 'lib/index.d.ts.map']));
  for (const map of maps) {
    const { sources } = JSON.parse(await readFile(join(tarball.folder, map), 'utf8')) as { sources: string[] };
    expect(tarball.paths).toEqual(expect.arrayContaining(sources.map((path) => posix.join(posix.dirname(map), path))));
  }
});

test('publint has nothing to say about it, not even a suggestion', async () => {
  const program = join(__dirname, '../../node_modules/publint/src/cli.js');
  const { code, output } = await runNode([program, tarball.file, '--strict'], dirname(tarball.file));
  expect(output).toContain('All good!');
  expect(code).toBe(0);
});

test('every entry point has the types of what it runs, for every way of resolving it', async () => {
  const program = join(__dirname, '../../node_modules/@arethetypeswrong/cli/dist/index.js');
  const { code, stdout } = await runNode([program, tarball.file, '--format', 'json'], dirname(tarball.file));
  const { analysis } = JSON.parse(stdout) as { analysis: { entrypoints: object; problems: unknown[] } };
  expect(Object.keys(analysis.entrypoints)).toEqual([
    '.',
    './workflow',
    './worker-workflows',
    './web',
    './testing',
    './package.json',
  ]);
  expect(analysis.problems).toEqual([]);
  expect(code).toBe(0);
});

describe.each(KINDS)('a program that is %s', (kind) => {
  test('gets from each entry point, by name, what it exports', async () => {
    const names = (module: object) => Object.keys(module).sort();
    expect(await consumers.run(kind, 'exports.js')).toEqual({
      'temporal-nango': names(root),
      'temporal-nango/workflow': names(workflow),
      'temporal-nango/worker-workflows': names(workflows),
      'temporal-nango/web': names(web),
      'temporal-nango/testing': names(testing),
    });
  });

  test('bundles workflows that use the package by name, without zod or HTTP', async () => {
    const packages = await consumers.run(kind, 'bundle.js');
    expect(packages).toEqual(expect.arrayContaining(['@temporalio/workflow', 'temporal-nango']));
    for (const absent of ['zod', 'undici', 'hono', 'pino']) expect(packages).not.toContain(absent);
  });

  test('type-checks with the README’s examples, and not with an import of what does not exist', async () => {
    expect(modulesOf(readPages().get('README.md') ?? '').join()).toMatch(
      /connectLink\(\)[^]*export async function onboard/,
    );
    const good = await consumers.typecheck(kind, '7.0', '--module nodenext');
    expect(good).toMatchObject({ code: 0, output: '' });
    await consumers.write(
      kind,
      'wrong.ts',
      "import 'temporal-nango';\nimport { nothing } from 'temporal-nango/workflow';\n",
    );
    const { code, output } = await consumers.typecheck(kind, '7.0', '--module nodenext');
    expect(code).not.toBe(0);
    expect(output).toMatch(/wrong\.ts.*TS2305/);
    await consumers.write(kind, 'wrong.ts', '');
  });
});

test('its command runs everything from an empty folder, pages and all, until Ctrl-C', async () => {
  const dev = await consumers.startCommand(['dev', '--json']);
  const { publicUrl, inboxUrl } = JSON.parse(await dev.line) as { publicUrl: string; inboxUrl: string };
  for (const asset of ['style.css', 'script.js'])
    expect((await fetch(`${publicUrl}/assets/${asset}`)).status).toBe(200);
  expect((await fetch(`${inboxUrl}/assets/inbox.css`)).status).toBe(200);
  expect((await fetch(`${publicUrl}/readyz`)).status).toBe(200);
  expect(await dev.interrupt()).toBe(0);
});
