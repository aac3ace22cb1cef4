import { invalid } from './errors';
import { MAX_WAIT_MS } from './limits';
import { checkTags } from './tags';
import { checkText } from './text';
import type { EnsureConnectionInput, Join, Owner, Subject } from './types';

/**
 * Rules for what a caller says to get a connection, checked before any I/O, in the sandbox and outside it. Each throws
 * `Nango.InvalidRequest` naming the field, never its value.
 */

/** As Nango takes them: they travel in a list separated by commas. */
const SCOPE = /^[0-9a-zA-Z:/_.*-]+$/;

/** Checks everything a caller says to get a connection. @returns whose, and how it joins */
export function checkEnsureInput(
  input: EnsureConnectionInput,
  now: number,
): { subject: Subject; join: Omit<Join, 'joinId'> } {
  const { integration, endUser, organization, slot, scopes, tags = {}, deadline } = input;
  const subject = { integration, owner: { endUser, organization }, slot };
  checkSubject(subject);
  if (deadline !== undefined) checkDeadline(deadline, now);
  for (const scope of scopes ?? []) {
    if (!SCOPE.test(scope)) throw invalid('scopes', 'must be single scopes without space or comma');
  }
  return { subject, join: { deadline, scopes, tags: checkTags(tags, subject.owner, slot) } };
}

export function checkSubject({ integration, owner, slot }: Subject): void {
  checkText(integration, 'integration');
  checkOwner(owner);
  if (slot !== undefined) checkText(slot, 'slot');
}

export function checkOwner({ endUser, organization }: Owner): void {
  if (endUser !== undefined) {
    checkText(endUser.id, 'endUser.id');
    if (endUser.email !== undefined) checkText(endUser.email, 'endUser.email');
    if (endUser.displayName !== undefined) checkText(endUser.displayName, 'endUser.displayName');
  }
  if (organization !== undefined) checkText(organization.id, 'organization.id');
}

/** @param deadline milliseconds since the epoch, ahead of `now` by a year at the most */
export function checkDeadline(deadline: number, now: number): void {
  if (typeof deadline !== 'number' || !Number.isFinite(deadline)) throw invalid('deadline', 'must be a time in ms');
  if (deadline <= now) throw invalid('deadline', 'must not be in the past');
  if (deadline > now + MAX_WAIT_MS) throw invalid('deadline', 'must be within a year');
}
