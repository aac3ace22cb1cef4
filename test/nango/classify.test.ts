import { detailsOf, MESSAGES } from '../../src/contract/errors';
import type { Call } from '../../src/contract/types';
import { isWrite } from '../../src/contract/check-call';
import { classify } from '../../src/nango/classify';
import { failureOf } from '../../src/nango/fail';
import type { HttpAnswer, NetworkError } from '../../src/nango/outcome';
import { ASK_CONNECTION } from '../../src/nango/verdict';
import type { Asked, Verdict } from '../../src/nango/verdict';

// What an answer means. Each row names what is known of Nango (its source, or a live server) that the verdict rests on;
// the verdicts are written by hand.

const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT';
const NOW = Date.parse(DATE);

const proxied = (call: Omit<Extract<Call, { endpoint: string }>, 'endpoint'>): Asked => ({
  route: 'proxy',
  repeatable: !isWrite({ ...call, endpoint: '/x' }),
});
const triggered = (call: { idempotent?: boolean }): Asked => ({
  route: 'action',
  repeatable: !isWrite({ ...call, action: 'a' }),
});
const REQUESTS = {
  read: proxied({ method: 'GET' }),
  write: proxied({ method: 'POST' }),
  'keyed write': proxied({ method: 'POST', idempotent: true }),
  management: { route: 'management', repeatable: true },
  'management write': { route: 'management', repeatable: false },
  action: triggered({}),
  'keyed action': triggered({ idempotent: true }),
} satisfies Record<string, Asked>;
type Request = keyof typeof REQUESTS;

const EVERY: Request[] = ['read', 'write', 'keyed write', 'management', 'action', 'keyed action'];
const PROXIED: Request[] = ['read', 'write', 'keyed write'];
const ACTIONS: Request[] = ['action', 'keyed action'];
const ONCE: Request[] = ['write', 'management write', 'action'];
const REPEATABLE: Request[] = ['read', 'keyed write', 'management', 'keyed action'];

function answer(status: number, body?: unknown, headers: Record<string, string> = {}): HttpAnswer {
  const text = body === undefined ? '' : JSON.stringify(body);
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'application/json', date: DATE, ...headers },
    body: Buffer.from(text),
  };
}
const html = (status: number): HttpAnswer => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: Buffer.from('<!doctype html><title>x</title>'),
});
const coded = (status: number, code: string, more: object = {}): HttpAnswer =>
  answer(status, { error: { code, ...more } });
const network = (code: string): NetworkError => ({ kind: 'networkError', code });

interface Row {
  /** what is known, in a few words */
  fact: string;
  of: Request[];
  got: HttpAnswer | NetworkError;
  /** what reading the connection said */
  connection?: HttpAnswer | NetworkError;
  is: Verdict | typeof ASK_CONNECTION | undefined;
}

const final = (type: Verdict['type'], status?: number, code?: string): Verdict => ({
  type,
  retryable: false,
  status,
  code,
});
const again = (type: Verdict['type'], status?: number, code?: string): Verdict => ({
  ...final(type, status, code),
  retryable: true,
});
const unknown = (status?: number, code?: string): Verdict => final('Nango.OutcomeUnknown', status, code);
const refreshing = (retryable: boolean, status: number, code: string): Verdict => ({
  type: 'Nango.RefreshFailing',
  retryable,
  status,
  code,
  retryAfterMs: 30_000,
});

/** Codes of a connection that was never made: nothing was sent. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];
/** Codes after which the request may have been carried out. */
const MAY_HAVE_RUN = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'DEADLINE'];
/** Whatever was reached, it is not an HTTP server with a certificate we trust. */
const NOT_NANGO = [
  'HPE_INVALID_CONSTANT',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'EPROTO',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];
const KEY_CODES = ['missing_auth_header', 'malformed_auth_header', 'invalid_secret_key_format', 'unknown_account'];
const TOKEN_CODES = ['invalid_connect_session_token_format', 'unknown_connect_session_token'];

