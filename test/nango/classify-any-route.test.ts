import { RECHECK_CONNECTION } from '../../src/nango/verdict/verdict';
import {
  ACTIONS,
  after,
  again,
  response,
  coded,
  EVERY,
  final,
  html,
  MANAGEMENT,
  network,
  notRun,
  NOW,
  ONCE,
  PROXIED,
  REPEATABLE,
  testRows,
  unknown,
} from './classify-rows';
import type { Row } from './classify-rows';

// What Nango says in the same way on every route, and how a provider's answer differs that looks alike.

const successes: Row[] = [
  ...[200, 201, 202, 204, 299].map((status): Row => ({
    fact: `${status} is a success on every route`,
    of: EVERY,
    got: response(status, {}),
    is: undefined,
  })),
  {
    fact: 'the header decides what a page is, not the body',
    of: EVERY,
    got: response(200, '<html>', { 'content-type': 'application/xhtml; was=text/html' }),
    is: undefined,
  },
  {
    fact: 'an answer may have no content type',
    of: EVERY,
    got: { kind: 'response', status: 200, headers: {}, body: Buffer.alloc(0) },
    is: undefined,
  },
  {
    fact: 'an unknown GET path of Nango answers 200 with the page of its dashboard: the base URL is wrong',
    of: [...MANAGEMENT, ...ACTIONS],
    got: html(200),
    is: final('Nango.Misconfigured', 200),
  },
  {
    fact: 'a content type is not case-sensitive',
    of: MANAGEMENT,
    got: html(200, { 'content-type': 'Text/HTML' }),
    is: final('Nango.Misconfigured', 200),
  },
  {
    fact: 'a type of content that only begins with the word is no page',
    of: EVERY,
    got: html(200, { 'content-type': 'text/htmlx' }),
    is: undefined,
  },
  { fact: 'a provider may answer 200 with a page', of: PROXIED, got: html(200), is: RECHECK_CONNECTION },
  {
    fact: 'a proxied page is the provider’s when the connection is read as JSON',
    of: PROXIED,
    got: html(200),
    connection: response(200, { id: 1 }),
    is: undefined,
  },
  {
    fact: 'Nango’s errors are JSON: it is Nango, and the page the provider’s',
    of: PROXIED,
    got: html(200),
    connection: coded(404, 'not_found'),
    is: undefined,
  },
  {
    fact: 'pages for everything are not Nango',
    of: PROXIED,
    got: html(200),
    connection: html(200),
    is: final('Nango.Misconfigured', 200),
  },
  {
    fact: 'the page of another server may say 499 of the connection',
    of: PROXIED,
    got: html(201),
    connection: html(499),
    is: final('Nango.Misconfigured', 201),
  },
  ...[html(500), html(502), html(429), html(408), network('ECONNRESET')].flatMap((connection): Row[] => {
    const [status, code] =
      connection.kind === 'response' ? [connection.status, undefined] : [undefined, connection.code];
    return [
      {
        fact: `a Nango that is gone meanwhile leaves open whose a page is (${status ?? code})`,
        of: ['read', 'keyed write'],
        got: html(200),
        connection,
        is: again('Nango.Unavailable', status, code),
      },
      {
        fact: `a Nango that is gone meanwhile leaves open whether a write was answered by the provider (${status ?? code})`,
        of: ['write'],
        got: html(200),
        connection,
        is: unknown(status, code),
      },
    ];
  }),
];

const keys: Row[] = [
  ...[
    'missing_auth_header',
    'malformed_auth_header',
    'invalid_secret_key_format',
    'unknown_account',
    'invalid_connect_session_token_format',
    'unknown_connect_session_token',
  ].map((code): Row => ({
    fact: `a 401 of Nango says ${code}`,
    of: EVERY,
    got: coded(401, code, { payload: {} }),
    is: final('Nango.Misconfigured', 401, code),
  })),
  ...['token_expired', 'unknown_account_id', 'an_unknown_account'].map((code): Row => ({
    fact: `a 401 with any other code is the provider’s (${code})`,
    of: PROXIED,
    got: coded(401, code),
    is: final('Nango.ProviderRejected', 401),
  })),
  {
    fact: 'a 401 without a code is the provider’s',
    of: PROXIED,
    got: response(401, { message: 'no' }),
    is: final('Nango.ProviderRejected', 401),
  },
  {
    fact: 'a code of Nango’s for keys has the status 401',
    of: PROXIED,
    got: coded(403, 'unknown_account'),
    is: final('Nango.ProviderRejected', 403),
  },
];

