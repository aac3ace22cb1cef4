import type { ApplicationFailure } from '@temporalio/common';
import { invalid, nangoFailure } from '../../contract/errors';
import { MAX_SCOPES } from '../../contract/limits';
import { checkDeadline } from '../../contract/rules/check-request';
import { checkAppCredentials, checkSetUpJoinForm } from '../../contract/rules/check-set-up';
import { checkFields, checkObject, checkOneOf } from '../../contract/rules/check-shape';
import { checkName, checkText } from '../../contract/rules/text';
import type { SetUpDecision, SetUpJoin } from '../../contract/types';
import type { Operation } from '../request/request-checks';
import { isClosed } from './set-up-state';
import type { SetUpState } from './set-up-state';

/** Synchronous validators of a set-up's updates: what they refuse leaves no event in its history. */

const MAX_JOINERS = 1_000;

const REFUSALS = {
  request_closed: 'The set-up is closed; a later one of the same integration is another.',
  too_many_joiners: 'As many wait for it as one set-up can hold.',
  no_open_question: 'There is no question that waits for a decision, or one is being carried out.',
} as const;

function refusal(reason: keyof typeof REFUSALS): ApplicationFailure {
  return nangoFailure('Nango.InvalidRequest', { reason, hint: REFUSALS[reason] });
}

/** What was meant for an earlier set-up of the same integration does not reach this one. */
export function refuseIfMisaddressed(state: SetUpState, given: unknown, own: string): asserts given is Operation {
  checkObject(given, 'input');
  if (given.by !== undefined) checkName(given.by, 'by');
  const { firstExecutionRunId: addressee } = given;
  if (addressee !== undefined) checkText(addressee, 'firstExecutionRunId');
  if (addressee !== undefined && addressee !== own) throw refusal('request_closed');
  if (isClosed(state)) throw refusal('request_closed');
}

/** Of what has just become ready anybody may hear. */
export function checkJoin(state: SetUpState, given: unknown, now: number): asserts given is SetUpJoin {
  checkSetUpJoinForm(given);
  if (state.status === 'ready') return;
  if (isClosed(state)) throw refusal('request_closed');
  if (given.provider !== state.subject.provider) throw invalid('provider', 'is another than is being set up');
  const isNew = state.joiners.every(({ joinId }) => joinId !== given.joinId);
  // That of a joiner who comes back may have been moved since.
  if (isNew && given.deadline !== undefined) checkDeadline(given.deadline, now);
  if (new Set([...state.scopes, ...(given.scopes ?? [])]).size > MAX_SCOPES) {
    throw invalid('scopes', `must be at most ${MAX_SCOPES} of all who wait`);
  }
  if (isNew && state.joiners.length >= MAX_JOINERS) throw refusal('too_many_joiners');
}

export function checkDecision(state: SetUpState, given: unknown): asserts given is SetUpDecision {
  checkFields(given, 'input', ['choice', 'by', 'credentials', 'firstExecutionRunId']);
  checkName(given.by, 'by');
  if (state.status !== 'waiting' || state.decision !== undefined) throw refusal('no_open_question');
  const { choices = [], fields = [] } = state.toDo ?? {};
  checkOneOf(given.choice, 'choice', choices);
  if (given.choice === 'own') return checkAppCredentials(given.credentials, fields);
  if (given.credentials !== undefined) throw invalid('credentials', 'must not be given with this choice');
}
