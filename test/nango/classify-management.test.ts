import connectSessions from '../fixtures/nango-errors/connect-sessions.json';
import connections from '../fixtures/nango-errors/connections.json';
import integrations from '../fixtures/nango-errors/integrations.json';
import {
  after,
  again,
  response,
  coded,
  final,
  html,
  MANAGEMENT,
  notRun,
  refreshing,
  testRows,
  unknown,
} from './classify-rows';
import type { Row } from './classify-rows';
import { testRecorded } from './recorded';

describe('a recorded error of integrations', () =>
  testRecorded(integrations, MANAGEMENT, {
    'a key that is not a UUID': {
      rule: 'the form of a key is looked at before anything else',
      every: final('Nango.Misconfigured', 401, 'invalid_secret_key_format'),
    },
    'a key of nobody': {
      rule: 'a key of the right form may belong to no environment',
      every: final('Nango.Misconfigured', 401, 'unknown_account'),
    },
    'a query that is not empty': {
      rule: 'queries are strict',
      every: final('Nango.InvalidRequest', 400, 'invalid_query_params'),
    },
  }));

describe('a recorded error of connect sessions', () =>
  testRecorded(connectSessions, MANAGEMENT, {
    'neither tags nor end_user': {
      rule: 'a session needs one of them',
      every: final('Nango.InvalidRequest', 400, 'invalid_body'),
    },
    'an integration that does not exist': {
      rule: 'its place in the list of allowed integrations is the only thing that says so',
      every: final('Nango.IntegrationNotFound', 400, 'invalid_body'),
    },
    'a tag key that is refused': {
      rule: 'keys of tags have a form',
      every: final('Nango.InvalidRequest', 400, 'invalid_body'),
    },
    'a tag value that is too long': {
      rule: 'values of tags have at most 255 characters',
      every: final('Nango.InvalidRequest', 400, 'invalid_body'),
    },
    'a body that is refused as a whole': {
      rule: 'bodies are strict, and then no field is named',
      every: final('Nango.InvalidRequest', 400, 'invalid_body'),
    },
    'a token of the wrong form': {
      rule: 'a connect token is a key of its own kind',
      every: final('Nango.Misconfigured', 401, 'invalid_connect_session_token_format'),
    },
    'a token that was revoked': {
      rule: 'a token that is gone or has expired is one of nobody',
      every: final('Nango.Misconfigured', 401, 'unknown_connect_session_token'),
    },
    'a reconnect of what does not exist': {
      rule: 'it is no 404, and names no field',
      every: final('Nango.InvalidRequest', 400, 'invalid_body'),
    },
    'a key without the scope': {
      rule: 'the scope is named',
      every: {
        ...final('Nango.Forbidden', 403, 'forbidden'),
        scope: 'environment:connect_sessions:write',
      },
    },
  }));

