import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { resolveConfig } from '../../src/config';
import type { NangoConfig } from '../../src/config';
import { IntegrationFaces } from '../../src/web/logos/integration-faces';
import { logoPath, signedLogoPath } from '../../src/web/logos/logo-path';
import { inboxLogoRoutes, publicLogoRoutes } from '../../src/web/logos/logo-routes';
import { eventually } from '../support/eventually';
import type { World } from '../support/world';
import { LINK_KEYS, openRequest, openWorld, pathOf, Visitor } from './public-stage';

// Logos that Nango names are fetched by the server, never by a browser; and nothing that a logo is, does or lacks is felt by
// the page.

const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9H0z"/></svg>');
const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(64)]);
const SECRET_KEY = '11111111-1111-4111-8111-111111111111';

type Logo = (request: IncomingMessage, response: ServerResponse) => void;

const picture =
  (type: string, bytes: Buffer | string, headers: Record<string, string> = {}): Logo =>
  (_, response) =>
    void response.writeHead(200, { 'content-type': type, ...headers }).end(bytes);

/** A Nango that knows every integration, and has whatever logo a test puts there. */
class LogoHost {
  readonly seen: IncomingMessage[] = [];
  /** what the address of a logo gives */
  logo: Logo = picture('image/svg+xml', SVG);
  /** the address that it names; default: its own */
  named?: string | null;

