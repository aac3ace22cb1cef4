import { isWrite } from '../../src/contract/rules/check-call';
import { classifyActionResult, PENDING } from '../../src/nango/verdict/classify-action-result';
import type { HttpResponse, NetworkError } from '../../src/nango/http/outcome';
import type { Verdict } from '../../src/nango/verdict/verdict';

// What an answer to GET /action/:id means, for an action that may be carried out twice and for one that may not. The
// verdicts are written by hand.

const NOW = Date.parse('Thu, 01 Jan 2026 00:00:00 GMT');

type Kind = 'write' | 'repeatable';
const BOTH: Kind[] = ['write', 'repeatable'];
const isRepeatable = (kind: Kind): boolean => !isWrite({ action: 'a', async: true, idempotent: kind === 'repeatable' });

function response(status: number, body?: unknown, headers: Record<string, string> = {}): HttpResponse {
  return {
    kind: 'response',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
  };
}
const coded = (status: number, code: string, more: object = {}): HttpResponse =>
  response(status, { error: { code, ...more } });
const html = (status: number): HttpResponse => ({
  ...response(status),
  headers: { 'content-type': 'text/html; charset=utf-8' },
});
const network = (code: string): NetworkError => ({ kind: 'networkError', code });

const final = (type: Verdict['type'], status?: number, code?: string): Verdict => ({
  ...{ type, retryable: false, status, code },
});
const again = (type: Verdict['type'], status?: number, code?: string): Verdict => ({
  ...final(type, status, code),
  retryable: true,
});

interface Row {
  /** what is known, in a few words */
  fact: string;
  of: Kind[];
  got: HttpResponse | NetworkError;
  is: Verdict | typeof PENDING | undefined;
}

const upstream = (status: number): HttpResponse => coded(424, 'script_http_error', { upstream: { status } });

const ROWS: Row[] = [
  { fact: 'an output', of: BOTH, got: response(200, { a: 1 }), is: undefined },
  { fact: 'an output of nothing', of: BOTH, got: response(200), is: undefined },
  { fact: 'running, unknown, purged, or null: all the same', of: BOTH, got: coded(404, 'not_found'), is: PENDING },

  ...['action_script_runtime_error', 'script_internal_error', 'function_runtime_out_of_memory'].map((code) => ({
    ...{ fact: `${code}: the action failed`, of: BOTH, got: coded(500, code) },
    is: final('Nango.ActionFailed', 500, code),
  })),
  {
    fact: 'the action was aborted',
    of: BOTH,
    got: coded(410, 'script_aborted'),
    is: final('Nango.ActionFailed', 410, 'script_aborted'),
  },
  ...['invalid_action_input', 'invalid_action_output'].map((code) => ({
    ...{ fact: `${code}: the script says so`, of: BOTH, got: coded(400, code) },
    is: final('Nango.ActionInvalid', 400, code),
  })),
  ...['execution_timeout', 'action_script_failure', 'script_network_error'].flatMap((code): Row[] => [
    {
      ...{ fact: `${code}: a part may have been carried out`, of: ['write'], got: coded(500, code) },
      is: final('Nango.OutcomeUnknown', 500, code),
    },
    {
      ...{ fact: `${code}: it would be answered again`, of: ['repeatable'], got: coded(500, code) },
      is: final('Nango.Unavailable', 500, code),
    },
  ]),
  {
    fact: 'the provider failed inside the action, which is over',
    of: ['write'],
    got: upstream(503),
    is: final('Nango.ActionFailed', 503, 'script_http_error'),
  },
  {
    fact: 'the provider failed inside the action, which is over',
    of: ['repeatable'],
    got: upstream(503),
    is: final('Nango.ProviderUnavailable', 503, 'script_http_error'),
  },
  {
    fact: 'the provider refused inside the action',
    of: BOTH,
    got: upstream(404),
    is: final('Nango.ActionFailed', 404, 'script_http_error'),
  },
  {
    fact: "the provider's limit inside the action",
    of: ['repeatable'],
    got: coded(424, 'script_api_rate_limit_error'),
    is: final('Nango.ProviderRateLimited', 429, 'script_api_rate_limit_error'),
  },

  // ---- not of the action: it runs on meanwhile
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'DEADLINE'].map((code) => ({
    ...{ fact: `${code}: no answer`, of: BOTH, got: network(code) },
    is: again('Nango.Unavailable', undefined, code),
  })),
  { fact: 'a gateway in front of Nango', of: BOTH, got: html(502), is: again('Nango.Unavailable', 502) },
  {
    fact: "Nango's own failure",
    of: BOTH,
    got: coded(500, 'generic_error_support'),
    is: again('Nango.Unavailable', 500, 'generic_error_support'),
  },
  {
    fact: "Nango's limiter",
    of: BOTH,
    got: response(429, { error: { code: 'too_many_request', method: 'GET', path: '/x' } }, { 'retry-after': '7' }),
    is: { ...again('Nango.RateLimited', 429, 'too_many_request'), retryAfterMs: 7_000 },
  },
  {
    fact: 'a key that was replaced meanwhile can be put right',
    of: BOTH,
    got: coded(401, 'unknown_account'),
    is: again('Nango.Misconfigured', 401, 'unknown_account'),
  },
  {
    fact: 'a scope that was taken away meanwhile can be given back',
    of: BOTH,
    got: coded(403, 'forbidden', { message: 'Insufficient scope. Required: environment:actions:execute' }),
    is: { ...again('Nango.Forbidden', 403, 'forbidden'), scope: 'environment:actions:execute' },
  },
  { fact: 'a page is not from Nango', of: BOTH, got: html(200), is: again('Nango.Misconfigured', 200) },
  { fact: 'a page that is not found', of: BOTH, got: html(404), is: again('Nango.Misconfigured', 404) },
  {
    fact: 'an output that is not read to its end',
    of: BOTH,
    got: { ...network('TOO_LARGE'), status: 200 },
    is: final('Nango.ResponseTooLarge', 200, 'TOO_LARGE'),
  },
];

test.each(ROWS.flatMap(({ of, ...row }) => of.map((kind) => ({ kind, ...row }))))(
  '$kind: $fact',
  ({ kind, got, is }) => {
    const verdict = classifyActionResult(isRepeatable(kind), got, NOW);
    expect(verdict).toEqual(is);
  },
);
