import { ApplicationFailure } from '@temporalio/common';
import { cliFailure } from '../../src/cli/terminal/failure';
import { factsInBrief, factsInFull } from '../../src/cli/terminal/failure-facts';
import { hintFor } from '../../src/cli/terminal/hints';
import { nangoFailure } from '../../src/contract/errors';
import type { NangoErrorDetails } from '../../src/contract/errors';

const WHEN = '2026-01-02T03:04:05.000Z';

function textOf(error: unknown): string {
  const { facts } = cliFailure(error);
  return [factsInBrief(facts), ...factsInFull(facts)].join('\n');
}

test('everything that is known is told: status, code, field, scopes, when again, whom it is about, and between what to choose', () => {
  const details: NangoErrorDetails = {
    ...{ status: 429, code: 'too_many_request', field: 'x', retryAfterMs: 90_000, requestId: 'nango/default/a/u:b' },
    scopes: ['repo', 'https://example.com/auth/all'],
    coolDownUntil: Date.parse(WHEN),
    connections: [{ connectionId: 'c-1', createdAt: WHEN, tags: { place: 'paris' } }],
  };
  const failure = nangoFailure('Nango.RateLimited', details);
  expect(cliFailure(failure).facts).toEqual(details);
  expect(textOf(failure)).toBe(
    [
      'HTTP 429, code too_many_request, field x',
      'Missing scopes, all or one of them: repo, https://example.com/auth/all',
      'It may be tried again in 1m.',
      'Nobody is asked again by a workflow until 2026-01-02 03:04Z.',
      'Request: nango/default/a/u:b',
      'CONNECTION  CREATED            TAGS',
      'c-1         2026-01-02 03:04Z  place=paris',
    ].join('\n'),
  );
});

test.each([
  ['a body for a status', { status: { message: 'canary' } }],
  ['words for a code', { code: 'canary: the token is abc' }],
  ['words for a scope', { scope: 'Required canary' }],
  ['words among scopes', { scopes: ['repo', 'a canary said so'] }],
  ['more scopes than a failure names', { scopes: Array(21).fill('canary') }],
  ['an object for scopes', { scopes: { canary: 'canary' } }],
  ['a text for a time', { retryAfterMs: 'canary', coolDownUntil: 'canary' }],
  ['a date that is none', { connections: [{ connectionId: 'canary', createdAt: 'never', tags: {} }] }],
  ['more than was agreed on', { body: 'canary', headers: { authorization: 'canary' } }],
  ['no object', 'canary'],
  ['nothing', null],
])('of what somebody else put into the details, %s is not shown', (_, details) => {
  const failure = ApplicationFailure.create({ type: 'Nango.ProviderRejected', message: 'canary', details: [details] });
  const { message, hint, facts } = cliFailure(failure);
  expect(JSON.stringify({ message, hint, ...facts }) + textOf(failure)).not.toContain('canary');
});

test('names of others cannot move the cursor', () => {
  const odd = 'a\u001b[31m\u202eb';
  const connections = [{ connectionId: odd, createdAt: WHEN, tags: { [odd]: odd } }];
  const scopes = [odd];
  expect(
    textOf(nangoFailure('Nango.ConnectionAmbiguous', { field: odd, requestId: odd, scopes, connections })),
  ).not.toMatch(/[\u001b\u202e]/);
});

test('what a provider means by 401, 403, 404 and 422 is told apart', () => {
  const hints = [401, 403, 404, 422].map((status) => hintFor('Nango.ProviderRejected', { status }, false));
  const general = hintFor('Nango.ProviderRejected', { status: 418 }, false);
  expect(new Set([...hints, general]).size).toBe(5);
});

test('of missing scopes it says how to ask for them', () => {
  expect(hintFor('Nango.ScopesMissing', {}, false)).toContain('`temporal-nango ensure … --scope SCOPE`');
});