  private constructor(
    readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<LogoHost> {
    const server = createServer((request, response) => host.respond(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = new LogoHost(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return host;
  }

  config(over: Partial<NangoConfig> = {}): NangoConfig {
    const config = resolveConfig({ env: { NANGO_SERVER_URL: this.url, NANGO_SECRET_KEY: SECRET_KEY }, cwd: __dirname });
    return { ...config, linkKeys: LINK_KEYS, ...over };
  }

  faces(over: Partial<NangoConfig> = {}): IntegrationFaces {
    return new IntegrationFaces(this.config(over), logoPath);
  }

  count(path: string): number {
    return this.seen.filter(({ url }) => url?.startsWith(path)).length;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private respond(request: IncomingMessage, response: ServerResponse): void {
    this.seen.push(request);
    const key = /^\/integrations\/(.*)$/.exec(request.url ?? '')?.[1];
    if (key === undefined) return this.logo(request, response);
    if (key === 'unknown') return void response.writeHead(404).end('{"error":{"code":"not_found"}}');
    const logo = this.named === undefined ? `${this.url}/images/${key}.svg` : this.named;
    const body = JSON.stringify({ data: { unique_key: key, display_name: `The ${key}`, logo } });
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  }
}

let host: LogoHost;

beforeEach(async () => {
  host = await LogoHost.open();
});

afterEach(() => host.close());

test('one read of the integration gives name and logo, and the key goes to Nango only', async () => {
  const faces = host.faces();
  expect(await faces.of('crm')).toEqual({ name: 'The crm', logo: logoPath('crm') });
  expect(await faces.logo('crm')).toEqual({ type: 'image/svg+xml', bytes: SVG });
  expect(host.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ['/integrations/crm', `Bearer ${SECRET_KEY}`],
    ['/images/crm.svg', undefined],
  ]);
});

test.each([
  ['image/png', PNG],
  ['image/jpeg', Buffer.from('\xff\xd8\xff\xe0rest', 'latin1')],
  ['image/gif', Buffer.from('GIF89a rest')],
  ['image/webp', Buffer.from('RIFF\x01\x02\x03\x04WEBPVP8 ', 'latin1')],
  ['image/svg+xml; charset=utf-8', Buffer.from('\uFEFF<?xml version="1.0"?>\n<!-- drawn -->\n<!DOCTYPE svg>\n<svg/>')],
  ['IMAGE/SVG+XML', SVG],
  ['image/svg+xml', Buffer.from('<!DOCTYPE svg PUBLIC "a" "b" [\n<!ENTITY ns "http://ns.example/">\n]>\n<svg/>')],
])('%s is a logo', async (type, bytes) => {
  host.logo = picture(type, bytes);
  expect((await host.faces().logo('crm'))?.bytes).toEqual(bytes);
});

describe('no logo, and the name all the same:', () => {
  const chunks =
    (total: number): Logo =>
    (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).write(PNG);
      let sent = 0;
      const more = () => {
        while (sent < total && !response.destroyed) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };

  test.each<[string, Logo]>([
    ['5 MB', picture('image/png', Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024)]))],
    ['5 MB of unknown length', chunks(5 * 1024 * 1024)],
    ['a byte too much', picture('image/png', Buffer.concat([PNG, Buffer.alloc(256 * 1024 - PNG.length + 1)]))],
    ['a page', picture('text/html', '<!doctype html><svg></svg>')],
    ['a page that is called a picture', picture('image/svg+xml', '<!doctype html><html><svg></svg></html>')],
    ['a picture that is called a page', picture('text/html', SVG)],
    ['a PNG that is called a JPEG', picture('image/jpeg', PNG)],
    ['XML that is no picture', picture('image/svg+xml', '<?xml version="1.0"?><!-- <svg> --><rss/>')],
    ['a comment without an end', picture('image/svg+xml', `<!-- ${'<svg>'.repeat(10_000)}`)],
    ['nothing', picture('image/png', '')],
    ['packed bytes', picture('image/svg+xml', gzipSync(SVG), { 'content-encoding': 'gzip' })],
    ['404', (_, response) => void response.writeHead(404, { 'content-type': 'image/svg+xml' }).end(SVG)],
    ['500', (_, response) => void response.writeHead(500, { 'content-type': 'image/svg+xml' }).end(SVG)],
    ['a broken connection', (_, response) => void response.destroy()],
  ])('%s', async (_, logo) => {
    host.logo = logo;
    const faces = host.faces();
    expect(await faces.of('crm')).toEqual({ name: 'The crm' });
    expect(await faces.logo('crm')).toBeUndefined();
    expect(host.count('/images')).toBe(1);
  });

  test('a redirect, which is not followed', async () => {
    host.logo = ({ url }, response) => {
      if (url === '/moved') return picture('image/svg+xml', SVG)({} as IncomingMessage, response);
      response.writeHead(302, { location: '/moved' }).end();
    };
    expect(await host.faces().of('crm')).toEqual({ name: 'The crm' });
    expect(host.count('/moved')).toBe(0);
  });

  test('a host that hangs: the page does not wait for it, and it is given up', async () => {
    const ended: unknown[] = [];
    host.logo = (request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).write(PNG);
      request.on('close', () => ended.push(request.url));
    };
    const faces = host.faces();
    expect(await faces.of('crm')).toEqual({ name: 'The crm' });
    expect(ended).toEqual([]);
    await eventually(() => Promise.resolve(ended.length > 0 || undefined));
    expect(await faces.logo('crm')).toBeUndefined();
    expect(host.count('/images')).toBe(1);
  });

  test.each(['', null, 'no address', 'file:///etc/passwd', 'data:image/svg+xml,<svg/>', 'ftp://127.0.0.1/x.svg'])(
    'the address %s',
    async (named) => {
      host.named = named;
      expect(await host.faces().of('crm')).toEqual({ name: 'The crm' });
    },
  );

  test.each([
    'http://127.0.0.1:PORT/x.svg',
    'https://127.0.0.1:PORT/x.svg',
    'https://localhost:PORT/x.svg',
    'http://localhost:PORT/x.svg',
  ])('the address %s, at another host of the network that the server stands in', async (named) => {
    const sockets: unknown[] = [];
    const other = createServer().on('connection', (socket) => sockets.push(socket));
    other.listen(0);
    await once(other, 'listening');
    host.named = named.replace('PORT', String((other.address() as AddressInfo).port));
    expect(await host.faces().logo('crm')).toBeUndefined();
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
    expect(sockets).toEqual([]);
  });
});

test('what Nango names by the address that browsers use is fetched where the server reaches Nango', async () => {
  host.named = 'https://nango.example/api/images/crm.svg?v=2';
  const faces = host.faces({ publicBaseUrl: 'https://nango.example/api' });
  expect((await faces.of('crm')).logo).toBeDefined();
  expect(host.count('/images/crm.svg?v=2')).toBe(1);
});

test('a logo that comes later than a page waits is there for the next one', async () => {
  let send: () => void = () => undefined;
  host.logo = (request, response) => (send = () => picture('image/svg+xml', SVG)(request, response));
  const faces = host.faces();
  expect(await faces.of('crm')).toEqual({ name: 'The crm' });
  send();
  await eventually(async () => (await faces.of('crm')).logo);
  expect(host.count('/images')).toBe(1);
});

test('many at once cause one fetch, and an integration that there is not is asked for once', async () => {
  const faces = host.faces();
  await Promise.all(Array.from({ length: 50 }, () => faces.of('crm')));
  await Promise.all(Array.from({ length: 50 }, () => faces.logo('unknown')));
  expect(await faces.of('unknown')).toEqual({ name: 'unknown' });
  expect(host.seen.map(({ url }) => url)).toEqual(['/integrations/crm', '/images/crm.svg', '/integrations/unknown']);
});

