import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT, readPages } from '../docs/pages';
import { runNode } from '../packaging/run';

// The site that `npm run docs` makes of the pages and the types.

/** Whoever connects anywhere fails. */
const OFFLINE = "import net from 'node:net'; net.Socket.prototype.connect = () => { throw new Error('offline'); };";
const TYPEDOC = path.join(ROOT, 'node_modules/typedoc/bin/typedoc');

let site: string;
let html: Map<string, string>;

beforeAll(async () => {
  site = mkdtempSync(path.join(tmpdir(), 'docs-site-'));
  const offline = ['--import', `data:text/javascript,${encodeURIComponent(OFFLINE)}`];
  const { code, output } = await runNode([...offline, TYPEDOC, '--out', site], ROOT, 600_000);
  // A link that leads nowhere and an export without docs are warnings, which fail.
  if (code !== 0) throw new Error(output);
  const files = readdirSync(site, { recursive: true, encoding: 'utf8' });
  html = new Map(files.filter((file) => file.endsWith('.html')).map((file) => [file, read(file)]));
});

afterAll(() => {
  rmSync(site, { recursive: true, force: true });
});

function read(file: string): string {
  return readFileSync(path.join(site, file), 'utf8');
}

/** What a page of the site refers to, as it stands in its attributes. */
function references(text: string): string[] {
  return [...text.matchAll(/\s(?:href|src)="([^"]+)"/g)].map(([, to = '']) => to.replaceAll('&amp;', '&'));
}

/** What can be linked to in each file of the site, as far as it was looked up; undefined if there is no such file. */
const anchors = new Map<string, Set<string> | undefined>();

function anchorsOf(file: string): Set<string> | undefined {
  if (!anchors.has(file)) {
    const isThere = statSync(path.join(site, file), { throwIfNoEntry: false })?.isFile() ?? false;
    const names = isThere ? [...read(file).matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, name = '']) => name) : [];
    anchors.set(file, isThere ? new Set(names) : undefined);
  }
  return anchors.get(file);
}

/** References of pages that lead to no file of the site, or to nothing of that name in it. */
function broken(pages: Map<string, string>): string[] {
  return [...pages].flatMap(([from, text]) =>
    references(text)
      .filter((to) => !/^[a-z]+:/.test(to) && !leads(from, to))
      .map((to) => `${from}: ${to}`),
  );
}

function leads(from: string, to: string): boolean {
  const [file = '', anchor = ''] = to.split('#').map(decodeURIComponent);
  const there = anchorsOf(file === '' ? from : path.posix.join(path.posix.dirname(from), file));
  return there !== undefined && (anchor === '' || there.has(anchor));
}

test('every link and picture leads to a file of it, and to what it names there', () => {
  expect(broken(html)).toEqual([]);
  const [name, text] = [...html].find(([file]) => file.endsWith('Questions.html'))!;
  expect(broken(new Map([[name, text.replace('Scopes.html#more-scopes', 'Scopes.html#most-scopes')]]))).toEqual([
    `${name}: Scopes.html#most-scopes`,
  ]);
});

test('it has every page, by its heading, and every entry point', () => {
  const titles = [...html.values()].map((text) => /<title>(.*?) \| temporal-nango<\/title>/.exec(text)?.[1]);
  const pages = [...readPages()].filter(([name]) => name !== 'README.md');
  const headings = pages.map(([, text]) => /^# (.*)$/m.exec(text)?.[1]?.replaceAll('`', '').replaceAll("'", '&#39;'));
  expect(headings.filter((heading) => !titles.includes(heading))).toEqual([]);
  expect(titles).toEqual(expect.arrayContaining(['index', 'workflow', 'worker-workflows', 'web', 'testing']));
});

test('a page loads nothing from anybody else', () => {
  const loaded = [...html.values()].flatMap((text) =>
    [...text.matchAll(/<(?:script|link|img|iframe)[^>]*?\s(?:href|src)="([^"]+)"/g)].map(([, from = '']) => from),
  );
  expect(loaded.filter((from) => /^(?:[a-z]+:)?\/\//.test(from))).toEqual([]);
  expect(loaded.length).toBeGreaterThan(html.size);
});
