import { checkConnectionId, checkNangoName } from './check-call';
import { checkFields, checkFlag, checkList, checkObject, checkOneOf, checkTemporalName } from './check-shape';
import { wireEndpoint } from './endpoint';
import { invalid } from '../errors';
import { MAX_POINTER_CHARS, MAX_SCOPES, MAX_TAG_VALUE_CHARS, MAX_TAGS, MAX_WAIT_MS } from '../limits';
import { checkTags, isTagKey, ownerTags } from './tags';
import { checkName, checkText } from './text';
import type { Choose, Identity, Join, Owner, Subject, Tags, WorkflowEnsureConnectionInput } from '../types';

/**
 * Rules for what a caller says to get a connection, checked before any I/O, in the sandbox and outside it. Each throws
 * `Nango.InvalidRequest` naming the field, never its value.
 */

/** As Nango takes them: they travel in a list separated by commas. */
const SCOPE = /^[0-9a-zA-Z:/_.*-]+$/;

/** As Nango names those of its catalogue. */
const PROVIDER = /^[a-zA-Z0-9_-]+$/;

/** Checks everything a caller says to get a connection. @returns whose, and how it joins */
export function checkEnsureInput(
  input: WorkflowEnsureConnectionInput,
  now: number,
): { subject: Subject; join: Omit<Join, 'joinId'> } {
  checkObject(input, 'input');
  const { integration, endUser, organization, slot, scopes, tags = {}, deadline } = input;
  const { freshScopes, reconnect, identity, readsOnAccountChange, adopt, heal, ignoreCoolDown, taskQueue } = input;
  const { choose, several = 'choose' } = input;
  const { provider, allowNangoApp } = input;
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
  checkFlag(heal, 'heal');
  checkFlag(freshScopes, 'freshScopes');
  checkFlag(readsOnAccountChange, 'readsOnAccountChange');
  checkFlag(ignoreCoolDown, 'ignoreCoolDown');
  if (choose !== undefined && reconnect !== undefined) throw invalid('choose', 'must not be given with reconnect');
  checkSeveral(several);
  if (taskQueue !== undefined) checkTemporalName(taskQueue, 'taskQueue');
  if (provider !== undefined) checkProvider(provider);
  checkFlag(allowNangoApp, 'allowNangoApp');
  if (allowNangoApp !== undefined && provider === undefined) throw invalid('allowNangoApp', 'needs a provider');
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
      choose: choose === undefined ? undefined : checkChoose(choose),
      several,
    },
  };
}

/** Tags of ours that an identity takes: the recorded account, and another one while it is in question. */
export function reservedTags(identity: Identity | undefined): number {
  return identity === undefined ? 0 : 2;
}

export function checkSeveral(several: unknown): asserts several is Join['several'] {
  if (several !== undefined) checkOneOf(several, 'several', ['choose', 'fail']);
}

/** @returns with the keys in lower case, as Nango stores them */
export function checkChoose(choose: unknown): Choose {
  checkFields(choose, 'choose', ['tag']);
  checkObject(choose.tag, 'choose.tag');
  if (Object.keys(choose.tag).length === 0) throw invalid('choose.tag', `must be one to ${MAX_TAGS}`);
  return { tag: checkTagsToFind(choose.tag, 'choose.tag') };
}

/** Tags by which connections are found, those of this package as well. @returns with the keys in lower case */
export function checkTagsToFind(given: unknown, field: string): Tags {
  checkObject(given, field);
  const entries = Object.entries(given);
  if (entries.length > MAX_TAGS) throw invalid(field, `must be at most ${MAX_TAGS}`);
  const tags: Tags = {};
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    if (!isTagKey(key)) throw invalid(field, 'has a key Nango would refuse');
    if (Object.hasOwn(tags, key)) throw invalid(field, 'has a key twice');
    checkText(value, field);
    tags[key] = value;
  }
  return tags;
}

export function checkScopes(scopes: unknown): asserts scopes is string[] {
  checkScopeNames(scopes, MAX_SCOPES);
}

/** @param most how many there may be */
export function checkScopeNames(scopes: unknown, most: number): asserts scopes is string[] {
  checkList(scopes, 'scopes', most);
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

/** By its name at Nango. */
export function checkProvider(provider: unknown): asserts provider is string {
  checkText(provider, 'provider');
  if (!PROVIDER.test(provider)) throw invalid('provider', "must be a provider's name at Nango");
}

/** Whether it is ahead is for whoever has the clock that counts. */
export function checkTime(time: unknown, field: string): asserts time is number {
  if (typeof time !== 'number' || !Number.isFinite(time)) throw invalid(field, 'must be a time in ms');
}
