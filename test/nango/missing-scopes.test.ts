import { failureOf } from '../../src/nango/verdict/fail';
import { missingScopesIn } from '../../src/nango/verdict/missing-scopes';
import type { Verdict } from '../../src/nango/verdict/verdict';
import { ACTIONS, coded, EVERY, final, html, judge, PROXIED, response, testRows } from './classify-rows';
import type { Row } from './classify-rows';

// How each provider says that a grant lacks scopes, and what looks like it and is something else.

const lacking = (status: number, scopes?: string[], code?: string): Verdict => ({
  ...final('Nango.ScopesMissing', status, code),
  scopes,
});
const rejected = (status: number): Verdict => final('Nango.ProviderRejected', status);
const bearer = (parameters: string) => ({
  'www-authenticate': `Bearer realm="https://api.example.com", ${parameters}`,
});
const INSUFFICIENT = 'error="insufficient_scope"';

describe('a challenge', () => {
  const rows: Row[] = [
    ...[401, 403].map((status): Row => ({
      fact: `RFC 6750: insufficient_scope names the scopes (${status})`,
      of: PROXIED,
      got: response(status, { message: 'no' }, bearer(`${INSUFFICIENT}, scope="read:contacts write"`)),
      is: lacking(status, ['read:contacts', 'write']),
    })),
    {
      fact: 'RFC 6750: the scope is optional, and so is a body of JSON',
      of: PROXIED,
      got: html(403, bearer(INSUFFICIENT)),
      is: lacking(403),
    },
    {
      fact: 'Google names all that would do',
      of: PROXIED,
      got: response(
        403,
        {
          error: { code: 403, message: 'Request had insufficient authentication scopes.', status: 'PERMISSION_DENIED' },
        },
        bearer(`${INSUFFICIENT}, scope="https://www.googleapis.com/auth/contacts https://www.google.com/m8/feeds"`),
      ),
      is: lacking(403, ['https://www.googleapis.com/auth/contacts', 'https://www.google.com/m8/feeds']),
    },
    {
      fact: 'parameters may be bare words, in any order and case, behind another scheme',
      of: PROXIED,
      got: response(403, {}, { 'www-authenticate': 'Basic realm=x, DPoP Scope=a.b , ERROR = insufficient_scope' }),
      is: lacking(403, ['a.b']),
    },
    ...[
      bearer('error="invalid_token", scope="contacts"'),
      bearer(`error="invalid_token", error_description="not \\"insufficient_scope\\", error=insufficient_scope"`),
      bearer('x_error="insufficient_scope"'),
      bearer('error="insufficient_scope_of_another_kind"'),
      bearer('error="insufficient_scope'),
    ].map((headers): Row => ({
      fact: `another error is none (${headers['www-authenticate'].slice(42)})`,
      of: PROXIED,
      got: response(401, {}, headers),
      is: rejected(401),
    })),
    {
      fact: 'it is 401 or 403',
      of: PROXIED,
      got: response(400, {}, bearer(INSUFFICIENT)),
      is: rejected(400),
    },
  ];
  testRows(rows);

  test('is read in a time that grows with its length alone', () => {
    const hostile = [
      'a'.repeat(60_000),
      'a="\\'.repeat(15_000),
      'a ='.repeat(20_000),
      `error="${'\\"'.repeat(30_000)}`,
    ];
    for (const header of hostile) {
      expect(missingScopesIn({ status: 403, headers: { 'www-authenticate': header }, body: {} })).toBeUndefined();
    }
  });
});

describe('a code in the body', () => {
  const rows: Row[] = [
    {
      fact: 'GitLab: error and scope',
      of: PROXIED,
      got: response(403, { error: 'insufficient_scope', error_description: 'It needs more.', scope: 'api read_api' }),
      is: lacking(403, ['api', 'read_api']),
    },
    {
      fact: 'Auth0: errorCode, and the scope in a sentence only',
      of: PROXIED,
      got: response(403, { error: 'Forbidden', message: 'expected any of: a:b', errorCode: 'insufficient_scope' }),
      is: lacking(403),
    },
    ...[{ code: 'insufficient_scope' }, { error: { code: 'insufficient_scope' } }].map((body): Row => ({
      fact: `others put it elsewhere (${Object.keys(body).join()})`,
      of: PROXIED,
      got: response(403, body),
      is: lacking(403),
    })),
    {
      fact: 'with 401 only the header counts',
      of: PROXIED,
      got: response(401, { error: 'insufficient_scope' }),
      is: rejected(401),
    },
  ];
  testRows(rows);
});

