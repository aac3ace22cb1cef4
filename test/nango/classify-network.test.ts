import { again, EVERY, final, network, notRun, ONCE, PROXIED, REPEATABLE, testRows, unknown } from './classify-rows';
import type { Row } from './classify-rows';

// No answer came. The codes are Node's and those of the HTTP client.

/** Codes of a connection that was never made: nothing was sent. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];
/** Codes after which the request may have been carried out. */
const MAY_HAVE_RUN = [
  // Said of a connection that is being made, and of one that was lost after the request had left.
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'DEADLINE',
  'UNKNOWN',
];
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
/** Codes that only begin or end like one of those. */
const ALIKE = [
  'ECONNREFUSED_',
  '_ECONNREFUSED',
  'EPROTOTYPE',
  '_EPROTO',
  'DEPTH_ZERO_SELF_SIGNED_CERT_',
  'SELF_SIGNED_CERT_IN_CHAIN_',
];

const rows: Row[] = [
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
      is: notRun(final('Nango.Unavailable', undefined, code)),
    },
  ]),
  ...['DEADLINE', 'EHOSTUNREACH', 'UNKNOWN'].map((code): Row => ({
    fact: `whatever its code, a request that has not left did not run (${code})`,
    of: ONCE,
    got: { kind: 'networkError', code, unsent: true },
    is: notRun(final('Nango.Unavailable', undefined, code)),
  })),
  {
    fact: 'whatever its code, a request that has not left may leave again',
    of: REPEATABLE,
    got: { kind: 'networkError', code: 'DEADLINE', unsent: true },
    is: again('Nango.Unavailable', undefined, 'DEADLINE'),
  },
  ...[...MAY_HAVE_RUN, ...ALIKE].flatMap((code): Row[] => [
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
    of: EVERY,
    got: network(code),
    is: final('Nango.Misconfigured', undefined, code),
  })),
  {
    fact: 'what the parser refuses is no HTTP',
    of: REPEATABLE,
    got: network('HPE_INVALID'),
    is: final('Nango.Misconfigured', undefined, 'HPE_INVALID'),
  },
  {
    fact: 'an answer that breaks off in its middle looks like one that is no HTTP, and then a write has run',
    of: ONCE,
    got: network('HPE_INVALID'),
    is: unknown(undefined, 'HPE_INVALID'),
  },
  {
    fact: 'a request that the client cannot write is not sent',
    of: EVERY,
    got: network('UND_ERR_INVALID_ARG'),
    is: final('Nango.InvalidRequest', undefined, 'UND_ERR_INVALID_ARG'),
  },
  {
    fact: 'an answer over the limit of this client is not read to its end',
    of: EVERY,
    got: network('TOO_LARGE'),
    is: final('Nango.ResponseTooLarge', undefined, 'TOO_LARGE'),
  },
  {
    fact: 'an answer over the limit of this client has a status: a write was carried out',
    of: EVERY,
    got: { kind: 'networkError', code: 'TOO_LARGE', status: 201 },
    is: final('Nango.ResponseTooLarge', 201, 'TOO_LARGE'),
  },
  {
    fact: 'a 5xx over the limit of this client says no more of a write than any 5xx',
    of: ONCE,
    got: { kind: 'networkError', code: 'TOO_LARGE', status: 503 },
    is: unknown(503, 'TOO_LARGE'),
  },
  {
    fact: 'a 5xx over the limit of this client may pass',
    of: REPEATABLE,
    got: { kind: 'networkError', code: 'TOO_LARGE', status: 503 },
    is: again('Nango.Unavailable', 503, 'TOO_LARGE'),
  },
  {
    fact: 'a refusal over the limit of this client is one: nothing was carried out',
    of: PROXIED,
    got: { kind: 'networkError', code: 'TOO_LARGE', status: 409 },
    is: final('Nango.ProviderRejected', 409, 'TOO_LARGE'),
  },
];

describe('no answer', () => testRows(rows));
