import type { Destination } from '../../src/nango/http/observer';
import { destinationOf } from '../../src/nango/http/observer';
import type { HttpResponse } from '../../src/nango/http/outcome';
import { accountFacts, providerPauseMs, showsNoLimit } from '../../src/nango/limit-facts';

// Whose limit a response tells of, and what is believed.

const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT';
const SERVER_S = Date.parse(DATE) / 1000;
/** Our clock is wrong, and does not count. */
const NOW = Date.parse(DATE) + 600_000;

const MANAGEMENT: Destination = { route: 'management' };
const PROXY: Destination = { route: 'proxy', connection: { integration: 'crm', connectionId: 'c' } };
const OWN_429 = '{"error":{"code":"too_many_request","method":"GET","path":"/x"}}';

function response(status: number, headers: Record<string, string>, body = '{}'): HttpResponse {
  return { kind: 'response', status, headers: { date: DATE, ...headers }, body: Buffer.from(body) };
}

const limit = (remaining: number, seconds: number) => ({
  'x-ratelimit-limit': '200',
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(SERVER_S + seconds),
});

test('a response that was not proxied tells of the account’s limit', () => {
  const facts = { from: 'nango', calls: 200, remaining: 150, resetMs: 41_000 };
  expect(accountFacts(MANAGEMENT, response(200, limit(150, 41)), NOW)).toEqual(facts);
  expect(accountFacts({ route: 'action' }, response(424, limit(150, 41)), NOW)).toEqual(facts);
});

test('a proxied one does not, whether it is good or the provider’s own refusal', () => {
  expect(accountFacts(PROXY, response(200, limit(150, 41)), NOW)).toBeUndefined();
  expect(accountFacts(PROXY, response(429, limit(0, 41)), NOW)).toBeUndefined();
  expect(
    accountFacts(PROXY, response(429, limit(0, 41), '{"error":{"code":"too_many_request"}}'), NOW),
  ).toBeUndefined();
});

test('Nango’s own refusal does, on every route', () => {
  const refused = response(429, { ...limit(0, 9), 'retry-after': '8' }, OWN_429);
  const facts = { from: 'nango', calls: 200, remaining: 0, resetMs: 9_000, refused: true };
  expect(accountFacts(PROXY, refused, NOW)).toEqual(facts);
  expect(accountFacts(MANAGEMENT, refused, NOW)).toEqual(facts);
});

test.each([
  [61, 60_000],
  [60, 60_000],
  [11, 10_000],
  [10, 10_000],
  [13, 12_000],
])('the first of a window shows its length: %i s are left, so it is %i ms long', (seconds, windowMs) => {
  expect(accountFacts(MANAGEMENT, response(200, limit(199, seconds)), NOW)).toMatchObject({ windowMs });
  expect(accountFacts(MANAGEMENT, response(200, limit(198, seconds)), NOW)?.windowMs).toBeUndefined();
});

test.each([
  ['no limit', {}],
  ['no remainder', { 'x-ratelimit-limit': '200' }],
  ['a limit of words', { 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '1' }],
  ['a limit of nothing', { 'x-ratelimit-limit': '0', 'x-ratelimit-remaining': '0' }],
  ['a remainder below nothing', { 'x-ratelimit-limit': '200', 'x-ratelimit-remaining': '-1' }],
])('a response with %s tells of none', (_, headers) => {
  expect(accountFacts(MANAGEMENT, response(200, headers), NOW)).toBeUndefined();
});

test('only a success of the management API without a limit shows that there is none', () => {
  expect(showsNoLimit(MANAGEMENT, response(200, {}))).toBe(true);
  expect(showsNoLimit(MANAGEMENT, response(200, limit(1, 1)))).toBe(false);
  expect(showsNoLimit(MANAGEMENT, response(401, {}))).toBe(false);
  expect(showsNoLimit(PROXY, response(200, {}))).toBe(false);
});

describe('a provider wants no calls for as long', () => {
  const at = { at: 'x-crm-reset', remaining: 'x-crm-left' };
  test.each<[string, HttpResponse, Parameters<typeof providerPauseMs>[1], number | undefined]>([
    ['as Retry-After says', response(429, { 'retry-after': '7' }), undefined, 7_000],
    ['as the header says that Nango names', response(429, { 'x-crm-reset': String(SERVER_S + 5) }), at, 5_000],
    [
      'as a header of seconds says',
      response(429, { 'x-crm-wait': '3', 'retry-after': '9' }),
      { after: 'x-crm-wait' },
      3_000,
    ],
    [
      'as it takes until nothing left is reset',
      response(200, { 'x-crm-left': '0', 'x-crm-reset': String(SERVER_S + 5) }),
      at,
      5_000,
    ],
    [
      'as none, while something is left',
      response(200, { 'x-crm-left': '1', 'x-crm-reset': String(SERVER_S + 5) }),
      at,
      undefined,
    ],
    [
      'as none, by a header that may be Nango’s',
      response(200, limit(0, 5)),
      { at: 'x-ratelimit-reset', remaining: 'x-ratelimit-remaining' },
      undefined,
    ],
    ['as none, where it succeeds', response(200, {}), undefined, undefined],
  ])('%s', (_, given, named, pauseMs) => {
    expect(providerPauseMs(given, named, NOW)).toBe(pauseMs);
  });
});

test('where a request goes is told by its path and headers', () => {
  const headers = { 'provider-config-key': 'crm', 'connection-id': 'c' };
  expect(destinationOf({ method: 'GET', path: '/proxy/x', headers })).toEqual(PROXY);
  expect(destinationOf({ method: 'POST', path: '/action/trigger', headers })).toEqual({ ...PROXY, route: 'action' });
  expect(destinationOf({ method: 'GET', path: '/action/1' })).toEqual({ route: 'action', connection: undefined });
  expect(destinationOf({ method: 'GET', path: '/connections' })).toEqual(MANAGEMENT);
});
