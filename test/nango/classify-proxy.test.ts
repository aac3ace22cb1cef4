import exchanges from '../fixtures/nango-errors/proxy.json';
import { RECHECK_CONNECTION } from '../../src/nango/verdict/verdict';
import {
  after,
  again,
  response,
  coded,
  final,
  html,
  notRun,
  PROXIED,
  refreshing,
  testRows,
  unknown,
} from './classify-rows';
import type { Row } from './classify-rows';
import { testRecorded } from './recorded';
import type { Expectation } from './recorded';

// Nango's proxy marks nothing: whose an error is, its own code, its status and the connection tell.

/** 400, 404 and 424 with a code may be Nango's: the connection is asked. */
const doubtful = (rule: string): Expectation => ({ rule, every: RECHECK_CONNECTION });
/** A provider's refusal comes through as it was. */
const rejected = (status: number): Expectation => ({
  rule: 'a refusal without a code is the provider’s',
  every: final('Nango.ProviderRejected', status),
});
/** A provider's failure comes through as it was; a write may have run. */
const failed = (status: number): Expectation => ({
  rule: 'a failure without a code is the provider’s',
  read: again('Nango.ProviderUnavailable', status),
  'keyed write': again('Nango.ProviderUnavailable', status),
  write: unknown(status),
});

describe('a recorded error of the proxy', () =>
  testRecorded(exchanges, PROXIED, {
    'a provider without a base URL': doubtful('it is 400 with the word that is its code'),
    'no connection id': doubtful('refused headers are 400 invalid_headers'),
    'no integration': doubtful('refused headers are 400 invalid_headers'),
    'an unknown connection': doubtful('it is 400 server_error, as a failed refresh is'),
    'an unknown integration': doubtful('it is 404, and a provider may use the same word'),
    'a base URL that is refused': doubtful('refused headers are 400 invalid_headers'),
    'a Retry-On that is refused': doubtful('refused headers are 400 invalid_headers'),
    'a Retries that is refused': doubtful('refused headers are 400 invalid_headers'),
    'a base URL that is not allowed': doubtful('it is 400 with a code of its own'),
    'no key': {
      rule: 'keys are refused as on every route',
      every: final('Nango.Misconfigured', 401, 'missing_auth_header'),
    },
    '301 of the provider': doubtful('a redirect may be that of a base URL with http for https'),
    '304 of the provider': {
      rule: 'an unchanged resource is not a redirect, and has no body',
      every: final('Nango.ProviderRejected', 304),
    },
    '400 of the provider': rejected(400),
    '401 of the provider': rejected(401),
    '403 of the provider': rejected(403),
    '404 of the provider': rejected(404),
    '409 of the provider': rejected(409),
    '418 of the provider': rejected(418),
    '422 of the provider': rejected(422),
    '500 of the provider': failed(500),
    '503 of the provider': failed(503),
    '504 of the provider': failed(504),
    'a page of the provider with 500': {
      rule: 'the header of Nango’s limit says that the page has come through Nango',
      read: again('Nango.ProviderUnavailable', 500),
      'keyed write': again('Nango.ProviderUnavailable', 500),
      write: unknown(500),
    },
    'a provider that hangs up': {
      rule: 'a provider that was not heard is a 500 of Nango’s making, of code and method without error',
      read: again('Nango.ProviderUnavailable', 500, 'ECONNRESET'),
      'keyed write': again('Nango.ProviderUnavailable', 500, 'ECONNRESET'),
      write: unknown(500, 'ECONNRESET'),
    },
    '429 of the provider': {
      rule: 'its Retry-After came through, among the headers of Nango’s own limit',
      read: after(1_000, again('Nango.ProviderRateLimited', 429)),
      'keyed write': after(1_000, again('Nango.ProviderRateLimited', 429)),
      write: notRun(after(1_000, final('Nango.ProviderRateLimited', 429))),
    },
    'a proxied call soon after a failed refresh': {
      rule: 'for 30 s nothing is sent, though the old token may still work; the workflow of a write schedules it anew',
      read: refreshing(true, 424, 'connection_refresh_backoff'),
      'keyed write': refreshing(true, 424, 'connection_refresh_backoff'),
      write: notRun(refreshing(false, 424, 'connection_refresh_backoff')),
    },
  }));