/** One for each word that a scope of Nango's may be made of. */
const SCOPES = [
  'environment:proxy',
  'environment:deploy',
  'environment:mcp',
  'environment:connections:list',
  'environment:connections:list_credentials',
  'environment:connections:read_credentials',
  'environment:connections:update',
  'environment:connections:delete',
  'environment:integrations:create',
  'environment:integrations:list_functions',
  'environment:connect_sessions:write',
  'environment:actions:execute',
  'environment:functions:compile',
  'environment:functions:dryrun',
  'environment:syncs:execute',
  'environment:records:read',
  'environment:variables:read',
  'account:environments:create',
];
const forbidden = (scope: string) => ({ ...final('Nango.Forbidden', 403, 'forbidden'), scope });

const scopes: Row[] = [
  ...SCOPES.map((scope): Row => ({
    fact: `a key without the scope is told which one: ${scope}`,
    of: EVERY,
    got: coded(403, 'forbidden', { message: `Insufficient scope. Required: ${scope}` }),
    is: forbidden(scope),
  })),
  ...['Required one of: ', 'Insufficient scope. Required one of: ', 'Required: '].map((words): Row => ({
    fact: `of several scopes that would do, the first is named (${words})`,
    of: EVERY,
    got: coded(403, 'forbidden', { message: `${words}environment:connections:read or environment:connections:list` }),
    is: forbidden('environment:connections:read'),
  })),
  ...[
    'Required one of: jane:doe',
    'You may not',
    'No. Required: environment:proxy',
    'Required: environment:proxy_of_jane',
    'Required: environment:connections:read/jane',
    'Required: jane:proxy',
  ].map((message): Row => ({
    fact: `a 403 that says no scope of Nango’s is the provider’s (${message})`,
    of: PROXIED,
    got: coded(403, 'forbidden', { message }),
    is: final('Nango.ProviderRejected', 403),
  })),
  {
    fact: 'a 403 whose code is not forbidden is the provider’s, whatever it says',
    of: PROXIED,
    got: coded(403, 'denied', { message: 'Required: environment:proxy' }),
    is: final('Nango.ProviderRejected', 403),
  },
  {
    fact: 'a missing scope is a 403',
    of: PROXIED,
    got: coded(409, 'forbidden', { message: 'Required: environment:proxy' }),
    is: final('Nango.ProviderRejected', 409),
  },
  {
    fact: 'a key of another kind is forbidden without a scope being named',
    of: [...MANAGEMENT, ...ACTIONS],
    got: coded(403, 'forbidden', { message: 'The key is not for an environment' }),
    is: final('Nango.Forbidden', 403, 'forbidden'),
  },
];

const limited = (headers: Record<string, string>) =>
  response(429, { error: { code: 'too_many_request', method: 'POST', path: '/x' } }, headers);

