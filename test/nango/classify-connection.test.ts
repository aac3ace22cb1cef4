import connections from '../fixtures/nango-errors/connections.json';
import proxy from '../fixtures/nango-errors/proxy.json';
import {
  after,
  again,
  response,
  coded,
  final,
  html,
  judge,
  network,
  NOW,
  PROXIED,
  refreshing,
  said,
  testRows,
  unknown,
} from './classify-rows';
import type { Judged, Request, Row } from './classify-rows';
import { responseOf } from './recorded';

// A doubtful error of the proxy, once the connection was asked: its state tells whose the error was.

const SOUND = response(200, { id: 1, connection_id: 'c' });

/** Every recorded error of the proxy that is doubtful, and what it was if the connection is sound: the provider's. */
const DOUBTFUL: [keyof typeof proxy, Judged][] = [
  ['a provider without a base URL', final('Nango.ProviderRejected', 400)],
  ['no connection id', final('Nango.ProviderRejected', 400)],
  ['no integration', final('Nango.ProviderRejected', 400)],
  ['an unknown connection', final('Nango.ProviderRejected', 400)],
  ['an unknown integration', final('Nango.ProviderRejected', 404)],
  ['a base URL that is refused', final('Nango.ProviderRejected', 400)],
  ['a Retry-On that is refused', final('Nango.ProviderRejected', 400)],
  ['a Retries that is refused', final('Nango.ProviderRejected', 400)],
  ['a base URL that is not allowed', final('Nango.ProviderRejected', 400)],
  ['301 of the provider', final('Nango.ProviderRejected', 301)],
];

/** Every recorded answer to reading a connection that says something of it. */
const STATES: [keyof typeof connections, { [request in Request | 'every' | 'redirected write']?: Judged }][] = [
  [
    'a read of a missing connection',
    { every: final('Nango.ConnectionNotFound', 404, 'not_found'), 'redirected write': unknown(301) },
  ],
  [
    'a read with an unknown integration',
    { every: final('Nango.IntegrationNotFound', 400, 'unknown_provider_config'), 'redirected write': unknown(301) },
  ],
  [
    'a read whose refresh failed',
    {
      read: refreshing(true, 400, 'invalid_credentials'),
      'keyed write': refreshing(true, 400, 'invalid_credentials'),
      write: refreshing(false, 400, 'invalid_credentials'),
      'redirected write': unknown(301),
    },
  ],
  [
    'a read soon after a failed refresh',
    {
      read: refreshing(true, 424, 'invalid_credentials'),
      'keyed write': refreshing(true, 424, 'invalid_credentials'),
      write: refreshing(false, 424, 'invalid_credentials'),
      'redirected write': unknown(301),
    },
  ],
  [
    'the limit of Nango',
    {
      // Said once there is no time left to ask again.
      read: after(20_000, again('Nango.Unavailable', 429, 'too_many_request')),
      'keyed write': after(20_000, again('Nango.Unavailable', 429, 'too_many_request')),
      write: unknown(429, 'too_many_request'),
    },
  ],
];

describe.each(DOUBTFUL)('recorded: %s', (doubtful, withSound) => {
  test.each(PROXIED)('%s: with a sound connection it was the provider’s', (request) => {
    expect(said(judge(request, responseOf(proxy[doubtful]), SOUND))).toEqual(said(withSound));
  });

  const states = STATES.flatMap(([state, expected]) =>
    PROXIED.map((request) => {
      // Whatever the connection says of itself, the provider that redirected a write may have carried it out.
      const redirected = request === 'write' && doubtful === '301 of the provider';
      return {
        request,
        state,
        is: (redirected && expected['redirected write']) || (expected[request] ?? expected.every),
      };
    }),
  );
  test.each(states)('$request: the connection answers with $state', ({ request, state, is }) => {
    expect(said(judge(request, responseOf(proxy[doubtful]), responseOf(connections[state])))).toEqual(said(is));
  });
});