/** Codes of an exchange that broke off: the provider may have carried out a write. */
const BROKE_OFF = [
  'ECONNABORTED',
  'ECONNRESET',
  'EPIPE',
  'EPROTO',
  'ETIMEDOUT',
  'ERR_BAD_REQUEST',
  'ERR_BAD_RESPONSE',
  'ERR_CANCELED',
  'ERR_FR_TOO_MANY_REDIRECTS',
  'ERR_NETWORK',
  'ERR_SOCKET_CLOSED',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
/** Codes of a connection to the provider that was never made. */
const NEVER_SENT = ['EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND'];

const unreached: Row[] = [
  ...NEVER_SENT.flatMap((code): Row[] => {
    const got = response(500, { message: '', code, method: 'get' });
    return [
      {
        fact: `${code}: a provider that was not reached is asked again`,
        of: ['read', 'keyed write'],
        got,
        is: again('Nango.ProviderUnavailable', 500, code),
      },
      {
        fact: `${code}: a write to a provider that was not reached surely did not run`,
        of: ['write'],
        got,
        is: final('Nango.ProviderUnavailable', 500, code),
      },
    ];
  }),
  ...BROKE_OFF.flatMap((code): Row[] => {
    const got = response(500, { message: '', code, method: 'post' });
    return [
      {
        fact: `${code}: a provider that hung up is asked again`,
        of: ['read', 'keyed write'],
        got,
        is: again('Nango.ProviderUnavailable', 500, code),
      },
      {
        fact: `${code}: a provider that hung up may have carried out a write`,
        of: ['write'],
        got,
        is: unknown(500, code),
      },
    ];
  }),
  ...[
    { message: 'no', code: 'jane_doe' },
    { message: 'no', code: 'jane_doe', method: 'get' },
    { message: 'no', code: 'XECONNREFUSED', method: 'get' },
    { message: 'no', code: 'ECONNREFUSEDX', method: 'get' },
    { message: 'no', code: 500, method: 'get' },
    { message: 'no', code: ['ECONNREFUSED'], method: 'get' },
    { message: 'no', code: 'ECONNREFUSED' },
    { message: 'no', code: 'ECONNREFUSED', method: 1 },
    { message: 1, code: 'ECONNREFUSED', method: 'get' },
    { code: 'ECONNREFUSED', method: 'get' },
    { message: 'no', code: 'ECONNREFUSED', method: 'get', error: {} },
    { message: 'no', code: 'ECONNREFUSED', method: 'get', error: null },
  ].map((body): Row => ({
    fact: `a code of the provider’s own, beside a message, is not told (${JSON.stringify(body)})`,
    of: ['read'],
    got: response(500, body),
    is: again('Nango.ProviderUnavailable', 500),
  })),
  {
    fact: 'a provider that hung up is told by its code, whatever the content type',
    of: ['read', 'keyed write'],
    got: response(500, { message: '', code: 'ECONNRESET', method: 'get' }, { 'content-type': 'text/html' }),
    is: again('Nango.ProviderUnavailable', 500, 'ECONNRESET'),
  },
  {
    fact: 'Nango could not reach the provider only where it says 5xx',
    of: PROXIED,
    got: response(499, { message: '', code: 'ECONNREFUSED', method: 'get' }),
    is: final('Nango.ProviderRejected', 499),
  },
];

const failures: Row[] = [
  ...[response(500), coded(500, 'generic_error_support'), coded(503, ''), html(500), html(502)].flatMap(
    (got): Row[] => [
      {
        fact: `an internal error of Nango has an empty body or a code, one of its gateway is a page (${got.status}, ${got.body.length})`,
        of: ['read', 'keyed write'],
        got,
        is: again('Nango.Unavailable', got.status),
      },
      {
        fact: `an internal error leaves open whether a write ran (${got.status}, ${got.body.length})`,
        of: ['write'],
        got,
        is: unknown(got.status),
      },
    ],
  ),
  {
    fact: 'a failure of the provider may have a body of any form',
    of: ['read', 'keyed write'],
    got: response(503, { status: 'maintenance' }),
    is: again('Nango.ProviderUnavailable', 503),
  },
];

const BACKING_OFF = 'A recent refresh attempt failed. Backing off before retrying.';
/** What looks like a refusal of Nango's own that lets a write be sent again. */
const IMITATED: [string, unknown][] = [
  ['another message', { error: { code: 'connection_refresh_backoff', message: `${BACKING_OFF} Or not.` } }],
  [
    'the message in other letters',
    { error: { code: 'connection_refresh_backoff', message: BACKING_OFF.toUpperCase() } },
  ],
  ['no message', { error: { code: 'connection_refresh_backoff' } }],
  ['a message that is no text', { error: { code: 'connection_refresh_backoff', message: [BACKING_OFF] } }],
  ['a field more in the error', { error: { code: 'connection_refresh_backoff', message: BACKING_OFF, id: 'x' } }],
  ['a field beside the error', { error: { code: 'connection_refresh_backoff', message: BACKING_OFF }, id: 1 }],
  ['another code', { error: { code: 'server_error', message: BACKING_OFF } }],
];

const refusals: Row[] = [
  ...IMITATED.map(([what, body]): Row => ({
    fact: `in back-off Nango says one thing to the letter: with ${what} it may be the provider’s`,
    of: PROXIED,
    got: response(424, body),
    is: RECHECK_CONNECTION,
  })),
  {
    fact: 'in back-off Nango says 424: with 400 the same may be the provider’s',
    of: PROXIED,
    got: response(400, { error: { code: 'connection_refresh_backoff', message: BACKING_OFF } }),
    is: RECHECK_CONNECTION,
  },
  {
    fact: 'in back-off Nango says 424, whatever else has that code is the provider’s',
    of: PROXIED,
    got: coded(409, 'connection_refresh_backoff'),
    is: final('Nango.ProviderRejected', 409),
  },
  ...[400, 404, 409, 422, 424].map((status): Row => ({
    fact: `Nango’s own errors have error.code: a ${status} without is the provider’s`,
    of: PROXIED,
    got: response(status, { message: 'no', code: 'x' }),
    is: final('Nango.ProviderRejected', status),
  })),
  {
    fact: 'Nango’s own errors have error.code as text: a number is the provider’s',
    of: PROXIED,
    got: response(404, { error: { code: 404, message: 'no' } }),
    is: final('Nango.ProviderRejected', 404),
  },
  ...[402, 405, 409, 410, 415, 422, 499].flatMap((status): Row[] => [
    {
      fact: `of the 4xx of the proxy only 400, 404 and 424 may be Nango’s: ${status} is the provider’s, code or not`,
      of: PROXIED,
      got: coded(status, 'invalid'),
      is: final('Nango.ProviderRejected', status),
    },
    {
      fact: `of the 4xx of the proxy only 400, 404 and 424 may be Nango’s: ${status} is the provider’s, page or not`,
      of: PROXIED,
      got: html(status),
      is: final('Nango.ProviderRejected', status),
    },
  ]),
  ...[199, 300, 304, 305, 306, 309].map((status): Row => ({
    fact: `${status} asks for no other address`,
    of: PROXIED,
    got: response(status),
    is: final('Nango.ProviderRejected', status),
  })),
  ...[301, 302, 303, 307, 308].map((status): Row => ({
    fact: `a ${status} is the provider’s, or that of a base URL with http for https`,
    of: PROXIED,
    got: response(status),
    is: RECHECK_CONNECTION,
  })),
  ...[400, 404, 424].flatMap((status): Row[] => [
    {
      fact: `the proxy marks nothing: ${status} with a code is Nango’s or the provider’s`,
      of: PROXIED,
      got: coded(status, 'any_code'),
      is: RECHECK_CONNECTION,
    },
    {
      fact: `${status} with a page comes of a wrong base URL, or is the provider’s`,
      of: PROXIED,
      got: html(status),
      is: RECHECK_CONNECTION,
    },
  ]),
];

describe('a provider that Nango did not reach', () => testRows(unreached));
describe('a failure through the proxy', () => testRows(failures));
describe('a refusal through the proxy', () => testRows(refusals));
