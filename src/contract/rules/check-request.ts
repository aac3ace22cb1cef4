import { checkConnectionId, checkNangoName } from './check-call';
import { checkFields, checkFlag, checkList, checkObject, checkTemporalName } from './check-shape';
import { wireEndpoint } from './endpoint';
import { invalid } from '../errors';
import { MAX_POINTER_CHARS, MAX_SCOPES, MAX_TAG_VALUE_CHARS, MAX_WAIT_MS } from '../limits';
import { checkTags, ownerTags } from './tags';
import { checkName, checkText } from './text';
import type { Identity, Join, Owner, Subject, WorkflowEnsureConnectionInput } from '../types';

/**
 * Rules for what a caller says to get a connection, checked before any I/O, in the sandbox and outside it. Each throws
 * `Nango.InvalidRequest` naming the field, never its value.
 */

/** As Nango takes them: they travel in a list separated by commas. */
const SCOPE = /^[0-9a-zA-Z:/_.*-]+$/;

/** Checks everything a caller says to get a connection. @returns whose, and how it joins */
export function checkEnsureInput(
  input: WorkflowEnsureConnectionInput,
  now: number,
): { subject: Subject; join: Omit<Join, 'joinId'> } {
  checkObject(input, 'input');
  const { integration, endUser, organization, slot, scopes, tags = {}, deadline } = input;
  const { freshScopes, reconnect, identity, readsOnAccountChange, adopt, ignoreCoolDown, taskQueue } = input;
  const subject = { integration, owner: { endUser, organization }, slot };
  checkSubject(subject);
  if (deadline !== undefined) checkDeadline(deadline, now);
  if (scopes !== undefined) checkScopes(scopes);
  if (reconnect !== undefined) checkConnectionId(reconnect, 'reconnect');
  if (adopt !== undefined) checkConnectionId(adopt, 'adopt');
  if (adopt !== undefined && reconnect !== undefined) throw invalid('adopt', 'must not be given with reconnect');
  if (adopt !== undefined && Object.keys(ownerTags(subject.owner)).length === 0) {
    throw invalid('adopt', 'needs an owner who adopts');
  }
  if (identity !== undefined) checkIdentity(identity);
  checkFlag(freshScopes, 'freshScopes');
  checkFlag(readsOnAccountChange, 'readsOnAccountChange');
  checkFlag(ignoreCoolDown, 'ignoreCoolDown');
  if (taskQueue !== undefined) checkTemporalName(taskQueue, 'taskQueue');
  return {
    subject,
    join: {
      deadline,
      scopes,
      freshScopes,
      tags: checkTags(tags, subject.owner, slot, reservedTags(identity)),
      reconnect,
      identity,
      readsOnAccountChange,
    },
  };
}

/** Tags of ours that an identity takes: the recorded account, and another one while it is in question. */
export function reservedTags(identity: Identity | undefined): number {
  return identity === undefined ? 0 : 2;
}

export function checkScopes(scopes: unknown): asserts scopes is string[] {
  checkList(scopes, 'scopes', MAX_SCOPES);
  for (const scope of scopes) {
    if (typeof scope !== 'string' || !SCOPE.test(scope) || scope.length > MAX_TAG_VALUE_CHARS) {
      throw invalid(
        'scopes',
        `must be single scopes of 1 to ${MAX_TAG_VALUE_CHARS} characters, without space or comma`,
      );
    }
  }
}

export function checkIdentity(identity: unknown): asserts identity is Identity {
  checkFields(identity, 'identity', ['endpoint', 'pointer']);
  const { endpoint, pointer } = identity;
  wireEndpoint(endpoint, 'identity.endpoint');
  if (typeof pointer !== 'string' || !pointer.startsWith('/') || pointer.length > MAX_POINTER_CHARS) {
    throw invalid('identity.pointer', `must be a JSON pointer of at most ${MAX_POINTER_CHARS} characters`);
  }
}

export function checkSubject({ integration, owner, slot }: { [field in keyof Subject]?: unknown }): void {
  checkNangoName(integration, 'integration');
  checkOwner(owner);
  if (slot !== undefined) checkName(slot, 'slot');
}

export function checkOwner(owner: unknown): asserts owner is Owner {
  checkFields(owner, 'owner', ['endUser', 'organization']);
  const { endUser, organization } = owner;
  if (endUser !== undefined) {
    checkFields(endUser, 'endUser', ['id', 'email', 'displayName']);
    checkName(endUser.id, 'endUser.id');
    if (endUser.email !== undefined) checkText(endUser.email, 'endUser.email');
    if (endUser.displayName !== undefined) checkText(endUser.displayName, 'endUser.displayName');
  }
  if (organization !== undefined) {
    checkFields(organization, 'organization', ['id']);
    checkName(organization.id, 'organization.id');
  }
}

/** @param deadline milliseconds since the epoch, ahead of `now` by a year at the most */
export function checkDeadline(deadline: unknown, now: number, field = 'deadline'): asserts deadline is number {
  checkTime(deadline, field);
  if (deadline <= now) throw invalid(field, 'must not be in the past');
  if (deadline > now + MAX_WAIT_MS) throw invalid(field, 'must be within a year');
}

/** Whether it is ahead is for whoever has the clock that counts. */
export function checkTime(time: unknown, field: string): asserts time is number {
  if (typeof time !== 'number' || !Number.isFinite(time)) throw invalid(field, 'must be a time in ms');
}