test('what is kept is bounded: 8 MB of logos', async () => {
  host.logo = picture('image/png', Buffer.concat([PNG, Buffer.alloc(200 * 1024)]));
  const faces = host.faces();
  for (let i = 0; i < 45; i++) await faces.logo(`crm-${i}`);
  await faces.logo('crm-44');
  expect(host.count('/images/crm-44')).toBe(1);
  await faces.logo('crm-0');
  expect(host.count('/images/crm-0.')).toBe(2);
});

describe('the route', () => {
  const address = () => 'somebody';
  const publicRoutes = (config = host.config()) =>
    new Hono().route('/logos', publicLogoRoutes(host.faces(), config.linkKeys, address));

  test('gives what a page has shown, also in a process that has shown none', async () => {
    const path = `/${signedLogoPath('crm/ü.', LINK_KEYS)}`;
    const response = await publicRoutes().request(path);
    expect([response.status, await response.text()]).toEqual([200, SVG.toString()]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=600',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'",
      'content-disposition': 'inline',
    });
    const older = await publicRoutes().request(`/${signedLogoPath('crm', LINK_KEYS.slice(1))}`);
    expect(older.status).toBe(200);
  });

  test.each([
    ['an integration without a signature', logoPath('crm')],
    ['a signature of another', `${logoPath('crm')}.${signedLogoPath('notes', LINK_KEYS).split('.')[1]}`],
    ['another key', signedLogoPath('crm', ['another key, also long enough to be one'])],
    ['no key', signedLogoPath('crm', [])],
    ['a short signature', `${logoPath('crm')}.AAAA`],
    ['nothing of the kind', 'logos/%00'],
  ])('%s is not found, and nobody is asked', async (_, path) => {
    expect((await publicRoutes().request(`/${path}`)).status).toBe(404);
    expect((await publicRoutes(host.config({ linkKeys: [] })).request(`/${path}`)).status).toBe(404);
    expect(host.seen).toEqual([]);
  });

  test('is 404 where there is no logo', async () => {
    host.logo = picture('text/html', 'none');
    const path = `/${signedLogoPath('crm', LINK_KEYS)}`;
    expect((await publicRoutes().request(path)).status).toBe(404);
    expect((await publicRoutes().request(`/${signedLogoPath('unknown', LINK_KEYS)}`)).status).toBe(404);
  });

  test('has a limit by address', async () => {
    const web = publicRoutes();
    const path = `/${signedLogoPath('crm', LINK_KEYS)}`;
    const statuses = [];
    for (let i = 0; i < 121; i++) statuses.push((await web.request(path)).status);
    expect(statuses.slice(-2)).toEqual([200, 429]);
    expect(Number((await web.request(path)).headers.get('retry-after'))).toBeGreaterThan(0);
    expect(host.count('/images')).toBe(1);
  });

  test('of the inbox needs no signature, and only the browser keeps what it gives', async () => {
    const web = new Hono().route('/logos', inboxLogoRoutes(host.faces()));
    const response = await web.request(`/${logoPath('crm')}`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'private, max-age=600']);
  });
});

describe('the connect page', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });

  afterAll(() => world.close());

  test('shows the logo from our own address, and many pages cause one fetch', async () => {
    const path = pathOf((await openRequest(world)).ref);
    const before = world.nango.requests.length;
    const visitor = new Visitor(world);
    for (const page of [path, `${path}/decline`, path]) {
      const { html, headers } = await visitor.get(page);
      const [, source = ''] = /<img src="([^"]*)" alt=""/.exec(html) ?? [];
      const logo = await visitor.get(new URL(source, `http://host${page}`).pathname);
      expect([logo.status, logo.html]).toEqual([200, expect.stringMatching(/^<svg /)]);
      expect(logo.headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("img-src 'self';");
      expect(html).not.toContain(world.nango.url);
    }
    expect(world.nango.requests.slice(before).map((request) => request.path)).toEqual([
      '/integrations/hubspot',
      '/images/template-logos/hubspot.svg',
    ]);
  });

  test('shows the first letter of the name where there is no logo', async () => {
    const path = pathOf((await openRequest(world)).ref);
    const connectKey = world.nango.addKey({ scopes: ['environment:connect_sessions:write'] });
    const keyed = new Visitor(world, { config: { ...world.config, secretKey: undefined, connectKey } });
    const { html } = await keyed.get(path);
    expect(html).not.toContain('<img');
    expect(html).toContain('<span class="logo letter" aria-hidden="true">H</span>');
  });
});