const limits: Row[] = [
  {
    fact: 'the limiter of Nango sends code, method and path, Retry-After rounded down and the reset in epoch seconds',
    of: REPEATABLE,
    got: limited({ 'retry-after': '0', 'x-ratelimit-reset': String(NOW / 1000 + 7) }),
    is: after(7_000, again('Nango.RateLimited', 429, 'too_many_request')),
  },
  {
    fact: 'a limited write did not run: its workflow schedules it anew',
    of: ONCE,
    got: limited({ 'retry-after': '3' }),
    is: notRun(after(3_000, final('Nango.RateLimited', 429, 'too_many_request'))),
  },
  {
    fact: 'the 429 of a provider comes through unwrapped; a code alone does not make it Nango’s',
    of: ['read', 'keyed write'],
    got: response(429, { error: { code: 'too_many_request' } }, { 'retry-after': '5', 'x-ratelimit-limit': '2000' }),
    is: after(5_000, again('Nango.ProviderRateLimited', 429)),
  },
  {
    fact: 'the 429 of a provider comes through unwrapped; a method alone does not make it Nango’s',
    of: ['read', 'keyed write'],
    got: response(429, { error: { code: 'slow_down', method: 'GET' } }, { 'retry-after': '5' }),
    is: after(5_000, again('Nango.ProviderRateLimited', 429)),
  },
  {
    fact: 'of a provider’s headers Retry-After counts before any reset, which may be Nango’s',
    of: ['read', 'keyed write'],
    got: response(429, {}, { 'retry-after': '5', 'x-ratelimit-reset': String(NOW / 1000 + 50) }),
    is: after(5_000, again('Nango.ProviderRateLimited', 429)),
  },
  {
    fact: 'a write that the provider limited did not run: its workflow schedules it anew',
    of: ['write'],
    got: response(429, undefined, { 'retry-after': '5' }),
    is: notRun(after(5_000, final('Nango.ProviderRateLimited', 429))),
  },
  {
    fact: 'a 429 that says nothing of time is waited for a second',
    of: ['read'],
    got: response(429),
    is: after(1_000, again('Nango.ProviderRateLimited', 429)),
  },
  {
    fact: 'what limits management without Nango’s words stands in front of Nango',
    of: ['management'],
    got: html(429, { 'retry-after': '5' }),
    is: after(5_000, again('Nango.RateLimited', 429)),
  },
  {
    fact: 'an action is limited by the provider when it does not say Nango’s words',
    of: ['keyed action'],
    got: response(429, {}, { 'retry-after': '5' }),
    is: after(5_000, again('Nango.ProviderRateLimited', 429)),
  },
  {
    fact: 'an action that was limited without Nango’s words may have begun',
    of: ['action'],
    got: response(429, { error: { code: 'too_many_request' } }, { 'retry-after': '5' }),
    is: unknown(429),
  },
  ...[
    { error: { code: 'too_many_request', method: 'POST' } },
    { error: { code: 'too_many_request', method: 'POST', path: '/x', message: 'no' } },
    { error: { code: 'too_many_request', method: 'POST', path: 7 } },
    { error: { code: 'too_many_request', method: 'POST', path: '/x' }, message: 'no' },
  ].map((body): Row => ({
    fact: `the limiter of Nango sends these three fields and no others (${JSON.stringify(body)})`,
    of: ['read'],
    got: response(429, body, { 'retry-after': '5' }),
    is: after(5_000, again('Nango.ProviderRateLimited', 429)),
  })),
  {
    fact: 'the limiter’s words have the status 429',
    of: PROXIED,
    got: coded(409, 'too_many_request', { method: 'GET', path: '/x' }),
    is: final('Nango.ProviderRejected', 409),
  },
];

const others: Row[] = [
  ...[301, 302, 303, 307, 308].map((status): Row => ({
    fact: `Nango redirects nothing: a ${status} comes of http for https, or another wrong base URL`,
    of: [...MANAGEMENT, ...ACTIONS],
    got: response(status, undefined, { location: 'https://nango.example/' }),
    is: final('Nango.Misconfigured', status),
  })),
  {
    fact: 'the monthly cap of the proxy is 402 plan_limit',
    of: EVERY,
    got: coded(402, 'plan_limit'),
    is: final('Nango.PlanLimit', 402, 'plan_limit'),
  },
  {
    fact: 'caps have a status of their own: with any other the code is the provider’s',
    of: PROXIED,
    got: coded(409, 'plan_limit'),
    is: final('Nango.ProviderRejected', 409),
  },
  {
    fact: 'a 402 with any other code is the provider’s',
    of: PROXIED,
    got: coded(402, 'card_declined'),
    is: final('Nango.ProviderRejected', 402),
  },
];

describe('a success', () => testRows(successes));
describe('a refused key', () => testRows(keys));
describe('a missing scope', () => testRows(scopes));
describe('a limit', () => testRows(limits));
describe('a redirect or a cap', () => testRows(others));
