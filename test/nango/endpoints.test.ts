import fc from 'fast-check';
import { findNangoFailure } from '../../src/contract/errors';
import { deleteConnection, getConnection } from '../../src/nango/connections';
import { NangoApi } from '../../src/nango/http/http';
import { proxy } from '../../src/nango/proxy';
import { replyJson, startRawServer } from '../support/raw-server';
import type { RawServer } from '../support/raw-server';

// The path sent is the path asked: whatever an endpoint looks like, what leaves stays below /proxy/, in every reading a
// server or a proxy on the way may have of it, and holds nothing that Nango replaces.

const SEED = 20_260_101;
const RUNS = 10_000;
const connection = { integration: 'hubspot', connectionId: 'c-1' };

let server: RawServer;
let api: NangoApi;

beforeAll(async () => {
  server = await startRawServer(() => replyJson(200, { ok: true }));
  api = new NangoApi({ baseUrl: server.baseUrl, secretKey: 'key' });
});
afterAll(async () => {
  await api.close();
  await server.close();
});

/** Sends a GET. @returns the request target that arrived; undefined if the endpoint was refused before any I/O */
async function send(endpoint: string): Promise<string | undefined> {
  const before = server.requests.length;
  try {
    await proxy(api, { connection, call: { method: 'GET', endpoint } }, { deadlineMs: 10_000 });
  } catch (error) {
    const type = findNangoFailure(error)?.type;
    if (type !== 'Nango.InvalidRequest')
      throw new Error(`failed otherwise: ${type ?? String(error)}`, { cause: error });
    if (server.requests.length !== before) throw new Error('was refused, yet reached the server', { cause: error });
    return undefined;
  }
  if (server.requests.length !== before + 1) throw new Error('did not arrive exactly once');
  const { line } = server.requests.at(-1) ?? { line: '' };
  const target = /^GET (\/proxy\/[!-~]*) HTTP\/1\.1$/.exec(line)?.[1];
  if (target === undefined) throw new Error(`arrived as ${line}`);
  return target;
}

// ---------------------------------------------------------------- what an endpoint may become

const PLAIN = /^[A-Za-z0-9\-._~!*'();:@&=+,/?[\]%]*$/;

/** The wire as it is specified: what a URL may hold stays, `$` and braces and the rest become escapes of their UTF-8. */
function wireBytes(endpoint: string): string {
  const escape = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return [...endpoint].map((c) => (PLAIN.test(c) ? c : [...Buffer.from(c, 'utf8')].map(escape).join(''))).join('');
}

/** Decodes every escape that it can, as a server that is not picky does. */
function decodeOnce(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return Buffer.from(run.replaceAll('%', ''), 'hex').toString('latin1');
    }
  });
}

/** Removes dot segments, also those with path parameters, as Java servers do. */
function collapse(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/').slice(1)) {
    const [name] = segment.split(';', 1);
    if (name === '..') kept.pop();
    else if (name !== '.') kept.push(segment);
  }
  return `/${kept.join('/')}`;
}

/** All paths that somebody on the way may take the target for. */
function readingsOf(target: string): string[] {
  const readings: string[] = [];
  let [path = ''] = target.split('?', 1);
  for (let decodings = 0; decodings <= 5; decodings++) {
    for (const spelled of [path, path.replaceAll('\\', '/')]) {
      readings.push(spelled, collapse(spelled), new URL(`http://nango.invalid${spelled}`).pathname);
    }
    path = decodeOnce(path);
  }
  return readings;
}

// ---------------------------------------------------------------- endpoints

const oneOf = (...texts: string[]) => fc.constantFrom(...texts);
const word = fc.stringMatching(/^[\w~-]{1,12}$/);
const segment = fc.oneof(
  { weight: 6, arbitrary: word },
  oneOf('crm', 'v3', 'a.b', '..c', 'd..', '...', 'me@example.com', "O'Brien", '(1)', 'x;y=1', 'a:b', '%C3%BC', 'a%2Fb'),
  oneOf('ü', '日本', '🦊', 'with space', '{id}', '$value', 'https%3A%2F%2Fexample.com%2F', '100%25', '%7Bid%7D'),
);
const parameter = fc
  .tuple(word, fc.oneof({ weight: 3, arbitrary: word }, oneOf('../..', 'a//b', 'https://x.example//y', 'a eq {b}', '')))
  .map(([name, value]) => `${name}=${value}`);
const query = fc.array(parameter, { maxLength: 3 }).map((all) => (all.length === 0 ? '' : `?${all.join('&')}`));
const ordinary = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 5 }), query)
  .map(([segments, given]) => `/${segments.join('/')}${given}`);

const dot = oneOf('.', '.', '.', '%2e', '%2E', '%252e', '%25252E', '%2525252525252e', '%c0%ae', '%25c0%25ae', '．');
const noise = fc.oneof({ weight: 6, arbitrary: fc.constant('') }, oneOf('\t', '\n', '\r', '%09', '%0a', ' ', '\u0000'));
const slash = oneOf('/', '/', '/', '\\', '%2f', '%2F', '%252F', '%5c', '%5C', '%255c', '//', ';/', '／');
const after = fc.oneof(
  { weight: 1, arbitrary: fc.constant('') },
  oneOf(';', ';x=1', '%3b', '%3Bx', '%3f', '%3Fx', '%253f', '%23', '%23x', '%20', '%2520', ' ', '?x', '#x'),
);
const pair = fc.tuple(dot, noise, fc.option(dot, { nil: '' }), noise).map((parts) => parts.join(''));
/** One or two dots in some spelling, and what follows them. */
const dots = fc
  .tuple(slash, fc.oneof(oneOf('..', '.', '%2e%2e', '.%2E', '%252e.'), pair), after, fc.option(slash, { nil: '' }))
  .map((parts) => parts.join(''));
