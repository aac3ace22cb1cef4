import { invalid } from './errors';
import { MAX_TAGS } from './limits';
import { MANAGED_BY, TAG } from './names';
import { checkText } from './text';
import type { Owner, Subject, Tags } from './types';

const TAG_KEY = /^[a-z][a-z0-9_\-./]*$/;
const MAX_TAG_KEY_CHARS = 64;
const OUR_TAGS: ReadonlySet<string> = new Set(Object.values(TAG));

/** Whether a tag is this package's to write. */
export function isOurs(key: string): boolean {
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
export function sessionTags({ owner, slot }: Subject, nonce: string): Tags {
  const { email, displayName } = owner.endUser ?? {};
  const tags: Tags = { [TAG.managedBy]: MANAGED_BY, [TAG.nonce]: nonce, ...ownerTags(owner) };
  if (email !== undefined) tags[TAG.endUserEmail] = email;
  if (displayName !== undefined) tags[TAG.endUserDisplayName] = displayName;
  if (slot !== undefined) tags[TAG.slot] = slot;
  return tags;
}

/**
 * Tags a caller adds to ours.
 *
 * @param reserved how many more we may need later
 * @returns them with the keys in lower case, as Nango stores them
 */
export function checkTags(tags: Tags, owner: Owner, slot?: string, reserved = 0): Tags {
  const ours = Object.keys(sessionTags({ integration: '', owner, slot }, '')).length + 1 + reserved;
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS - ours) throw invalid('tags', `must be at most ${MAX_TAGS - ours}`);
  const checked: Tags = {};
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    if (!TAG_KEY.test(key) || key.length > MAX_TAG_KEY_CHARS) throw invalid('tags', 'has a key Nango would refuse');
    if (isOurs(key)) throw invalid(`tags.${key}`, 'collides with a tag of this package');
    if (key in checked) throw invalid(`tags.${key}`, 'is given twice');
    checkText(value, `tags.${key}`);
    checked[key] = value;
  }
  return checked;
}