const networkRows: Row[] = [
  ...NEVER_SENT.flatMap((code): Row[] => [
    {
      fact: `${code}: no connection was made`,
      of: REPEATABLE,
      got: network(code),
      is: again('Nango.Unavailable', undefined, code),
    },
    {
      fact: `${code}: no connection was made, so a write surely did not run; its workflow schedules it anew`,
      of: ONCE,
      got: network(code),
      is: final('Nango.Unavailable', undefined, code),
    },
  ]),
  {
    fact: 'whatever its code, a request that has not left did not run',
    of: ONCE,
    got: { kind: 'networkError', code: 'DEADLINE', unsent: true },
    is: final('Nango.Unavailable', undefined, 'DEADLINE'),
  },
  ...MAY_HAVE_RUN.flatMap((code): Row[] => [
    {
      fact: `${code}: a repeatable request is repeated`,
      of: REPEATABLE,
      got: network(code),
      is: again('Nango.Unavailable', undefined, code),
    },
    {
      fact: `${code}: a write may have run (a client that leaves stops neither a proxied call nor an action)`,
      of: ONCE,
      got: network(code),
      is: unknown(undefined, code),
    },
  ]),
  ...NOT_NANGO.map((code): Row => ({
    fact: `${code}: what answers does not speak HTTP, or not with a certificate that is trusted`,
    of: ['read', 'write', 'management'],
    got: network(code),
    is: final('Nango.Misconfigured', undefined, code),
  })),
  {
    fact: 'an answer that breaks off in its middle looks like one that is no HTTP, and then a write has run',
    of: ONCE,
    got: network('HPE_INVALID'),
    is: unknown(undefined, 'HPE_INVALID'),
  },
  {
    fact: 'an answer over the limit of this client is not read to its end',
    of: EVERY,
    got: network('TOO_LARGE'),
    is: final('Nango.ResponseTooLarge'),
  },
  {
    fact: 'an answer over the limit of this client has a status: a write was carried out',
    of: EVERY,
    got: { kind: 'networkError', code: 'TOO_LARGE', status: 201 },
    is: final('Nango.ResponseTooLarge', 201),
  },
];

