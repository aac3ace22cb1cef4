import { isDeepStrictEqual } from 'node:util';
import { checkConnectionRef } from '../contract/check-call';
import { findNangoFailure, nangoFailure } from '../contract/errors';
import { isOurs } from '../contract/tags';
import { jsonBytes } from '../contract/json';
import { MAX_PAYLOAD_BYTES, MAX_TAG_VALUE_CHARS } from '../contract/limits';
import {
  connectionRefSchema,
  identifyAccountInputSchema,
  restoreConnectionInputSchema,
} from '../contract/schemas/connections';
import type { Json, ProxyCall, Tags } from '../contract/types';
import { getConnection, patchConnection, setMetadata, snapshotConnection } from '../nango/connections';
import { proxy } from '../nango/proxy';
import type { NangoActivities } from '../contract/activities';
import { bounds, parse } from './context';
import type { ActivityDependencies } from './context';

/** What is done around a reconnect, which wipes tags that are not sent anew, and metadata of typed credentials. */
export function reconnectActivities({
  api,
}: ActivityDependencies): Pick<
  NangoActivities,
  'nango.snapshotConnection' | 'nango.restoreConnection' | 'nango.identifyAccount'
> {
  return {
    async 'nango.snapshotConnection'(input) {
      const ref = parse(connectionRefSchema, input);
      checkConnectionRef(ref);
      const snapshot = await snapshotConnection(api, ref, bounds());
      if (jsonBytes(snapshot) <= MAX_PAYLOAD_BYTES) return snapshot;
      throw nangoFailure('Nango.ResponseTooLarge', { hint: 'The metadata of the connection could not be kept.' });
    },

    async 'nango.restoreConnection'(input) {
      const { connection: ref, tags, metadata, webhookUrlOverride = '' } = parse(restoreConnectionInputSchema, input);
      checkConnectionRef(ref);
      const now = await snapshotConnection(api, ref, bounds());
      const wiped = metadata !== null && metadata !== undefined && !isDeepStrictEqual(now.metadata, metadata);
      if (wiped) await setMetadata(api, ref, metadata, bounds());
      const changes = {
        tags: isDeepStrictEqual(now.connection.tags, tags) ? undefined : tags,
        webhookUrlOverride: (now.webhookUrlOverride ?? '') === webhookUrlOverride ? undefined : webhookUrlOverride,
      };
      if (changes.tags !== undefined || changes.webhookUrlOverride !== undefined) {
        await unlessOnlyOurs(changes, now.connection.tags, patchConnection(api, ref, changes, bounds()));
      }
      return await getConnection(api, ref, bounds());
    },

    async 'nango.identifyAccount'(input) {
      const { connection, identity } = parse(identifyAccountInputSchema, input);
      checkConnectionRef(connection);
      const { endpoint, pointer } = identity;
      const call: ProxyCall = { method: 'GET', endpoint, pick: [pointer] };
      const { data } = await proxy(api, { connection, call }, bounds());
      return accountOf((data as { [pointer: string]: Json })[pointer]);
    },
  };
}

/** A key that may not update connections is no reason to wait, if all that differs is what we have put there. */
async function unlessOnlyOurs(
  { tags = {}, webhookUrlOverride }: { tags?: Tags; webhookUrlOverride?: string },
  now: Tags,
  patching: Promise<void>,
): Promise<void> {
  try {
    await patching;
  } catch (error) {
    const differing = Object.keys({ ...tags, ...now }).filter((key) => tags[key] !== now[key]);
    const onlyOurs = webhookUrlOverride === undefined && differing.every(isOurs);
    if (findNangoFailure(error)?.type !== 'Nango.Forbidden' || !onlyOurs) throw error;
  }
}

/** An account as a tag can hold it. */
function accountOf(value: Json | undefined): string {
  const account = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (account !== '' && account.length <= MAX_TAG_VALUE_CHARS) return account;
  throw nangoFailure('Nango.BadResponse', { field: 'identity.pointer', hint: 'It names no text and no number.' });
}