describe('a recorded error of connections', () =>
  testRecorded(connections, MANAGEMENT, {
    'a connect token for a key': {
      rule: 'a connect token opens nothing but its session',
      every: final('Nango.Misconfigured', 401, 'invalid_secret_key_format'),
    },
    'tags that are no list': {
      rule: 'tags are asked for by key',
      every: final('Nango.InvalidRequest', 400, 'invalid_query_params'),
    },
    'a query key that does not exist': {
      rule: 'queries are strict, and then no field is named',
      every: final('Nango.InvalidRequest', 400, 'invalid_query_params'),
    },
    'a read without its integration': {
      rule: 'a connection is the pair of integration and id',
      every: final('Nango.InvalidRequest', 400, 'invalid_query_params'),
    },
    'a read of a missing connection': {
      rule: 'it is 404 not_found, also for an id of another integration',
      every: final('Nango.ConnectionNotFound', 404, 'not_found'),
    },
    'a read with an unknown integration': {
      rule: 'it is 400, not 404',
      every: final('Nango.IntegrationNotFound', 400, 'unknown_provider_config'),
    },
    'a change that is refused as a whole': {
      rule: 'bodies are strict',
      every: final('Nango.InvalidRequest', 400, 'invalid_body'),
    },
    'metadata for a missing connection': {
      rule: 'the code is that of a deletion, the status that of a read',
      every: final('Nango.ConnectionNotFound', 404, 'unknown_connection'),
    },
    'a deletion without its integration': {
      rule: 'a connection is the pair of integration and id',
      every: final('Nango.InvalidRequest', 400, 'invalid_query_params'),
    },
    'a deletion of a missing connection': {
      rule: 'it is 400, not 404, also the second time',
      every: final('Nango.ConnectionNotFound', 400, 'unknown_connection'),
    },
    'a read whose refresh failed': {
      rule: 'reading refreshes, and the first failure is 400',
      management: refreshing(true, 400, 'invalid_credentials'),
      'management write': refreshing(false, 400, 'invalid_credentials'),
    },
    'a read soon after a failed refresh': {
      rule: 'for 30 s Nango tries no other, and says 424',
      management: refreshing(true, 424, 'invalid_credentials'),
      'management write': refreshing(false, 424, 'invalid_credentials'),
    },
    'the limit of Nango': {
      rule: 'Retry-After was rounded down to 19 s, the reset was in 20 s',
      management: after(20_000, again('Nango.RateLimited', 429, 'too_many_request')),
      'management write': notRun(after(20_000, final('Nango.RateLimited', 429, 'too_many_request'))),
    },
  }));

const rows: Row[] = [
  {
    fact: 'an unknown POST path of Nango answers 404 with a page',
    of: MANAGEMENT,
    got: html(404),
    is: final('Nango.Misconfigured', 404),
  },
  {
    fact: 'the page of another server may say 499',
    of: MANAGEMENT,
    got: html(499),
    is: final('Nango.Misconfigured', 499),
  },
  ...[html(500), html(502)].map((got): Row => ({
    fact: `a gateway in front of Nango answers ${got.status} with a page`,
    of: ['management'],
    got,
    is: again('Nango.Unavailable', got.status),
  })),
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
    fact: 'an error of Nango that is not known is a refused request, up to 499',
    of: MANAGEMENT,
    got: coded(499, 'any_code'),
    is: final('Nango.InvalidRequest', 499, 'any_code'),
  },
  {
    fact: 'the cap of connections is resource_capped',
    of: MANAGEMENT,
    got: coded(400, 'resource_capped'),
    is: final('Nango.PlanLimit', 400, 'resource_capped'),
  },
  {
    fact: 'a field counts only where a body is refused',
    of: MANAGEMENT,
    got: coded(400, 'invalid_query_params', { errors: [{ path: ['allowed_integrations'] }] }),
    is: final('Nango.InvalidRequest', 400, 'invalid_query_params'),
  },
  ...[
    {},
    'allowed_integrations',
    [{}],
    ['allowed_integrations'],
    [null],
    [{ path: 'allowed_integrations' }],
    [{ path: [['allowed_integrations']] }],
  ].map((errors): Row => ({
    fact: `a list of refused fields that is no such list names none (${JSON.stringify(errors)})`,
    of: MANAGEMENT,
    got: coded(400, 'invalid_body', { errors }),
    is: final('Nango.InvalidRequest', 400, 'invalid_body'),
  })),
  ...['', 'no JSON', 'null', '7', '[]'].map((text): Row => ({
    fact: `of a body that is no object nothing is known (${text})`,
    of: MANAGEMENT,
    got: { ...response(400), body: Buffer.from(text) },
    is: final('Nango.InvalidRequest', 400),
  })),
  {
    fact: 'an error that is null has no code',
    of: MANAGEMENT,
    got: response(400, { error: null }),
    is: final('Nango.InvalidRequest', 400),
  },
];

describe('an error of management that was not recorded', () => testRows(rows));
