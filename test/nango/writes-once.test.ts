import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { detailsOf, findNangoFailure } from '../../src/contract/errors';
import { classify } from '../../src/nango/verdict/classify';
import { NangoApi } from '../../src/nango/http/http';
import { proxy } from '../../src/nango/proxy';
import type { HttpOutcome } from '../../src/nango/http/outcome';
import { FakeNango } from '../../src/testing/fake-nango';
import type { ProxiedResponse } from '../../src/testing/fake-nango';
import { jsonResponse, startRelay } from '../support/relay';
import type { Relay, RelayedResponse } from '../support/relay';
import { response, html, network } from './classify-rows';

// A provider that counts what it carries out, behind every first answer and every answer of the question asked after it.

const INTEGRATION = 'crm';
/** A sender that repeats whatever it may, without a pause. */
const MOST_ATTEMPTS = 10;
/** How many writes are on their way together. */
const LANES = 32;

const error = (status: number, body: object, headers = {}): RelayedResponse =>
  jsonResponse(status, { error: body }, headers);
const page = (status: number): RelayedResponse => ({
  ...jsonResponse(status, ''),
  headers: { 'content-type': 'text/html' },
});
const BACKING_OFF = 'A recent refresh attempt failed. Backing off before retrying.';
const NO_CREDENTIALS = "Failed to get connection credentials: 'It did not refresh.'";

/** Said by Nango in the provider's stead: nothing has reached it. */
const OF_NANGO: { [what: string]: RelayedResponse | 'reset' } = {
  'the limit': error(429, { code: 'too_many_request', method: 'POST', path: '/proxy/x' }),
  'the back-off': error(424, { code: 'connection_refresh_backoff', message: BACKING_OFF }),
  'a failed refresh': error(400, { code: 'server_error', message: NO_CREDENTIALS }),
  'an exhausted refresh': error(424, { code: 'server_error', message: NO_CREDENTIALS }),
  'no such connection': error(400, { code: 'server_error', message: 'Failed to get connection' }),
  'no such integration': error(404, { code: 'unknown_provider_config', message: 'x' }),
  'refused headers': error(400, { code: 'invalid_headers', errors: [] }),
  'an unknown key': error(401, { code: 'unknown_account', message: 'x', payload: {} }),
  'a missing scope': error(403, { code: 'forbidden', message: 'Insufficient scope. Required: environment:proxy' }),
  'the cap': error(402, { code: 'plan_limit' }),
  'an unreached provider': jsonResponse(500, { message: 'x', code: 'ECONNREFUSED', method: 'post' }),
  'an internal error': { ...jsonResponse(500, ''), body: Buffer.alloc(0) },
  'a gateway’s page': page(502),
  'a gateway’s limit': page(429),
  'no answer': 'reset',
};

/** Of these it says by itself that the write did not run. */
const DID_NOT_RUN = ['the limit', 'the back-off', 'a gateway’s limit'];

/** Said by a provider that has carried the write out: all that Nango says, as far as a body can. */
const OF_PROVIDER: { [what: string]: ProxiedResponse } = {
  success: { status: 201, json: { id: 1 } },
  'a page': { status: 200, headers: { 'content-type': 'text/html' }, text: '<html>' },
  'a redirect': { status: 302, headers: { location: '/elsewhere' } },
  ...Object.fromEntries(
    [400, 401, 402, 403, 404, 409, 422, 424, 500, 503].flatMap((status): [string, ProxiedResponse][] => [
      [`${status} without a code`, { status, json: { message: 'no' } }],
      [`${status} with a code of its own`, { status, json: { error: { code: 'taken', message: 'no' } } }],
      [
        `${status} as of a failed refresh`,
        { status, json: { error: { code: 'server_error', message: NO_CREDENTIALS } } },
      ],
      [
        `${status} as of a limit`,
        { status, json: { error: { code: 'too_many_request', method: 'POST', path: '/x' } } },
      ],
      [
        `${status} as of a back-off`,
        { status, json: { error: { code: 'connection_refresh_backoff', message: 'No.' } } },
      ],
      [`${status} with a page`, { status, headers: { 'content-type': 'text/html' }, text: '<html>' }],
    ]),
  ),
  'no answer': 'reset',
};

