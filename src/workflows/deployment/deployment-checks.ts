import type { ApplicationFailure } from '@temporalio/common';
import { nangoFailure } from '../../contract/errors';
import { checkDeploymentJoin } from '../../contract/rules/check-deployment';
import { checkObject } from '../../contract/rules/check-shape';
import { checkName, checkText } from '../../contract/rules/text';
import type { DeploymentJoin, DeploymentStatus } from '../../contract/types';
import type { Operation } from '../request/request-checks';

/** Synchronous validators of a deployment's updates: what they refuse leaves no event in its history. */

/** What of a deployment decides whether a message is for it. */
export interface Addressed {
  status: DeploymentStatus;
  codeDigest: string;
  firstExecutionRunId: string;
}

const REFUSALS = {
  request_closed: 'The deployment is closed; a later one of the same function is another.',
  other_code: 'Other code is being deployed under this name: wait for its end, or decline it.',
  no_open_question: 'The deployment does not wait for a yes.',
} as const;

function refusal(reason: keyof typeof REFUSALS): ApplicationFailure {
  return nangoFailure('Nango.InvalidRequest', { reason, hint: REFUSALS[reason] });
}

/** Whoever wants the same code deployed may join. */
export function checkJoin(own: Addressed, given: unknown): asserts given is DeploymentJoin {
  checkDeploymentJoin(given);
  if (isClosed(own)) throw refusal('request_closed');
  if (given.codeDigest !== own.codeDigest) throw refusal('other_code');
}

/** A yes or a no is for what has been shown, and not for a later deployment of the same function. */
export function checkDecision(own: Addressed, given: unknown): asserts given is Operation {
  checkObject(given, 'input');
  if (given.by !== undefined) checkName(given.by, 'by');
  const { firstExecutionRunId: addressee } = given;
  if (addressee !== undefined) checkText(addressee, 'firstExecutionRunId');
  const isOther = addressee !== undefined && addressee !== own.firstExecutionRunId;
  if (isClosed(own) || isOther) throw refusal('request_closed');
  if (own.status !== 'waiting') throw refusal('no_open_question');
}

/** A yes stands in the history with whose it is. */
export function checkApproval(own: Addressed, given: unknown): void {
  checkDecision(own, given);
  checkName(given.by, 'by');
}

function isClosed({ status }: Addressed): boolean {
  return status === 'deployed' || status === 'failed';
}