describe('GitHub', () => {
  const oauth = { 'x-accepted-oauth-scopes': 'admin:org, read:org', 'x-oauth-scopes': 'gist, repo' };
  const app = { 'x-accepted-github-permissions': 'issues=write; pull_requests=write,contents=read' };
  const byIntegration = { message: 'Resource not accessible by integration', status: '403' };
  const NONE = { message: 'Forbidden' };
  const rows: Row[] = [
    {
      fact: 'an OAuth app was granted none of the scopes that are accepted',
      of: PROXIED,
      got: response(403, NONE, oauth),
      is: lacking(403, ['admin:org', 'read:org']),
    },
    {
      fact: 'an OAuth app was granted nothing at all',
      of: PROXIED,
      got: response(403, NONE, { ...oauth, 'x-oauth-scopes': '' }),
      is: lacking(403, ['admin:org', 'read:org']),
    },
    ...[
      ['one that is accepted was granted', { ...oauth, 'x-oauth-scopes': 'gist, read:org' }],
      ['nothing needs to be accepted', { ...oauth, 'x-accepted-oauth-scopes': '' }],
      ['what was granted is not said', { 'x-accepted-oauth-scopes': 'admin:org' }],
      ['a limit is used up', { ...oauth, 'x-ratelimit-remaining': '0' }],
      ['a second limit is used up', { ...oauth, 'retry-after': '60' }],
      ['permissions are granted, and no scopes', { ...oauth, ...app, 'x-oauth-scopes': '' }],
      ['single sign-on is missing', { ...oauth, 'x-github-sso': 'required; url=https://github.com/orgs/x/sso' }],
    ].map(([fact, headers]): Row => ({
      fact: `403 is about something else where ${fact as string}`,
      of: PROXIED,
      got: response(403, NONE, headers as Record<string, string>),
      is: rejected(403),
    })),
    {
      fact: '404 may be a repository that does not exist',
      of: PROXIED,
      got: response(404, { message: 'Not Found' }, oauth),
      is: rejected(404),
    },
    ...['integration', 'personal access token'].map((whom): Row => ({
      fact: `permissions are not accessible by ${whom}`,
      of: PROXIED,
      got: response(403, { message: `Resource not accessible by ${whom}` }, app),
      is: lacking(403, ['issues=write', 'pull_requests=write', 'contents=read']),
    })),
    {
      fact: 'what is no permission is not named as one',
      of: PROXIED,
      got: response(403, byIntegration, { 'x-accepted-github-permissions': 'allows_permissionless_access=true' }),
      is: lacking(403),
    },
    {
      fact: 'the permissions come with every response: the message tells',
      of: PROXIED,
      got: response(403, { message: 'API rate limit exceeded' }, app),
      is: rejected(403),
    },
    {
      fact: 'the message without the permissions may be of anybody',
      of: PROXIED,
      got: response(403, byIntegration),
      is: rejected(403),
    },
  ];
  testRows(rows);
});

