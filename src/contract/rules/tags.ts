import { checkObject } from './check-shape';
import { invalid } from '../errors';
import { MAX_TAGS } from '../limits';
import { MANAGED_BY, MANAGED_BY_RENEWED, TAG, UNCONFIRMED } from '../names';
import { checkText } from './text';
import type { Owner, Subject, Tags } from '../types';

const TAG_KEY = /^[a-z][a-z0-9_\-./]*$/;
const MAX_TAG_KEY_CHARS = 64;
const OUR_TAGS: ReadonlySet<string> = new Set(Object.values(TAG));

/** Whether it is in the form that Nango keeps. */
export function isTagKey(key: string): boolean {
  return TAG_KEY.test(key) && key.length <= MAX_TAG_KEY_CHARS;
}

/** What a reconnect's session says of itself. */
const RENEWAL_TAGS: ReadonlySet<string> = new Set([TAG.managedBy, TAG.nonce, TAG.environment, TAG.owner]);

/** Of a session whose connection counts only once somebody has confirmed that it was the owner. */
const MARK: Tags = { [TAG.owner]: UNCONFIRMED };

/** Whether a tag is this package's to write. */
function isOurs(key: string): boolean {
  return OUR_TAGS.has(key) || key.startsWith('tn_');
}

/** The tags that a connection of this owner must carry. Nobody named: none, every connection counts. */
export function ownerTags({ endUser, organization }: Owner): Tags {
  const tags: Tags = {};
  if (endUser !== undefined) tags[TAG.endUserId] = endUser.id;
  if (organization !== undefined) tags[TAG.organizationId] = organization.id;
  return tags;
}

/** Whose a connection is, by its tags. */
export function ownerOf({ [TAG.endUserId]: user, [TAG.organizationId]: organization }: Tags): Owner {
  return {
    endUser: user === undefined ? undefined : { id: user },
    organization: organization === undefined ? undefined : { id: organization },
  };
}

/** The tags of a connect session for a subject, without `tn_environment`, which only a process knows. */
function sessionTags({ owner, slot }: Subject, nonce: string): Tags {
  const { email, displayName } = owner.endUser ?? {};
  const tags: Tags = { [TAG.managedBy]: MANAGED_BY, [TAG.nonce]: nonce, ...ownerTags(owner) };
  if (email !== undefined) tags[TAG.endUserEmail] = email;
  if (displayName !== undefined) tags[TAG.endUserDisplayName] = displayName;
  if (slot !== undefined) tags[TAG.slot] = slot;
  return tags;
}

/**
 * Tags of the session of a new connection. Where there is no room for the mark, one of the callers' gives way until the
 * connection is accepted: that of the environment stays, by which the connection is found.
 *
 * @param verifyOwner whether the connection is marked as unconfirmed
 */
export function newConnectionTags(own: Tags, subject: Subject, nonce: string, verifyOwner: boolean): Tags {
  const all = { ...own, ...sessionTags(subject, nonce) };
  if (!verifyOwner) return all;
  const isFull = Object.keys(all).length + 2 > MAX_TAGS;
  const [givesWay] = isFull ? Object.keys(own).toSorted() : [];
  return { ...Object.fromEntries(Object.entries(all).filter(([key]) => key !== givesWay)), ...MARK };
}

/** Without what says that nobody has confirmed who connected. */
export function withoutMark(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== TAG.owner));
}

/** Whether tags can be a caller's on a connection, by their form alone. */
export function checkTagForms(tags: unknown): asserts tags is Tags {
  checkObject(tags, 'tags');
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS) throw invalid('tags', `must be at most ${MAX_TAGS}`);
  for (const [key, value] of entries) {
    if (!isTagKey(key)) throw invalid('tags', 'has a key Nango would refuse');
    if (isOurs(key)) throw invalid(`tags.${key}`, 'collides with a tag of this package');
    checkText(value, `tags.${key}`);
  }
}

/**
 * Tags of a reconnect's session, without `tn_environment`: all that the connection has, since those not sent are wiped,
 * and ours, by which it is found and proved to be renewed. Those of ours that are there give way where there is no room.
 *
 * @param verifyOwner whether the connection is marked as unconfirmed: the mark never gives way
 * @returns whether it can be found in the list of the renewed; nothing if there is no room for nonce and mark either
 */
export function renewalTags(
  tags: Tags,
  nonce: string,
  verifyOwner = false,
): { tags: Tags; listed: boolean } | undefined {
  const others = Object.fromEntries(Object.entries(tags).filter(([key]) => !RENEWAL_TAGS.has(key)));
  const environment = tags[TAG.environment];
  const room = MAX_TAGS - Object.keys(others).length - (verifyOwner ? 1 : 0);
  if (room < 1) return undefined;
  const ours: Tags = { [TAG.nonce]: nonce, ...(verifyOwner && MARK) };
  if (room > 1) ours[TAG.managedBy] = MANAGED_BY_RENEWED;
  if (room > 2 && environment !== undefined) ours[TAG.environment] = environment;
  return { tags: { ...others, ...ours }, listed: room > 1 };
}

/**
 * Tags of a connection that is made in the place of another: all that the other has, and ours. That of the environment
 * gives way where there is no room.
 *
 * @param replaces id of the other
 * @param verifyOwner whether the connection is marked as unconfirmed: the mark never gives way
 * @returns nothing if there is no room for the rest of ours either
 */
export function replacementTags(tags: Tags, nonce: string, replaces: string, verifyOwner = false): Tags | undefined {
  const others = Object.entries(tags).filter(([key]) => !RENEWAL_TAGS.has(key) && key !== TAG.newAccount);
  const ours: Tags = { [TAG.managedBy]: MANAGED_BY, [TAG.nonce]: nonce, [TAG.replaces]: replaces };
  if (verifyOwner) ours[TAG.owner] = UNCONFIRMED;
  const all = { ...Object.fromEntries(others), ...ours };
  const environment = tags[TAG.environment];
  const room = MAX_TAGS - Object.keys(all).length;
  if (room < 0) return undefined;
  return environment === undefined || room === 0 ? all : { ...all, [TAG.environment]: environment };
}

/** Tags of a connection as they were before any reconnect: a key that may not update connections leaves ours there. */
export function withoutRenewal(tags: Tags): Tags {
  return tags[TAG.managedBy] === MANAGED_BY_RENEWED ? { ...tags, [TAG.managedBy]: MANAGED_BY } : tags;
}

/**
 * Tags a caller adds to ours.
 *
 * @param reserved how many more we may need later
 * @returns them with the keys in lower case, as Nango stores them
 */
export function checkTags(tags: unknown, owner: Owner, slot?: string, reserved = 0): Tags {
  checkObject(tags, 'tags');
  const entries = Object.entries(tags);
  const room = roomForTags(owner, slot, reserved);
  if (entries.length > room) throw invalid('tags', `must be at most ${room}`);
  const checked: { [key: string]: unknown } = {};
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    if (Object.hasOwn(checked, key)) throw invalid(`tags.${key}`, 'is given twice');
    checked[key] = value;
  }
  checkTagForms(checked);
  return checked;
}

/** How many tags of callers there can be beside ours. @param reserved how many more we may need later */
export function roomForTags(owner: Owner, slot: string | undefined, reserved: number): number {
  return MAX_TAGS - Object.keys(sessionTags({ integration: '', owner, slot }, '')).length - 1 - reserved;
}
