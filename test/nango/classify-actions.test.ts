import exchanges from '../fixtures/nango-errors/actions.json';
import { ACTIONS, again, response, coded, final, html, refreshing, testRows, unknown } from './classify-rows';
import type { Row } from './classify-rows';
import { testRecorded } from './recorded';

// An action answers with Nango's own errors only; the provider's stand inside them.

describe('a recorded error of an action', () =>
  testRecorded(exchanges, ACTIONS, {
    'an action that is not there': {
      rule: 'it is 404 not_found, also for one of another integration',
      every: final('Nango.ActionNotFound', 404, 'not_found'),
    },
    'no name of an action': {
      rule: 'a body that is refused is 400 invalid_body',
      every: final('Nango.InvalidRequest', 400, 'invalid_body'),
    },
    'no connection id': {
      rule: 'refused headers are 400 invalid_headers',
      every: final('Nango.InvalidRequest', 400, 'invalid_headers'),
    },
    'no integration': {
      rule: 'refused headers are 400 invalid_headers',
      every: final('Nango.InvalidRequest', 400, 'invalid_headers'),
    },
    'an X-Max-Retries that is refused': {
      rule: 'refused headers are 400 invalid_headers',
      every: final('Nango.InvalidRequest', 400, 'invalid_headers'),
    },
    'an X-Async that is refused': {
      rule: 'refused headers are 400 invalid_headers',
      every: final('Nango.InvalidRequest', 400, 'invalid_headers'),
    },
    'an unknown connection': {
      rule: 'it is 400 with a code of its own, also for an id of another integration',
      every: final('Nango.ConnectionNotFound', 400, 'unknown_connection'),
    },
    'an action that throws an ActionError': {
      rule: 'an error that the action means is a 500',
      every: final('Nango.ActionFailed', 500, 'action_script_runtime_error'),
    },
    'an action that crashes': {
      rule: 'an error that the action does not mean is a 500 too',
      every: final('Nango.ActionFailed', 500, 'script_internal_error'),
    },
    '500 of the provider inside an action': {
      rule: 'it is 424 with the provider’s status inside; a part of an action that is not keyed may have been done',
      action: final('Nango.ActionFailed', 500, 'script_http_error'),
      'keyed action': again('Nango.ProviderUnavailable', 500, 'script_http_error'),
    },
    '404 of the provider inside an action': {
      rule: 'a refusal of the provider is the action’s matter',
      every: final('Nango.ActionFailed', 404, 'script_http_error'),
    },
    'no key': {
      rule: 'keys are refused as on every route',
      every: final('Nango.Misconfigured', 401, 'missing_auth_header'),
    },
    'a key without the scope': {
      rule: 'the scope is named',
      every: { ...final('Nango.Forbidden', 403, 'forbidden'), scope: 'environment:actions:execute' },
    },
  }));

const inside = (status: unknown) => coded(424, 'script_http_error', { upstream: { status, headers: {}, body: {} } });

const rows: Row[] = [
  ...['unknown_provider', 'unknown_provider_config'].map((code): Row => ({
    fact: `an action on an unknown integration is 400 ${code}`,
    of: ACTIONS,
    got: coded(400, code),
    is: final('Nango.IntegrationNotFound', 400, code),
  })),
  ...[html(404), html(499)].map((got): Row => ({
    fact: `an unknown POST path of Nango answers with a page (${got.status})`,
    of: ACTIONS,
    got,
    is: final('Nango.Misconfigured', got.status),
  })),
  {
    fact: 'an action that is disabled is 404 disabled_resource',
    of: ACTIONS,
    got: coded(404, 'disabled_resource'),
    is: final('Nango.ActionNotFound', 404, 'disabled_resource'),
  },
  ...['invalid_action_input', 'invalid_action_output'].map((code): Row => ({
    fact: `an action that refuses input or output is 400 ${code}`,
    of: ACTIONS,
    got: coded(400, code, { message: 'no', payload: [] }),
    is: final('Nango.ActionInvalid', 400, code),
  })),
  ...(
    [
      [410, 'script_aborted'],
      // Of one that has run to its end: https://github.com/NangoHQ/nango/blob/master/packages/shared/lib/utils/error.ts
      [400, 'script_output_too_large'],
      [413, 'script_output_too_large'],
      [500, 'function_runtime_out_of_memory'],
      [500, 'function_runtime_timed_out'],
      [500, 'function_runtime_other'],
    ] as const
  ).map(([status, code]): Row => ({
    fact: `an action ends with an error of its own as ${status} ${code}`,
    of: ACTIONS,
    got: coded(status, code, { payload: { message: 'no' } }),
    is: final('Nango.ActionFailed', status, code),
  })),
  {
    fact: 'inside an action the provider answered 429: 424 script_http_error with upstream.status',
    of: ['keyed action'],
    got: inside(429),
    is: again('Nango.ProviderRateLimited', 429, 'script_http_error'),
  },
  {
    fact: 'a 429 inside an action is also said as 424 script_api_rate_limit_error',
    of: ['keyed action'],
    got: coded(424, 'script_api_rate_limit_error', { payload: {} }),
    is: again('Nango.ProviderRateLimited', 429, 'script_api_rate_limit_error'),
  },
  {
    fact: 'the status that is told counts before the one that is meant',
    of: ['keyed action'],
    got: coded(424, 'script_api_rate_limit_error', { upstream: { status: 503 } }),
    is: again('Nango.ProviderUnavailable', 503, 'script_api_rate_limit_error'),
  },
  {
    fact: 'an action that was limited may have done a part: it is not repeated unless keyed',
    of: ['action'],
    got: coded(424, 'script_api_rate_limit_error', { payload: {} }),
    is: final('Nango.ActionFailed', 429, 'script_api_rate_limit_error'),
  },
  ...[428, 430, 499].map((status): Row => ({
    fact: `inside an action the provider refused (${status})`,
    of: ACTIONS,
    got: inside(status),
    is: final('Nango.ActionFailed', status, 'script_http_error'),
  })),
  ...[undefined, '503', null].map((status): Row => ({
    fact: `an error inside an action that names no status is the action’s (${status})`,
    of: ACTIONS,
    got: inside(status),
    is: final('Nango.ActionFailed', 424, 'script_http_error'),
  })),
  {
    fact: 'any other 424 of an action is a refresh that fails',
    of: ['keyed action'],
    got: coded(424, 'connection_refresh_backoff'),
    is: refreshing(true, 424, 'connection_refresh_backoff'),
  },
  {
    fact: 'what an action has done when its token is not fresh was not recorded: it is not scheduled anew',
    of: ['action'],
    got: coded(424, 'connection_refresh_backoff'),
    is: refreshing(false, 424, 'connection_refresh_backoff'),
  },
  ...[
    'script_network_error',
    'execution_timeout',
    'action_script_failure',
    'internal_server_error',
    'x_script_aborted',
    'script_aborted_x',
  ].flatMap((code): Row[] => [
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
  ]),
  ...[html(500), html(504)].map((got): Row => ({
    fact: `a gateway in front of Nango answers ${got.status} with a page while the action runs on`,
    of: ['action'],
    got,
    is: unknown(got.status),
  })),
  {
    fact: 'an error of Nango that is not known is a refused request, up to 499',
    of: ACTIONS,
    got: coded(499, 'any_code'),
    is: final('Nango.InvalidRequest', 499, 'any_code'),
  },
  {
    fact: 'an error without a code is judged by its status',
    of: ACTIONS,
    got: response(400, {}),
    is: final('Nango.InvalidRequest', 400),
  },
];

describe('an error of an action that was not recorded', () => testRows(rows));