describe('Google', () => {
  const old = (message: string) =>
    response(403, { error: { code: 403, errors: [{ domain: 'global', reason: 'insufficientPermissions', message }] } });
  const rows: Row[] = [
    {
      fact: 'a reason in the details',
      of: PROXIED,
      got: response(403, {
        error: {
          ...{ code: 403, message: 'Request had insufficient authentication scopes.', status: 'PERMISSION_DENIED' },
          details: [{ '@type': 'other' }, { reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', domain: 'googleapis.com' }],
        },
      }),
      is: lacking(403),
    },
    ...['Insufficient Permission', 'Insufficient Permission: Request had insufficient authentication scopes.'].map(
      (message): Row => ({ fact: `the older reason (${message})`, of: PROXIED, got: old(message), is: lacking(403) }),
    ),
    {
      fact: 'the older reason is also given where a person may not see a profile',
      of: PROXIED,
      got: old('User does not have sufficient permissions for this profile.'),
      is: rejected(403),
    },
    {
      fact: 'PERMISSION_DENIED alone may be of the person',
      of: PROXIED,
      got: response(403, { error: { code: 403, status: 'PERMISSION_DENIED', details: [{ reason: 'IAM' }] } }),
      is: rejected(403),
    },
  ];
  testRows(rows);
});

describe('HubSpot, Slack and Microsoft', () => {
  const hubSpot = (...contexts: unknown[]) => ({
    ...{ status: 'error', message: 'no', category: 'MISSING_SCOPES', links: { scopes: 'https://example.com' } },
    errors: contexts.map((context) => ({ message: 'One or more are required.', context })),
  });
  const missing = { ok: false, error: 'missing_scope', needed: 'chat:write,users:read', provided: 'identify' };
  const rows: Row[] = [
    {
      fact: 'HubSpot: scopes of all its errors, each once',
      of: PROXIED,
      got: response(403, hubSpot({ requiredScopes: ['contacts'] }, { requiredScopes: ['contacts', 'tickets'] })),
      is: lacking(403, ['contacts', 'tickets']),
    },
    {
      fact: 'HubSpot: granular scopes',
      of: PROXIED,
      got: response(403, hubSpot({ requiredGranularScopes: ['crm.objects.owners.read'] })),
      is: lacking(403, ['crm.objects.owners.read']),
    },
    ...[hubSpot(), hubSpot(null), hubSpot({ requiredScopes: { a: 1 } }), { category: 'MISSING_SCOPES' }].map(
      (body, i): Row => ({
        fact: `HubSpot: the category alone (${i})`,
        of: PROXIED,
        got: response(403, body),
        is: lacking(403),
      }),
    ),
    {
      fact: 'Slack: missing_scope with a refusal',
      of: PROXIED,
      got: response(403, missing),
      is: lacking(403, ['chat:write', 'users:read']),
    },
    { fact: 'Slack: a 200 is a success', of: PROXIED, got: response(200, missing), is: undefined },
    ...['Authorization_RequestDenied', 'ErrorAccessDenied', 'accessDenied'].map((code): Row => ({
      fact: `Microsoft: ${code} may be of the person`,
      of: PROXIED,
      got: coded(403, code, { message: 'Insufficient privileges to complete the operation.' }),
      is: rejected(403),
    })),
  ];
  testRows(rows);
});

describe('what is not a provider’s refusal of a call', () => {
  const inside = (status: number, body: unknown) =>
    coded(424, 'script_http_error', { upstream: { status, headers: { 'content-type': 'application/json' }, body } });
  const body = { error: 'insufficient_scope', scope: 'api' };
  const rows: Row[] = [
    {
      fact: 'a scope of Nango’s key is Nango’s, whatever the header says',
      of: EVERY,
      got: response(
        403,
        { error: { code: 'forbidden', message: 'Insufficient scope. Required: environment:proxy' } },
        bearer(`${INSUFFICIENT}, scope="api"`),
      ),
      is: { ...final('Nango.Forbidden', 403, 'forbidden'), scope: 'environment:proxy' },
    },
    {
      fact: 'a key that Nango does not know is Nango’s',
      of: EVERY,
      got: response(401, { error: { code: 'unknown_account' } }, bearer(INSUFFICIENT)),
      is: final('Nango.Misconfigured', 401, 'unknown_account'),
    },
    {
      fact: 'no provider takes part in management',
      of: ['management'],
      got: response(403, body, bearer(INSUFFICIENT)),
      is: final('Nango.Forbidden', 403),
    },
    {
      fact: 'inside an action that may be repeated the body is known',
      of: ['keyed action', 'keyed result'],
      got: inside(403, body),
      is: lacking(403, ['api'], 'script_http_error'),
    },
    {
      fact: 'any other action may have done a part',
      of: ['action', 'result'],
      got: inside(403, body),
      is: final('Nango.ActionFailed', 403, 'script_http_error'),
    },
    {
      fact: 'what an action says of itself is not its provider’s',
      of: ACTIONS,
      got: coded(424, 'script_http_error', { payload: body, upstream: { status: 403, headers: {}, body: 'no' } }),
      is: final('Nango.ActionFailed', 403, 'script_http_error'),
    },
  ];
  testRows(rows);
});

describe('names', () => {
  const scopesOf = (requiredScopes: unknown) =>
    missingScopesIn({
      status: 403,
      headers: {},
      body: { category: 'MISSING_SCOPES', errors: [{ context: { requiredScopes } }] },
    });

  test.each<[string, unknown, string[]]>([
    ['a name of 255 characters', ['x'.repeat(255)], ['x'.repeat(255)]],
    ['a name of 256 characters is left out', ['x'.repeat(256), 'ok'], ['ok']],
    [
      'the first 20 of many',
      Array.from({ length: 30 }, (_, i) => `s${i}`),
      Array.from({ length: 20 }, (_, i) => `s${i}`),
    ],
    ['what is no text is left out', [1, null, { a: 'canary' }, ['canary'], 'ok'], ['ok']],
    ['a text for a list', 'contacts', ['contacts']],
  ])('%s', (_, given, names) => {
    expect(scopesOf(given)).toEqual(names);
  });

  test('of what a provider puts in their place nothing leaves that does not look like one', () => {
    const words = [
      'a canary said so',
      'canary\u0007',
      'canary\u202e',
      'canary\n',
      '<b>canary</b>',
      'https://canary:secret@example.com/x',
      'jane@canary.example',
      'x?token=canary&a',
      '"canary"',
      'canäry-canary-ß',
    ];
    for (const word of words) {
      const bodies = [
        response(403, {
          category: 'MISSING_SCOPES',
          errors: [{ message: 'canary', context: { requiredScopes: [word] } }],
        }),
        response(403, { error: { message: 'canary', details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', word }] } }),
        response(403, { error: 'insufficient_scope', error_description: word, scope: [word] }),
        response(403, { message: word }, bearer(`${INSUFFICIENT}, error_description="canary, scope=canary"`)),
      ];
      for (const got of bodies) {
        const verdict = judge('read', got);
        if (typeof verdict !== 'object') throw new Error('was taken for a success');
        const { type, message, details } = failureOf(verdict);
        expect({ type, details }).toEqual({ type: 'Nango.ScopesMissing', details: [{ status: 403 }] });
        expect(message).not.toContain('canary');
      }
    }
  });
});