const token = oneOf(
  ...['${apiKey}', '${credentials.apiKey}', '${', '{', '}', '$%7BapiKey}', '%24%7BapiKey%7D', '${connectionConfig.x}'],
  ...['#', '%23', '//', '%2f%2f', '\\', '%5c', '%', '%2', '%zz', '%ff', '%c3', '%c0%ae%c0%ae', '\t', '\n', '%00', '?'],
  ...['\ud800', '\udc00', 'é', '\u0085', '\u2028', 'http://evil.example/', 'file:///etc/passwd', '..;', '%2e%2e;', '@'],
);
/** The spellings that were seen to leave /proxy/ or to be replaced by a credential. */
const seen = oneOf(
  ...['/a/../../connections/c-1', '/%2e%2e/connections/c-1', '/%2E./.%2e/connections/c-1', '/..\\..\\connections/c-1'],
  ...['/.\t./.\n./connections/c-1', '/../counts', '/%2e%2e/counts', '/x/../y', '/x/%2e%2e/y', '/echo?q=${apiKey}'],
  ...['/echo?q=${credentials.apiKey}', '/echo/${apiKey}', '/echo?q=%24%7BapiKey%7D', 'https://evil.example/x', '..'],
);
/** Puts something into an endpoint, at any place. */
const inserted = (base: fc.Arbitrary<string>, added: fc.Arbitrary<string>) =>
  fc.tuple(base, added, fc.nat()).map(([text, extra, at]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + extra + text.slice(place);
  });
/** Percent-encodes some of the characters, once or twice. */
const escaped = (base: fc.Arbitrary<string>) =>
  fc.tuple(base, fc.infiniteStream(fc.nat(9))).map(([text, dice]) =>
    [...text]
      .map((c, i) => {
        const thrown = dice.next().value as number;
        if (i === 0 || thrown < 7 || c.charCodeAt(0) > 0x7e) return c;
        const escape = `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`;
        return thrown === 9 ? escape.replace('%', '%25') : escape;
      })
      .join(''),
  );
const endpoints = fc.oneof(
  { weight: 10, arbitrary: ordinary },
  { weight: 4, arbitrary: inserted(ordinary, token) },
  { weight: 4, arbitrary: inserted(ordinary, dots) },
  { weight: 3, arbitrary: fc.tuple(ordinary, dots, query).map((parts) => parts.join('')) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.array(dots, { minLength: 1, maxLength: 3 }), ordinary)
      .map(([up, tail]) => up.join('') + tail),
  },
  { weight: 2, arbitrary: fc.tuple(dots, query).map((parts) => parts.join('')) },
  { weight: 2, arbitrary: seen },
  { weight: 3, arbitrary: inserted(inserted(seen, token), dots) },
  { weight: 3, arbitrary: escaped(fc.oneof(ordinary, seen, inserted(ordinary, dots))) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `/${text}`) },
);

test('an endpoint arrives below /proxy/ exactly as it was written, or does not leave at all', async () => {
  let tried = 0;
  let accepted = 0;
  let plain = 0;
  const property = fc.asyncProperty(endpoints, async (endpoint) => {
    tried++;
    const target = await send(endpoint);
    if (target === undefined) return;
    accepted++;
    if (target !== `/proxy${wireBytes(endpoint)}`) throw new Error(`arrived as ${target}`);
    if (PLAIN.test(endpoint)) {
      plain++;
      if (target !== `/proxy${endpoint}`) throw new Error(`needs no encoding, yet arrived as ${target}`);
    }
    if (/[${}]/.test(target)) throw new Error(`Nango would replace something in ${target}`);
    const outside = readingsOf(target).find((reading) => !reading.startsWith('/proxy/'));
    if (outside !== undefined) throw new Error(`may be read as ${outside}`);
  });

  await fc.assert(property, { seed: SEED, numRuns: RUNS });
  console.log(
    `endpoints: ${tried} tried, ${accepted} accepted (${plain} of them byte for byte), ${tried - accepted} refused`,
  );
  expect(tried).toBeGreaterThanOrEqual(2_000);
  expect(accepted / tried).toBeGreaterThanOrEqual(0.3);
});

test.each([
  '/a/../../connections/c-1',
  '/%2e%2e/connections/c-1',
  '/%2E./.%2e/connections/c-1',
  '/..\\..\\connections/c-1',
  '/.\t./.\n./connections/c-1',
  '/../counts',
])('%j, which was seen to leave /proxy/, does not leave this process', async (endpoint) => {
  expect(await send(endpoint)).toBeUndefined();
});

test.each([
  ['/echo?q=${apiKey}', '/proxy/echo?q=%24%7BapiKey%7D'],
  ['/echo?q=${credentials.apiKey}', '/proxy/echo?q=%24%7Bcredentials.apiKey%7D'],
  ['/echo/${apiKey}', '/proxy/echo/%24%7BapiKey%7D'],
])('%j, which was seen to be replaced by a credential, arrives as %j', async (endpoint, target) => {
  expect(await send(endpoint)).toBe(target);
});

describe.each([
  ['reading', getConnection],
  ['deleting', deleteConnection],
])('%s a connection', (_, act) => {
  test.each(['.', '..'])('whose id is %j, which no encoding makes safe, is refused', async (connectionId) => {
    const before = server.requests.length;
    const failure = await act(api, { integration: 'hubspot', connectionId }, { deadlineMs: 10_000 }).catch(
      (error: unknown) => error,
    );
    expect(server.requests.slice(before).map(({ line }) => line)).toEqual([]);
    expect(findNangoFailure(failure)?.type).toBe('Nango.InvalidRequest');
  });
});