const successRows: Row[] = [
  ...[200, 201, 202, 204].map((status): Row => ({
    fact: `${status} is a success on every route`,
    of: EVERY,
    got: answer(status, {}),
    is: undefined,
  })),
  {
    fact: 'an unknown GET path of Nango answers 200 with the page of its dashboard: the base URL is wrong',
    of: ['management', 'action', 'keyed action'],
    got: html(200),
    is: final('Nango.Misconfigured', 200),
  },
  { fact: 'a provider may answer 200 with a page', of: PROXIED, got: html(200), is: ASK_CONNECTION },
  {
    fact: 'a proxied page is the provider’s when the connection is read as JSON',
    of: PROXIED,
    got: html(200),
    connection: answer(200, { id: 1 }),
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
  ...[html(502), network('ECONNRESET')].flatMap((connection): Row[] => {
    const [status, code] = connection.kind === 'answer' ? [502, undefined] : [undefined, 'ECONNRESET'];
    return [
      {
        fact: `a Nango that is gone meanwhile leaves open whose a page is (${connection.kind})`,
        of: ['read', 'keyed write'],
        got: html(200),
        connection,
        is: again('Nango.Unavailable', status, code),
      },
      {
        fact: `a Nango that is gone meanwhile leaves open whether a write was answered by the provider (${connection.kind})`,
        of: ['write'],
        got: html(200),
        connection,
        is: unknown(status, code),
      },
    ];
  }),
];

const commonRows: Row[] = [
  ...[...KEY_CODES, ...TOKEN_CODES].map((code): Row => ({
    fact: `a 401 of Nango says ${code}`,
    of: EVERY,
    got: coded(401, code, { payload: {} }),
    is: final('Nango.Misconfigured', 401, code),
  })),
  {
    fact: 'a 401 with any other code is the provider’s',
    of: PROXIED,
    got: coded(401, 'token_expired'),
    is: final('Nango.ProviderRejected', 401),
  },
  {
    fact: 'a 401 without a code is the provider’s',
    of: PROXIED,
    got: answer(401, { message: 'no' }),
    is: final('Nango.ProviderRejected', 401),
  },
  {
    fact: 'a key without the scope is told which one',
    of: EVERY,
    got: coded(403, 'forbidden', { message: 'Insufficient scope. Required: environment:proxy' }),
    is: { ...final('Nango.Forbidden', 403, 'forbidden'), scope: 'environment:proxy' },
  },
  {
    fact: 'of several scopes that would do, the first is named',
    of: EVERY,
    got: coded(403, 'forbidden', {
      message: 'Required one of: environment:connections:read or environment:connections:list',
    }),
    is: { ...final('Nango.Forbidden', 403, 'forbidden'), scope: 'environment:connections:read' },
  },
  {
    fact: 'some versions say both phrases',
    of: EVERY,
    got: coded(403, 'forbidden', {
      message: 'Insufficient scope. Required one of: environment:connections:read or environment:connections:list',
    }),
    is: { ...final('Nango.Forbidden', 403, 'forbidden'), scope: 'environment:connections:read' },
  },
  {
    fact: 'all scopes of Nango begin with environment: or account:',
    of: PROXIED,
    got: coded(403, 'forbidden', { message: 'Required one of: jane:doe' }),
    is: final('Nango.ProviderRejected', 403),
  },
  {
    fact: 'a 403 that says no scope is the provider’s',
    of: PROXIED,
    got: coded(403, 'forbidden', { message: 'You may not' }),
    is: final('Nango.ProviderRejected', 403),
  },
  {
    fact: 'a key of another kind is forbidden without a scope being named',
    of: ['management', ...ACTIONS],
    got: coded(403, 'forbidden', { message: 'The key is not for an environment' }),
    is: final('Nango.Forbidden', 403, 'forbidden'),
  },
  {
    fact: 'the limiter of Nango sends code, method and path, Retry-After rounded down and the reset in epoch seconds',
    of: REPEATABLE,
    got: answer(
      429,
      { error: { code: 'too_many_request', method: 'GET', path: '/x' } },
      { 'retry-after': '0', 'x-ratelimit-reset': String(NOW / 1000 + 7) },
    ),
    is: { ...again('Nango.RateLimited', 429, 'too_many_request'), retryAfterMs: 7_000 },
  },
  {
    fact: 'a limited write did not run: its workflow schedules it anew',
    of: ONCE,
    got: answer(429, { error: { code: 'too_many_request', method: 'POST', path: '/x' } }, { 'retry-after': '3' }),
    is: { ...final('Nango.RateLimited', 429, 'too_many_request'), retryAfterMs: 3_000 },
  },
  {
    fact: 'the 429 of a provider comes through unwrapped; a code alone does not make it Nango’s',
    of: ['read', 'keyed write'],
    got: answer(429, { error: { code: 'too_many_request' } }, { 'retry-after': '5', 'x-ratelimit-limit': '2000' }),
    is: { ...again('Nango.ProviderRateLimited', 429), retryAfterMs: 5_000 },
  },
  {
    fact: 'a write that the provider limited did not run: its workflow schedules it anew',
    of: ['write'],
    got: answer(429, undefined, { 'retry-after': '5' }),
    is: { ...final('Nango.ProviderRateLimited', 429), retryAfterMs: 5_000 },
  },
  {
    fact: 'a 429 that says nothing of time is waited for a second',
    of: ['read'],
    got: answer(429),
    is: { ...again('Nango.ProviderRateLimited', 429), retryAfterMs: 1_000 },
  },
  {
    fact: 'a page that limits management comes from what stands in front of Nango',
    of: ['management'],
    got: { ...html(429), headers: { 'content-type': 'text/html', 'retry-after': '5' } },
    is: { ...again('Nango.RateLimited', 429), retryAfterMs: 5_000 },
  },
  ...[301, 302, 303, 307, 308].map((status): Row => ({
    fact: `Nango redirects nothing: a ${status} comes of http for https, or another wrong base URL`,
    of: ['management', ...ACTIONS],
    got: answer(status, undefined, { location: 'https://nango.example/' }),
    is: final('Nango.Misconfigured', status),
  })),
  {
    fact: 'caps have a status of their own: with any other the code is the provider’s',
    of: PROXIED,
    got: coded(409, 'plan_limit'),
    is: final('Nango.ProviderRejected', 409),
  },
  {
    fact: 'the monthly cap of the proxy is 402 plan_limit',
    of: EVERY,
    got: coded(402, 'plan_limit'),
    is: final('Nango.PlanLimit', 402, 'plan_limit'),
  },
  {
    fact: 'the cap of connections is resource_capped',
    of: ['management'],
    got: coded(400, 'resource_capped'),
    is: final('Nango.PlanLimit', 400, 'resource_capped'),
  },
];

const managementRows: Row[] = [
  {
    fact: 'an unknown POST path of Nango answers 404 with a page',
    of: ['management'],
    got: html(404),
    is: final('Nango.Misconfigured', 404),
  },
  {
    fact: 'a gateway in front of Nango answers 502 with a page',
    of: ['management'],
    got: html(502),
    is: again('Nango.Unavailable', 502),
  },
  {
    fact: 'an internal error is 500 with a code',
    of: ['management'],
    got: coded(500, 'server_error'),
    is: again('Nango.Unavailable', 500, 'server_error'),
  },
  {
    fact: 'an internal error leaves open whether a write ran',
    of: ['management write'],
    got: coded(500, 'server_error'),
    is: unknown(500, 'server_error'),
  },
  {
    fact: 'an unknown integration is 400 or 404 unknown_provider_config',
    of: ['management'],
    got: coded(400, 'unknown_provider_config'),
    is: final('Nango.IntegrationNotFound', 400, 'unknown_provider_config'),
  },
  {
    fact: 'reading a missing connection is 404 not_found',
    of: ['management'],
    got: coded(404, 'not_found'),
    is: final('Nango.ConnectionNotFound', 404, 'not_found'),
  },
  {
    fact: 'deleting a missing connection is 400 unknown_connection',
    of: ['management'],
    got: coded(400, 'unknown_connection'),
    is: final('Nango.ConnectionNotFound', 400, 'unknown_connection'),
  },
  {
    fact: 'a session for an unknown integration is 400 invalid_body of allowed_integrations',
    of: ['management'],
    got: coded(400, 'invalid_body', {
      errors: [{ code: 'custom', message: 'no', path: ['allowed_integrations', '0'] }],
    }),
    is: final('Nango.IntegrationNotFound', 400, 'invalid_body'),
  },
  {
    fact: 'a connection whose refresh fails is 400 invalid_credentials, whether it is in the payload or not',
    of: ['management'],
    got: coded(400, 'invalid_credentials'),
    is: refreshing(true, 400, 'invalid_credentials'),
  },
  {
    fact: 'a body that the schema refuses is 400 invalid_body',
    of: ['management'],
    got: coded(400, 'invalid_body', { errors: [{ code: 'invalid_string', message: 'no', path: ['tags'] }] }),
    is: final('Nango.InvalidRequest', 400, 'invalid_body'),
  },
];

const proxyRows: Row[] = [
  {
    fact: 'within 30 s of a failed refresh the proxy answers 424 connection_refresh_backoff',
    of: ['read', 'keyed write'],
    got: coded(424, 'connection_refresh_backoff'),
    is: refreshing(true, 424, 'connection_refresh_backoff'),
  },
  {
    fact: 'in back-off nothing is sent: the workflow of a write schedules it anew',
    of: ['write'],
    got: coded(424, 'connection_refresh_backoff'),
    is: refreshing(false, 424, 'connection_refresh_backoff'),
  },
  {
    fact: 'a provider that was not reached is a 500 of code and message, without error',
    of: ['read', 'keyed write'],
    got: answer(500, { message: 'connect', code: 'ECONNREFUSED', method: 'GET' }),
    is: again('Nango.ProviderUnavailable', 500, 'ECONNREFUSED'),
  },
  {
    fact: 'a write to a provider that was not reached surely did not run',
    of: ['write'],
    got: answer(500, { message: 'connect', code: 'ENOTFOUND', method: 'POST' }),
    is: final('Nango.ProviderUnavailable', 500, 'ENOTFOUND'),
  },
  {
    fact: 'a provider that hung up may have carried out a write',
    of: ['write'],
    got: answer(500, { message: 'socket hang up', code: 'ECONNRESET', method: 'POST' }),
    is: unknown(500, 'ECONNRESET'),
  },
  {
    fact: 'a provider that hung up is asked again',
    of: ['read', 'keyed write'],
    got: answer(500, { message: 'socket hang up', code: 'ECONNRESET', method: 'GET' }),
    is: again('Nango.ProviderUnavailable', 500, 'ECONNRESET'),
  },
  {
    fact: 'a code of the provider’s own, beside a message, is not told',
    of: ['read'],
    got: answer(500, { message: 'no', code: 'jane_doe' }),
    is: again('Nango.ProviderUnavailable', 500),
  },
  {
    fact: 'a 5xx of the provider comes through unwrapped',
    of: ['read', 'keyed write'],
    got: answer(503, { status: 'maintenance' }),
    is: again('Nango.ProviderUnavailable', 503),
  },
  {
    fact: 'a 5xx of the provider leaves open whether a write ran',
    of: ['write'],
    got: answer(503, { status: 'maintenance' }),
    is: unknown(503),
  },
  ...[answer(500), coded(500, 'generic_error_support'), html(502)].flatMap((got): Row[] => [
    {
      fact: `an internal error of Nango has an empty body or a code, one of its gateway is a page (${got.body.length})`,
      of: ['read', 'keyed write'],
      got,
      is: again('Nango.Unavailable', got.status),
    },
    {
      fact: `an internal error leaves open whether a write ran (${got.body.length})`,
      of: ['write'],
      got,
      is: unknown(got.status),
    },
  ]),
  ...[400, 404, 409, 422, 424].map((status): Row => ({
    fact: `Nango’s own errors have error.code: a ${status} without is the provider’s`,
    of: PROXIED,
    got: answer(status, { message: 'no' }),
    is: final('Nango.ProviderRejected', status),
  })),
  {
    fact: 'Nango’s own errors have error.code as text: a number is the provider’s',
    of: PROXIED,
    got: answer(404, { error: { code: 404, message: 'no' } }),
    is: final('Nango.ProviderRejected', 404),
  },
  {
    fact: 'of the 4xx of the proxy only 400, 404 and 424 may be Nango’s: any other is the provider’s, code or not',
    of: PROXIED,
    got: coded(422, 'invalid'),
    is: final('Nango.ProviderRejected', 422),
  },
  {
    fact: 'a redirect is the provider’s, or that of a base URL with http for https',
    of: PROXIED,
    got: answer(302),
    is: ASK_CONNECTION,
  },
  {
    fact: 'an unchanged resource is not a redirect',
    of: PROXIED,
    got: answer(304),
    is: final('Nango.ProviderRejected', 304),
  },
  ...[coded(400, 'server_error'), coded(404, 'unknown_provider_config'), coded(424, 'server_error'), html(404)].map(
    (got): Row => ({
      fact: `the proxy marks nothing: ${got.status} (${got.body.length}) is Nango’s or the provider’s`,
      of: PROXIED,
      got,
      is: ASK_CONNECTION,
    }),
  ),
];

const doubtful = coded(400, 'server_error', { message: 'Failed to get connection' });
const connectionRows: Row[] = [
  {
    fact: 'reading a missing connection is 404 not_found',
    of: PROXIED,
    got: doubtful,
    connection: coded(404, 'not_found'),
    is: final('Nango.ConnectionNotFound', 404, 'not_found'),
  },
  {
    fact: 'reading a connection of an unknown integration is 400 unknown_provider_config',
    of: PROXIED,
    got: coded(404, 'unknown_provider_config'),
    connection: coded(400, 'unknown_provider_config'),
    is: final('Nango.IntegrationNotFound', 400, 'unknown_provider_config'),
  },
  ...[400, 424].flatMap((status): Row[] => [
    {
      fact: `reading a connection whose refresh fails is 400, then 424 invalid_credentials (${status})`,
      of: ['read', 'keyed write'],
      got: doubtful,
      connection: coded(status, 'invalid_credentials', { payload: { connection: {} } }),
      is: refreshing(true, status, 'invalid_credentials'),
    },
    {
      fact: `a write is not sent without a token; its workflow schedules it anew (${status})`,
      of: ['write'],
      got: doubtful,
      connection: coded(status, 'invalid_credentials', { payload: { connection: {} } }),
      is: refreshing(false, status, 'invalid_credentials'),
    },
  ]),
  {
    fact: 'a refresh that Nango has given up is 424 invalid_credentials too, and only the message says so',
    of: PROXIED,
    got: coded(424, 'server_error'),
    connection: coded(424, 'invalid_credentials', {
      message: 'The refresh limit has been reached for this connection.',
      payload: { connection: {} },
    }),
    is: final('Nango.ReconnectRequired', 424, 'invalid_credentials'),
  },
  ...[301, 308].map((status): Row => ({
    fact: `Nango redirects nothing: with a ${status} for the connection the base URL is wrong`,
    of: PROXIED,
    got: answer(status),
    connection: answer(status),
    is: final('Nango.Misconfigured', status),
  })),
  ...[doubtful, coded(404, 'unknown_provider_config'), coded(424, 'server_error'), html(404), answer(301)].map(
    (got): Row => ({
      fact: `with a sound connection the ${got.status} (${got.body.length}) was the provider’s`,
      of: PROXIED,
      got,
      connection: answer(200, { id: 1, connection_id: 'c' }),
      is: final('Nango.ProviderRejected', got.status),
    }),
  ),
  {
    fact: 'a gateway’s page for the connection says nothing of the base URL',
    of: ['read', 'keyed write'],
    got: doubtful,
    connection: html(503),
    is: again('Nango.Unavailable', 503),
  },
  {
    fact: 'pages for everything are not Nango',
    of: PROXIED,
    got: html(404),
    connection: html(200),
    is: final('Nango.Misconfigured', 200),
  },
  {
    fact: 'a Nango that is gone meanwhile leaves open whose the error was',
    of: ['read', 'keyed write'],
    got: doubtful,
    connection: network('ECONNRESET'),
    is: again('Nango.Unavailable', undefined, 'ECONNRESET'),
  },
  {
    fact: 'a Nango that is gone meanwhile leaves open whose the error of a write was',
    of: ['write'],
    got: doubtful,
    connection: network('DEADLINE'),
    is: unknown(undefined, 'DEADLINE'),
  },
  {
    fact: 'a Nango that fails meanwhile leaves open whose the error was',
    of: ['read', 'keyed write'],
    got: doubtful,
    connection: coded(500, 'server_error'),
    is: again('Nango.Unavailable', 500, 'server_error'),
  },
  {
    fact: 'a Nango whose limit is reached meanwhile leaves open whose the error was',
    of: ['read', 'keyed write'],
    got: doubtful,
    connection: answer(429, { error: { code: 'too_many_request', method: 'GET', path: '/x' } }, { 'retry-after': '4' }),
    is: { ...again('Nango.RateLimited', 429, 'too_many_request'), retryAfterMs: 4_000 },
  },
];

const actionRows: Row[] = [
  {
    fact: 'an action on a missing connection is 400 unknown_connection',
    of: ACTIONS,
    got: coded(400, 'unknown_connection'),
    is: final('Nango.ConnectionNotFound', 400, 'unknown_connection'),
  },
  ...['unknown_provider', 'unknown_provider_config'].map((code): Row => ({
    fact: `an action on an unknown integration is 400 ${code}`,
    of: ACTIONS,
    got: coded(400, code),
    is: final('Nango.IntegrationNotFound', 400, code),
  })),
  {
    fact: 'an unknown POST path of Nango answers 404 with a page',
    of: ACTIONS,
    got: html(404),
    is: final('Nango.Misconfigured', 404),
  },
  ...['not_found', 'disabled_resource'].map((code): Row => ({
    fact: `an action that is missing or disabled is 404 ${code}`,
    of: ACTIONS,
    got: coded(404, code),
    is: final('Nango.ActionNotFound', 404, code),
  })),
  ...['invalid_action_input', 'invalid_action_output'].map((code): Row => ({
    fact: `an action that refuses input or output is 400 ${code}`,
    of: ACTIONS,
    got: coded(400, code, { message: 'no', payload: [] }),
    is: final('Nango.ActionInvalid', 400, code),
  })),
  ...[
    [500, 'action_script_runtime_error'],
    [500, 'script_internal_error'],
    [410, 'script_aborted'],
    [500, 'function_runtime_out_of_memory'],
    [500, 'function_runtime_timed_out'],
    [500, 'function_runtime_other'],
  ].map(([status, code]): Row => ({
    fact: `an action ends with an error of its own as ${status} ${code}`,
    of: ACTIONS,
    got: coded(Number(status), String(code), { payload: { message: 'no' } }),
    is: final('Nango.ActionFailed', Number(status), String(code)),
  })),
  {
    fact: 'inside an action the provider answered 503: 424 script_http_error with upstream.status',
    of: ['keyed action'],
    got: coded(424, 'script_http_error', { upstream: { status: 503, headers: {}, body: {} } }),
    is: again('Nango.ProviderUnavailable', 503, 'script_http_error'),
  },
  {
    fact: 'inside an action the provider answered 429: 424 script_http_error with upstream.status',
    of: ['keyed action'],
    got: coded(424, 'script_http_error', { upstream: { status: 429, headers: {}, body: {} } }),
    is: again('Nango.ProviderRateLimited', 429, 'script_http_error'),
  },
  {
    fact: 'a 429 inside an action is also said as 424 script_api_rate_limit_error',
    of: ['keyed action'],
    got: coded(424, 'script_api_rate_limit_error', { payload: {} }),
    is: again('Nango.ProviderRateLimited', 429, 'script_api_rate_limit_error'),
  },
  {
    fact: 'inside an action the provider refused',
    of: ACTIONS,
    got: coded(424, 'script_http_error', { upstream: { status: 404, headers: {}, body: {} } }),
    is: final('Nango.ActionFailed', 404, 'script_http_error'),
  },
  {
    fact: 'an action whose provider failed may have done a part: it is not repeated unless keyed',
    of: ['action'],
    got: coded(424, 'script_http_error', { upstream: { status: 503, headers: {}, body: {} } }),
    is: final('Nango.ActionFailed', 503, 'script_http_error'),
  },
  {
    fact: 'an action that was limited may have done a part: it is not repeated unless keyed',
    of: ['action'],
    got: coded(424, 'script_api_rate_limit_error', { payload: {} }),
    is: final('Nango.ActionFailed', 429, 'script_api_rate_limit_error'),
  },
  {
    fact: 'an error inside an action that names no status is the action’s',
    of: ACTIONS,
    got: coded(424, 'script_http_error', { payload: {} }),
    is: final('Nango.ActionFailed', 424, 'script_http_error'),
  },
  {
    fact: 'any other 424 of an action is a refresh that fails',
    of: ['keyed action'],
    got: coded(424, 'connection_refresh_backoff'),
    is: refreshing(true, 424, 'connection_refresh_backoff'),
  },
  {
    fact: 'an action whose token is not fresh did not start: its workflow schedules it anew',
    of: ['action'],
    got: coded(424, 'connection_refresh_backoff'),
    is: refreshing(false, 424, 'connection_refresh_backoff'),
  },
  ...['script_network_error', 'execution_timeout', 'action_script_failure', 'internal_server_error'].flatMap(
    (code): Row[] => [
      {
        fact: `500 ${code} says nothing of what the action has done`,
        of: ['action'],
        got: coded(500, code),
        is: unknown(500, code),
      },
      {
        fact: `500 ${code} of a keyed action is tried again`,
        of: ['keyed action'],
        got: coded(500, code),
        is: again('Nango.Unavailable', 500, code),
      },
    ],
  ),
  {
    fact: 'a gateway in front of Nango answers 504 with a page while the action runs on',
    of: ['action'],
    got: html(504),
    is: unknown(504),
  },
  {
    fact: 'a body that the schema refuses is 400 invalid_body',
    of: ACTIONS,
    got: coded(400, 'invalid_body'),
    is: final('Nango.InvalidRequest', 400, 'invalid_body'),
  },
];

/** Without what is undefined or says nothing, so that verdicts compare by what they say. */
function said(verdict: ReturnType<typeof classify>): unknown {
  if (typeof verdict !== 'object') return verdict;
  return Object.fromEntries(Object.entries(verdict).filter(([, value]) => value !== undefined && value !== ''));
}

describe.each<[string, Row[]]>([
  ['no answer', networkRows],
  ['a success', successRows],
  ['an error that is the same on every route', commonRows],
  ['an error of management', managementRows],
  ['an error of the proxy', proxyRows],
  ['a doubtful error of the proxy, once the connection was asked', connectionRows],
  ['an error of an action', actionRows],
])('%s', (_, rows) => {
  const cases = rows.flatMap(({ of, ...row }) => of.map((request) => ({ request, ...row })));
  test.each(cases)('$request: $fact', ({ request, got, connection, is }) => {
    expect(said(classify(REQUESTS[request], got, NOW, connection))).toEqual(said(is));
  });
});

describe('what a provider says', () => {
  const CANARY = 'canary';
  const words = {
    error: {
      code: `${CANARY}-1 said so`,
      message: `Insufficient scope. Required: ${CANARY} no`,
      method: CANARY,
      upstream: { status: 500, body: CANARY },
      payload: { [CANARY]: CANARY },
    },
    message: CANARY,
    code: CANARY,
  };
  const bodies: [string, unknown][] = [
    ['an error of words', words],
    ['an error whose code looks like Nango’s', { error: { ...words.error, code: `${CANARY}_code` } }],
    ['a scope that is none', { error: { code: 'forbidden', message: `Required one of: ${CANARY}:read` } }],
    ['a code beside a message', { message: CANARY, code: `${CANARY}_code` }],
    ['a code beside a message, in capitals', { message: CANARY, code: `E_${CANARY.toUpperCase()}`, extra: CANARY }],
    ['text', CANARY],
  ];
  const statuses = [301, 400, 401, 402, 403, 404, 409, 410, 422, 424, 429, 500, 502, 503];
  const headers = { 'retry-after': CANARY, 'x-ratelimit-reset': CANARY, location: CANARY, 'x-request-id': CANARY };

  test.each(bodies)('never gets into a failure of a proxied call: %s', (_, body) => {
    for (const status of statuses) {
      for (const request of PROXIED) {
        const asked = classify(REQUESTS[request], answer(status, body, headers), NOW);
        const verdict =
          asked === ASK_CONNECTION
            ? classify(REQUESTS[request], answer(status, body, headers), NOW, answer(200, {}))
            : asked;
        if (typeof verdict !== 'object') throw new Error(`${status} was taken for a success`);
        const failure = failureOf(verdict);
        expect(JSON.stringify([failure.message, failure.details, failure.stack])).not.toMatch(/canary/i);
      }
    }
  });

  test('never gets into a failure of an action, whose codes are Nango’s', () => {
    const { upstream, payload } = words.error;
    for (const code of ['script_http_error', 'action_script_runtime_error', 'invalid_action_output', 'x y canary']) {
      for (const request of ACTIONS) {
        const body = { error: { code, message: CANARY, upstream, payload } };
        const verdict = classify(REQUESTS[request], answer(424, body, headers), NOW);
        if (typeof verdict !== 'object') throw new Error('was taken for a success');
        const failure = failureOf(verdict);
        expect(JSON.stringify([failure.message, failure.details])).not.toContain(CANARY);
      }
    }
  });
});

describe('a failure', () => {
  test('says the verdict in numbers and codes, and when to come back', () => {
    const failure = failureOf({
      type: 'Nango.RateLimited',
      retryable: true,
      status: 429,
      code: 'too_many_request',
      retryAfterMs: 5_000,
    });
    expect(failure).toMatchObject({ type: 'Nango.RateLimited', nonRetryable: false, nextRetryDelay: 5_000 });
    expect(detailsOf(failure)).toEqual({ status: 429, code: 'too_many_request', retryAfterMs: 5_000 });
    expect(failure.message).toBe(MESSAGES['Nango.RateLimited']);
  });

  test('is not retried when the verdict says so', () => {
    expect(failureOf(final('Nango.ProviderRejected', 409)).nonRetryable).toBe(true);
  });

  test('names the scope that the key lacks', () => {
    const { message } = failureOf({ ...final('Nango.Forbidden', 403, 'forbidden'), scope: 'environment:proxy' });
    expect(message).toContain('environment:proxy');
  });

  test('names the variable of a key that Nango does not know', () => {
    expect(failureOf(final('Nango.Misconfigured', 401, 'unknown_account')).message).toContain(
      'NANGO_TOOLBOX_SECRET_KEY',
    );
  });

  test('names the variable of a base URL at which something else answers', () => {
    expect(failureOf(final('Nango.Misconfigured', 200)).message).toContain('NANGO_SERVER_URL');
  });
});
