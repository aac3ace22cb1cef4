import { detailsOf, nangoFailure, outcomeFailure } from '../../src/contract/errors';
import type { NangoErrorDetails, NangoErrorType, NangoFailure } from '../../src/contract/errors';
import { joinFailure } from '../../src/contract/join-end';
import { checkJoinResolution } from '../../src/contract/rules/check-messages';
import { failureSchema } from '../../src/contract/schemas/joins';

// A failure as data, on its way from where it happened to whoever waits.

test.each<[NangoErrorType, NangoErrorDetails]>([
  ['Nango.Forbidden', { status: 403, code: 'forbidden', scope: 'environment:proxy' }],
  ['Nango.ScopesMissing', { status: 403, scopes: ['read:org', 'repo'] }],
  ['Nango.InvalidRequest', { reason: 'other_owner' }],
])('%s says at the end of a wait what it said where it happened', (type, details) => {
  const failure = nangoFailure(type, details);
  const travelled = failureSchema.parse(JSON.parse(JSON.stringify(outcomeFailure(failure as NangoFailure))));
  checkJoinResolution({ joinId: 'j', status: 'failed', failure: travelled });
  const thrown = joinFailure({ status: 'failed', failure: travelled });
  expect(thrown.type).toBe(type);
  expect(detailsOf(thrown)).toEqual(details);
});

test.each([
  ['scopes', 'repo'],
  ['scopes', [1]],
  ['scope', ['repo']],
])('a resolution whose failure has %s of another form is refused: %j', (field, value) => {
  const resolution = { joinId: 'j', status: 'failed', failure: { type: 'Nango.ScopesMissing', [field]: value } };
  expect(() => checkJoinResolution(resolution)).toThrow(`failure.${field} must be`);
});
