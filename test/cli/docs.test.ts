import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { findPage } from '../../src/cli/docs/find-page';
import { FakeNango } from '../../src/testing/fake-nango';
import { Program } from './program';
import { docsShape, errorShape } from './shapes';

// A site of documentation on loopback, and a Nango for which integration keys stand.

let site: Server;
let nango: FakeNango;
let url: string;
const cli = new Program();

/** What the site answers, by path. */
const PAGES: { [path: string]: { type?: string; text: string } } = {
  '/llms.txt': {
    text: [
      '# Docs',
      '- [HubSpot](/docs/api-integrations/hubspot.md): An API',
      '- [Register an app](/docs/api-integrations/hubspot/register.md)',
      '- [About hubspot](/docs/guides/hubspot.md)',
      '- [Big](/docs/api-integrations/big.md)',
      '- [Page](/docs/api-integrations/page.md)',
      '- [Odd](javascript:alert(1))',
    ].join('\n'),
  },
  '/docs/api-integrations/hubspot.md': { text: '# HubSpot\n\u001b[31mSee the reference.\n' },
  '/docs/api-integrations/big.md': { text: 'x'.repeat(5 * 1024 * 1024) },
  '/docs/api-integrations/page.md': { type: 'text/html', text: '<p>For a browser.</p>' },
};

beforeAll(async () => {
  site = createServer(({ url: path = '' }, response) => {
    const page = PAGES[path];
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': page?.type ?? 'text/plain' });
    response.end(page?.text);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  nango = await FakeNango.start();
  nango.addProvider({ name: 'private-crm', docs: 'https://crm.example.com/docs', authMode: 'API_KEY' });
  nango.addIntegration({ key: 'our-hubspot', provider: 'hubspot' });
  nango.addIntegration({ key: 'our-crm', provider: 'private-crm' });
});

afterAll(async () => {
  await cli.close();
  await nango.close();
  site.close();
  site.closeAllConnections();
});

const withKey = () => ({ NANGO_SERVER_URL: nango.url, NANGO_TOOLBOX_SECRET_KEY: nango.secretKey });

async function docs(name: string, env: Record<string, string> = {}, index = `${url}/llms.txt`) {
  const { code, value } = await cli.json(['docs', name], { env: { TEMPORAL_NANGO_DOCS_INDEX: index, ...env } });
  return { code, value };
}

test('by the name of a provider, without a key: the page, and its address', async () => {
  const { code, value } = await docs('hubspot');
  expect(code).toBe(0);
  expect(docsShape.parse(value)).toEqual({
    provider: 'hubspot',
    url: `${url}/docs/api-integrations/hubspot`,
    text: PAGES['/docs/api-integrations/hubspot.md']?.text,
    indexRead: true,
  });
});

test('as text it cannot colour the terminal', async () => {
  const { code, stdout } = await cli.run(['docs', 'hubspot', '--index', `${url}/llms.txt`]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '# HubSpot\n [31mSee the reference.\n' });
});

test('by the key of an integration', async () => {
  expect((await docs('our-hubspot', withKey())).value).toMatchObject({ provider: 'hubspot' });
});

test("of one that the index lacks: the address in the provider's own field", async () => {
  const { code, value } = await docs('our-crm', withKey());
  expect(code).toBe(0);
  expect(docsShape.parse(value)).toEqual({
    provider: 'private-crm',
    url: 'https://crm.example.com/docs',
    text: null,
    indexRead: true,
  });
});

test('offline it says that the index could not be read, and gives the address that Nango has', async () => {
  const gone = 'http://127.0.0.1:1/llms.txt';
  expect((await docs('our-crm', withKey(), gone)).value).toMatchObject({ provider: 'private-crm', indexRead: false });
  const { code, stdout, stderr } = await cli.run(['docs', 'our-crm', '--index', gone], { env: withKey() });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'https://crm.example.com/docs\n' });
  expect(stderr).toContain('The index of the documentation could not be read');
});

test.each(['big', 'page'])('a page that is too large, or for a browser, is given by its address: %s', async (name) => {
  expect((await docs(name)).value).toEqual({
    provider: name,
    url: `${url}/docs/api-integrations/${name}`,
    text: null,
    indexRead: true,
  });
});

test.each([
  ['a name that nobody knows', 'nobody', undefined, 1, 'Cli.NotFound'],
  ['an index that cannot be read', 'hubspot', 'http://127.0.0.1:1/llms.txt', 3, 'Cli.Unreachable'],
  ['an index that is no web address', 'hubspot', 'file:///etc/passwd', 2, 'Cli.Usage'],
])('%s', async (_, name, index, code, type) => {
  const said = await docs(name, {}, index);
  expect({ exitCode: said.code, ...errorShape.parse(said.value).error }).toMatchObject({ exitCode: code, type });
});

test.each([
  [['hubspot'], '/docs/api-integrations/hubspot.md'],
  [['HubSpot'], '/docs/api-integrations/hubspot.md'],
  [['hubspot-crm', 'HubSpot'], '/docs/api-integrations/hubspot.md'],
  [['register'], '/docs/api-integrations/hubspot/register.md'],
  [['hub'], undefined],
  [['odd'], undefined],
])('the page of %j is %s', (names, path) => {
  const found = findPage(PAGES['/llms.txt']?.text ?? '', 'https://docs.example.com/llms.txt', names);
  expect(found?.url).toBe(path === undefined ? undefined : `https://docs.example.com${path}`);
});
