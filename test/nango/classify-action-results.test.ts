import exchanges from '../fixtures/nango-errors/action-results.json';
import { PENDING } from '../../src/nango/verdict/classify-action-result';
import { after, again, response, coded, final, html, network, NOW, RESULT, testRows, unknown } from './classify-rows';
import type { Row } from './classify-rows';
import { testRecorded } from './recorded';

// The output of an async action. How the action ended is final, since it would be answered again; whatever else keeps
// the output back is asked once more, since the action runs on meanwhile.

describe('a recorded error of asking for an output', () =>
  testRecorded(exchanges, RESULT, {
    'an output that is not there': {
      rule: 'a running action, one that returned null and an unknown id are all 404 not_found',
      every: PENDING,
    },
    'an action that has thrown an ActionError': {
      rule: 'it is told as if it had been waited for',
      every: final('Nango.ActionFailed', 500, 'action_script_runtime_error'),
    },
    'an id that is no UUID': {
      rule: 'the address is refused, before any action is looked for',
      every: again('Nango.InvalidRequest', 400, 'invalid_uri_params'),
    },
  }));

const ended = (status: number, code: string, more?: object) => ({ got: coded(status, code, more), code, status });

const rows: Row[] = [
  ...[200, 201, 299].map((status): Row => ({
    fact: `an output comes with ${status}`,
    of: RESULT,
    got: response(status, { error: { code: 'not_found' } }),
    is: undefined,
  })),
  ...[
    ended(500, 'script_internal_error'),
    ended(410, 'script_aborted'),
    ended(400, 'script_output_too_large'),
    ended(500, 'function_runtime_out_of_memory'),
    ended(500, 'function_runtime_timed_out'),
    ended(500, 'function_runtime_other'),
  ].map(({ got, status, code }): Row => ({
    fact: `an action ended with an error of its own as ${status} ${code}`,
    of: RESULT,
    got,
    is: final('Nango.ActionFailed', status, code),
  })),
  ...[ended(400, 'invalid_action_input'), ended(400, 'invalid_action_output')].map(({ got, status, code }): Row => ({
    fact: `an action refused what went in or came out: ${status} ${code}`,
    of: RESULT,
    got,
    is: final('Nango.ActionInvalid', status, code),
  })),
  ...[ended(500, 'action_script_failure'), ended(500, 'script_network_error'), ended(500, 'execution_timeout')].flatMap(
    ({ got, status, code }): Row[] => [
      {
        fact: `${code} says nothing of what the action has done`,
        of: ['result'],
        got,
        is: unknown(status, code),
      },
      {
        fact: `${code} is the end of that attempt; whoever may start another does`,
        of: ['keyed result'],
        got,
        is: final('Nango.Unavailable', status, code),
      },
    ],
  ),
  {
    fact: 'the provider failed inside an action, of which a part may have been done',
    of: ['result'],
    got: coded(424, 'script_http_error', { upstream: { status: 503 } }),
    is: final('Nango.ActionFailed', 503, 'script_http_error'),
  },
  {
    fact: 'the provider failed inside a keyed action: asking again gives the same answer',
    of: ['keyed result'],
    got: coded(424, 'script_http_error', { upstream: { status: 503 } }),
    is: final('Nango.ProviderUnavailable', 503, 'script_http_error'),
  },
  {
    fact: 'the provider limited a keyed action: asking again gives the same answer',
    of: ['keyed result'],
    got: coded(424, 'script_api_rate_limit_error', { payload: {} }),
    is: final('Nango.ProviderRateLimited', 429, 'script_api_rate_limit_error'),
  },
  {
    fact: 'an answer below 400 ends no action',
    of: RESULT,
    got: coded(399, 'script_aborted'),
    is: again('Nango.InvalidRequest', 399, 'script_aborted'),
  },
  {
    fact: 'an action may end with any status that is an error',
    of: RESULT,
    got: coded(400, 'script_aborted'),
    is: final('Nango.ActionFailed', 400, 'script_aborted'),
  },
  ...['x_script_aborted', 'script_aborted_x'].map((code): Row => ({
    fact: `a code that is none of an action’s is Nango’s (${code})`,
    of: RESULT,
    got: coded(500, code),
    is: again('Nango.Unavailable', 500, code),
  })),
  {
    fact: 'pending is a 404',
    of: RESULT,
    got: coded(400, 'not_found'),
    is: again('Nango.ConnectionNotFound', 400, 'not_found'),
  },
  {
    fact: 'pending is not_found',
    of: RESULT,
    got: coded(404, 'no_such_thing'),
    is: again('Nango.InvalidRequest', 404, 'no_such_thing'),
  },
  {
    fact: 'an unknown path is a page: the base URL is wrong',
    of: RESULT,
    got: html(404),
    is: again('Nango.Misconfigured', 404),
  },
  {
    fact: 'a key may be changed while the action runs',
    of: RESULT,
    got: coded(401, 'unknown_account'),
    is: again('Nango.Misconfigured', 401, 'unknown_account'),
  },
  {
    fact: 'a key without the scope is told which one',
    of: RESULT,
    got: coded(403, 'forbidden', { message: 'Insufficient scope. Required: environment:actions:execute' }),
    is: { ...again('Nango.Forbidden', 403, 'forbidden'), scope: 'environment:actions:execute' },
  },
  {
    fact: 'the limit of Nango is waited for',
    of: RESULT,
    got: response(
      429,
      { error: { code: 'too_many_request', method: 'GET', path: '/x' } },
      { 'x-ratelimit-reset': String(NOW / 1000 + 7) },
    ),
    is: after(7_000, again('Nango.RateLimited', 429, 'too_many_request')),
  },
  {
    fact: 'asking may be repeated, whatever the action is',
    of: RESULT,
    got: network('ECONNRESET'),
    is: again('Nango.Unavailable', undefined, 'ECONNRESET'),
  },
  {
    fact: 'an output that is too large stays too large',
    of: RESULT,
    got: { kind: 'networkError', code: 'TOO_LARGE', status: 200 },
    is: final('Nango.ResponseTooLarge', 200, 'TOO_LARGE'),
  },
];

describe('an answer that was not recorded', () => testRows(rows));