/** What reading the connection says. */
const LOOKUPS: { [what: string]: RelayedResponse | 'reset' } = {
  sound: jsonResponse(200, { connection_id: 'c', errors: [], credentials: {} }),
  flagged: jsonResponse(200, { connection_id: 'c', errors: [{ type: 'auth', log_id: '1' }], credentials: {} }),
  failing: error(400, { code: 'invalid_credentials', message: 'x' }),
  'backing off': error(424, { code: 'invalid_credentials', message: BACKING_OFF }),
  exhausted: error(424, { code: 'invalid_credentials', message: 'The refresh limit has been reached.' }),
  gone: error(404, { code: 'not_found' }),
  'without its integration': error(400, { code: 'unknown_provider_config' }),
  limited: error(429, { code: 'too_many_request', method: 'GET', path: '/connections/c' }),
  'limited by a gateway': page(429),
  'in an outage': error(500, { code: 'server_error' }),
  'behind a gateway that is down': page(503),
  'timed out at a gateway': page(408),
  'without an answer': 'reset',
  'not allowed to the key': error(403, { code: 'forbidden', message: 'Required: environment:connections:read' }),
  'refused to the key': error(401, { code: 'unknown_account' }),
  redirected: { ...page(301), headers: { location: '/' } },
  'not Nango’s': page(200),
};

/** How one write is answered: first by Nango or by the provider, then about its connection, the last of it for ever. */
interface Case {
  first: { nango: RelayedResponse | 'reset' } | { provider: ProxiedResponse };
  lookups: (RelayedResponse | 'reset')[];
  carriedOut: number;
  reads: number;
}

const cases = new Map<string, Case>();
let nango: FakeNango;
let relay: Relay;
let api: NangoApi;

beforeAll(async () => {
  nango = await FakeNango.start({ rateLimitPerMinute: 1_000_000 });
  nango.addProvider({ name: INTEGRATION, authMode: 'API_KEY' });
  nango.addIntegration({ key: INTEGRATION, provider: INTEGRATION });
  nango.onProxy(INTEGRATION, ({ connectionId }) => {
    const one = cases.get(connectionId);
    if (one === undefined || !('provider' in one.first)) return { status: 500 };
    one.carriedOut++;
    return one.first.provider;
  });
  relay = await startRelay({
    upstream: nango.url,
    respond: ({ url = '', headers }) => {
      const one = cases.get(String(headers['connection-id'] ?? /^\/connections\/([^?]+)/.exec(url)?.[1]));
      if (url.startsWith('/connections/')) return one?.lookups[Math.min(one.reads++, one.lookups.length - 1)];
      return one !== undefined && 'nango' in one.first ? one.first.nango : undefined;
    },
  });
  api = new NangoApi({ baseUrl: relay.url, secretKey: nango.secretKey });
});

afterAll(async () => {
  await api?.close();
  await relay?.close();
  await nango?.close();
});

/** Sends a write and, as its workflow does, sends it again while its failure says that it did not run. */
async function write(first: Case['first'], lookups: Case['lookups'], deadlineMs: number) {
  const connectionId = randomUUID();
  const one: Case = { first, lookups, carriedOut: 0, reads: 0 };
  cases.set(connectionId, one);
  nango.addConnection({ integration: INTEGRATION, connectionId });
  const input = {
    connection: { integration: INTEGRATION, connectionId },
    call: { method: 'POST', endpoint: '/x' } as const,
  };
  const repeatedFor: string[] = [];
  for (;;) {
    try {
      await proxy(api, input, { deadlineMs });
      return { ...one, repeatedFor, type: 'success' };
    } catch (caught) {
      const failure = findNangoFailure(caught);
      if (failure === undefined) throw caught;
      expect(failure.nonRetryable).toBe(true);
      if (!detailsOf(failure).didNotRun || repeatedFor.length + 1 === MOST_ATTEMPTS) {
        return { ...one, repeatedFor, type: failure.type };
      }
      repeatedFor.push(failure.type);
    }
  }
}

const everyFirst = [
  ...Object.entries(OF_NANGO).map(([what, nango]) => ({ what: `Nango: ${what}`, first: { nango } })),
  ...Object.entries(OF_PROVIDER).map(([what, provider]) => ({ what: `the provider: ${what}`, first: { provider } })),
];