const doubtful = coded(400, 'server_error', { message: 'x' });
const rows: Row[] = [
  ...[400, 424].map((status): Row => ({
    fact: `a refresh that Nango has given up is ${status} invalid_credentials too, and only the message says so`,
    of: PROXIED,
    got: coded(424, 'server_error'),
    connection: coded(status, 'invalid_credentials', {
      message: 'The refresh limit has been reached for this connection.',
      payload: { connection: {} },
    }),
    is: final('Nango.ReconnectRequired', status, 'invalid_credentials'),
  })),
  ...['Soon: The refresh limit has been reached', 'The refresh limit has been reachedX'].map((message): Row => ({
    fact: `words that are not those say only that a refresh fails (${message})`,
    of: ['read'],
    got: coded(424, 'server_error'),
    connection: coded(424, 'invalid_credentials', { message }),
    is: refreshing(true, 424, 'invalid_credentials'),
  })),
  {
    fact: 'a key that may not read connections cannot tell: what it lacks is said',
    of: PROXIED,
    got: doubtful,
    connection: coded(403, 'forbidden', {
      message: 'Insufficient scope. Required one of: environment:connections:read or x',
    }),
    is: { ...final('Nango.Forbidden', 403, 'forbidden'), scope: 'environment:connections:read' },
  },
  {
    fact: 'a key that has been revoked in the meantime is an operator’s matter',
    of: PROXIED,
    got: doubtful,
    connection: coded(401, 'unknown_account'),
    is: final('Nango.Misconfigured', 401, 'unknown_account'),
  },
  ...[
    coded(403, 'forbidden', { message: 'Insufficient scope. Required: environment:connections:read' }),
    coded(401, 'unknown_account'),
    coded(424, 'invalid_credentials', { message: 'The refresh limit has been reached for this connection.' }),
  ].map((connection): Row => ({
    fact: `a provider that redirects a write may have carried it out, whatever the connection says then (${connection.status})`,
    of: ['write'],
    got: response(303),
    connection,
    is: unknown(303),
  })),
  {
    fact: 'what a provider says of refreshing is not believed: only the connection is',
    of: PROXIED,
    got: coded(424, 'invalid_credentials', { message: 'The refresh limit has been reached' }),
    connection: SOUND,
    is: final('Nango.ProviderRejected', 424),
  },
  ...[301, 302, 303, 307, 308].map((status): Row => ({
    fact: `Nango redirects nothing: with a ${status} for the connection the base URL is wrong`,
    of: PROXIED,
    got: response(status),
    connection: response(status),
    is: final('Nango.Misconfigured', status),
  })),
  ...[
    coded(404, 'x'),
    coded(424, 'x'),
    html(400),
    html(404),
    html(424),
    ...[301, 302, 303, 307, 308].map((status) => response(status)),
  ].map((got): Row => ({
    fact: `with a sound connection the ${got.status} (${got.body.length}) was the provider’s`,
    of: PROXIED,
    got,
    connection: SOUND,
    is: final('Nango.ProviderRejected', got.status),
  })),
  ...[html(500), html(503)].map((connection): Row => ({
    fact: `a gateway’s page for the connection says nothing of the base URL (${connection.status})`,
    of: ['read', 'keyed write'],
    got: doubtful,
    connection,
    is: again('Nango.Unavailable', connection.status),
  })),
  ...[html(200), html(404), html(499)].map((connection): Row => ({
    fact: `pages for everything are not Nango (${connection.status})`,
    of: PROXIED,
    got: html(404),
    connection,
    is: final('Nango.Misconfigured', connection.status),
  })),
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
  ...[response(408), html(408), html(429)].flatMap((connection): Row[] => [
    {
      fact: `a gateway that turns the question away leaves open whose the error was (${connection.status}, ${connection.body.length})`,
      of: ['write'],
      got: doubtful,
      connection,
      is: unknown(connection.status),
    },
  ]),
  {
    fact: 'a Nango that fails meanwhile leaves open whose the error of a write was',
    of: ['write'],
    got: doubtful,
    connection: coded(500, 'server_error'),
    is: unknown(500, 'server_error'),
  },
  {
    fact: 'the limiter’s reset counts against the answer’s own date',
    of: ['read'],
    got: doubtful,
    connection: response(
      429,
      { error: { code: 'too_many_request', method: 'GET', path: '/x' } },
      { date: new Date(NOW + 600_000).toUTCString(), 'x-ratelimit-reset': String(NOW / 1000 + 604) },
    ),
    is: after(4_000, again('Nango.Unavailable', 429, 'too_many_request')),
  },
];

// A key that may not see credentials gets 200 whatever the refresh did; `errors` says what.
const FLAGGED = response(200, { connection_id: 'c', errors: [{ type: 'auth', log_id: '1' }], credentials: {} });
const NO_CREDENTIALS = "Failed to get connection credentials: 'It was refused.'";

const narrow: Row[] = [
  ...[coded(400, 'server_error', { message: NO_CREDENTIALS }), coded(424, 'connection_refresh_backoff')].flatMap(
    (got): Row[] => [
      {
        fact: `a flagged connection and ${got.status} that speaks of its refresh: it fails`,
        of: ['read', 'keyed write'],
        got,
        connection: FLAGGED,
        is: refreshing(true, got.status, got.status === 400 ? 'server_error' : 'connection_refresh_backoff'),
      },
      {
        fact: `a flagged connection does not say that a write did not run (${got.status})`,
        of: ['write'],
        got,
        connection: FLAGGED,
        is: refreshing(false, got.status, got.status === 400 ? 'server_error' : 'connection_refresh_backoff'),
      },
    ],
  ),
  {
    fact: 'a flagged connection and 424 server_error: Nango has given the refresh up',
    of: PROXIED,
    got: coded(424, 'server_error', { message: NO_CREDENTIALS }),
    connection: FLAGGED,
    is: final('Nango.ReconnectRequired', 424, 'server_error'),
  },
  ...[
    coded(400, 'taken', { message: NO_CREDENTIALS }),
    coded(400, 'server_error', { message: `Soon: ${NO_CREDENTIALS}` }),
    coded(400, 'server_error', { message: 'Failed to get connection credentialsX' }),
    coded(404, 'server_error', { message: NO_CREDENTIALS }),
    coded(424, 'taken'),
  ].map((got): Row => ({
    fact: `a flag may be old: ${got.status} ${got.body.toString()} is the provider’s`,
    of: PROXIED,
    got,
    connection: FLAGGED,
    is: final('Nango.ProviderRejected', got.status),
  })),
  ...[
    response(200, { connection_id: 'c', errors: [] }),
    response(200, { connection_id: 'c', errors: [{ type: 'sync', log_id: '1' }] }),
    response(200, { connection_id: 'c', errors: 'auth' }),
    response(200, { connection_id: 'c', errors: [null, 'auth', { type: ['auth'] }] }),
    response(404, { errors: [{ type: 'auth' }] }),
  ].map((connection): Row => ({
    fact: `without a flag the same is the provider’s (${connection.body.toString()})`,
    of: PROXIED,
    got: coded(400, 'server_error', { message: NO_CREDENTIALS }),
    connection,
    is: final('Nango.ProviderRejected', 400),
  })),
];

describe('an answer that was not recorded', () => testRows(rows));
describe('a key that may not see credentials', () => testRows(narrow));
