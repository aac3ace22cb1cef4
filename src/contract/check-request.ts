import { invalid } from './errors';
import { MAX_WAIT_MS } from './limits';
import { checkConnectionId } from './check-call';
import { wireEndpoint } from './endpoint';
import { checkTags, ownerTags } from './tags';
import { checkText } from './text';
import type { EnsureConnectionInput, Identity, Join, Owner, Subject } from './types';

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
  const { reconnect, identity, readsOnAccountChange, adopt } = input;
  const subject = { integration, owner: { endUser, organization }, slot };
  checkSubject(subject);
  if (deadline !== undefined) checkDeadline(deadline, now);
  for (const scope of scopes ?? []) {
    if (!SCOPE.test(scope)) throw invalid('scopes', 'must be single scopes without space or comma');
  }
  if (reconnect !== undefined) checkConnectionId(reconnect, 'reconnect');
  if (adopt !== undefined) checkConnectionId(adopt, 'adopt');
  if (adopt !== undefined && reconnect !== undefined) throw invalid('adopt', 'must not be given with reconnect');
  if (adopt !== undefined && Object.keys(ownerTags(subject.owner)).length === 0) {
    throw invalid('adopt', 'needs an owner who adopts');
  }
  if (identity !== undefined) checkIdentity(identity);
  const reserved = identity === undefined ? 0 : IDENTITY_TAGS;
  return {
    subject,
    join: {
      deadline,
      scopes,
      tags: checkTags(tags, subject.owner, slot, reserved),
      reconnect,
      identity,
      readsOnAccountChange,
    },
  };
}

/** The recorded account, and another one while it is in question. */
const IDENTITY_TAGS = 2;

function checkIdentity({ endpoint, pointer }: Identity): void {
  wireEndpoint(endpoint, 'identity.endpoint');
  if (typeof pointer !== 'string' || !pointer.startsWith('/'))
    throw invalid('identity.pointer', 'must be a JSON pointer');
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
export function checkDeadline(deadline: number, now: number, field = 'deadline'): void {
  if (typeof deadline !== 'number' || !Number.isFinite(deadline)) throw invalid(field, 'must be a time in ms');
  if (deadline <= now) throw invalid(field, 'must not be in the past');
  if (deadline > now + MAX_WAIT_MS) throw invalid(field, 'must be within a year');
}