test('no write is carried out twice, whatever came first and whatever the connection then says', async () => {
  const all = everyFirst.flatMap(({ what, first }) =>
    Object.entries(LOOKUPS).map(([state, lookup]) => ({ what: `${what}; the connection is ${state}`, first, lookup })),
  );
  const ends: { what: string; carriedOut: number; reads: number; repeatedFor: string[] }[] = [];
  const left = all.values();
  const lane = async (): Promise<void> => {
    for (const { what, first, lookup } of left) ends.push({ what, ...(await write(first, [lookup], 700)) });
  };
  await Promise.all(Array.from({ length: LANES }, lane));

  expect(ends).toHaveLength(all.length);
  expect(ends.filter(({ carriedOut }) => carriedOut > 1).map(({ what }) => what)).toEqual([]);
  // Only these are sent again, but for what found no free connection in time; and no question was asked before.
  const again = ends.filter(({ repeatedFor }) => repeatedFor.some((type) => type !== 'Nango.Unavailable'));
  const didNotRun = DID_NOT_RUN.map((what) => `Nango: ${what}`);
  expect(didNotRun).toEqual(expect.arrayContaining(again.map(({ what }) => what.split(';')[0])));
  expect(again.filter(({ reads }) => reads > 0)).toEqual([]);
});

test.each(DID_NOT_RUN)('a write that %s kept from running is sent again', async (what) => {
  const { repeatedFor, reads } = await write({ nango: OF_NANGO[what]! }, [LOOKUPS.sound!], 30_000);
  expect(repeatedFor).toHaveLength(MOST_ATTEMPTS - 1);
  expect(reads).toBe(0);
});

test('a question that is not answered is asked again, the write is not', async () => {
  const ends = await Promise.all(
    ['limited', 'limited by a gateway', 'in an outage', 'timed out at a gateway', 'without an answer'].map((silent) =>
      write({ provider: OF_PROVIDER['400 with a code of its own']! }, [LOOKUPS[silent]!, LOOKUPS.sound!], 30_000),
    ),
  );
  const outcomes = ends.map(({ type, carriedOut, reads }) => ({ type, carriedOut, reads }));
  expect(outcomes).toEqual(outcomes.map(() => ({ type: 'Nango.ProviderRejected', carriedOut: 1, reads: 2 })));
});

/** Bodies near to what Nango says. */
const body = fc.oneof(
  fc.record(
    {
      error: fc.record(
        {
          code: fc.constantFrom('server_error', 'connection_refresh_backoff', 'too_many_request', 'taken', ''),
          message: fc.constantFrom(BACKING_OFF, NO_CREDENTIALS, BACKING_OFF.slice(0, -1), 'x', ''),
          method: fc.constantFrom('POST', 'x'),
          path: fc.constantFrom('/proxy/x', 'x'),
          extra: fc.anything(),
        },
        { requiredKeys: [] },
      ),
      code: fc.constantFrom('ECONNREFUSED', 'ECONNRESET'),
      message: fc.string(),
      method: fc.constantFrom('post'),
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
);
const status = fc.oneof(fc.constantFrom(400, 404, 424, 500), fc.integer({ min: 200, max: 599 }));
const lookup = fc.constantFrom(...Object.values(LOOKUPS));

test('no write is carried out twice, whatever a provider says', async () => {
  await fc.assert(
    fc.asyncProperty(status, body, fc.array(lookup, { minLength: 1, maxLength: 3 }), async (status, json, lookups) => {
      // A provider's own 429 says that it did not do it; the back-off to the letter is Nango's.
      fc.pre(status !== 429 && !isBackOff(status, json));
      const { carriedOut } = await write({ provider: { status, json } }, lookups, 300);
      expect(carriedOut).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});

function isBackOff(status: number, json: unknown): boolean {
  const text = JSON.stringify({ error: { code: 'connection_refresh_backoff', message: BACKING_OFF } });
  const reversed = JSON.stringify({ error: { message: BACKING_OFF, code: 'connection_refresh_backoff' } });
  return status === 424 && [text, reversed].includes(JSON.stringify(json));
}

test('what is asked afterwards never makes a write one that did not run', () => {
  const outcome = fc.oneof(
    fc.tuple(status, body).map(([status, body]): HttpOutcome => response(status, body)),
    status.map((status): HttpOutcome => html(status)),
    fc.constantFrom('ECONNREFUSED', 'ECONNRESET', 'DEADLINE', 'ENOTFOUND').map((code): HttpOutcome => network(code)),
  );
  const route = fc.constantFrom('proxy' as const, 'action' as const, 'management' as const);
  fc.assert(
    fc.property(route, outcome, outcome, (route, first, second) => {
      const alone = classify({ route, repeatable: false }, first, 0);
      const verdict = classify({ route, repeatable: false }, first, 0, second);
      const didNotRun = typeof verdict === 'object' && verdict.didNotRun === true;
      expect(didNotRun).toBe(typeof alone === 'object' && alone.didNotRun === true);
      if (typeof verdict === 'object') expect(verdict.retryable).toBe(false);
    }),
    { numRuns: 5_000 },
  );
});
