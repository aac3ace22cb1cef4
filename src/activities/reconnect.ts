import { isDeepStrictEqual } from 'node:util';
import { checkConnectionRef } from '../contract/rules/check-call';
import { checkIdentity } from '../contract/rules/check-request';
import { findNangoFailure, nangoFailure } from '../contract/errors';
import { jsonBytes } from '../contract/rules/json';
import { MAX_PAYLOAD_BYTES, MAX_TAG_VALUE_CHARS } from '../contract/limits';
import {
  connectionRefSchema,
  identifyAccountInputSchema,
  restoreConnectionInputSchema,
} from '../contract/schemas/connections';
import type { IdentifyAccountInput, Json, ProxyCall, RestoreConnectionInput, Unwritten } from '../contract/types';
import { getConnection, patchConnection, setMetadata, snapshotConnection } from '../nango/connections';
import { proxy } from '../nango/proxy';
import { bounds } from './context';
import { defineActivity } from './define';

/** What is done around a reconnect, which wipes tags that are not sent anew, and metadata of typed credentials. */
export const reconnectActivities = {
  ...defineActivity('nango.snapshotConnection', connectionRefSchema, checkConnectionRef, async (ref, { api }) => {
    const snapshot = await snapshotConnection(api, ref, bounds());
    if (jsonBytes(snapshot) <= MAX_PAYLOAD_BYTES) return snapshot;
    throw nangoFailure('Nango.ResponseTooLarge', { hint: 'The metadata of the connection could not be kept.' });
  }),

  ...defineActivity(
    'nango.restoreConnection',
    restoreConnectionInputSchema,
    checkRestoration,
    async (input, { api }) => {
      const { connection: ref, tags, metadata, webhookUrlOverride = '' } = input;
      const now = await snapshotConnection(api, ref, bounds());
      const unwritten: Unwritten[] = [];
      const write = async (what: Unwritten, isThere: boolean, writing: () => Promise<void>) => {
        if (!isThere && !(await allowed(writing))) unwritten.push(what);
      };
      const isKept = metadata === null || metadata === undefined || isDeepStrictEqual(now.metadata, metadata);
      await write('metadata', isKept, () => setMetadata(api, ref, metadata ?? null, bounds()));
      await write('tags', isDeepStrictEqual(now.connection.tags, tags), () =>
        patchConnection(api, ref, { tags }, bounds()),
      );
      await write('webhookUrlOverride', (now.webhookUrlOverride ?? '') === webhookUrlOverride, () =>
        patchConnection(api, ref, { webhookUrlOverride }, bounds()),
      );
      const connection = await getConnection(api, ref, bounds());
      return unwritten.length === 0 ? { connection } : { connection, unwritten };
    },
  ),

  ...defineActivity(
    'nango.identifyAccount',
    identifyAccountInputSchema,
    checkIdentification,
    async (input, { api }) => {
      const { connection, identity } = input;
      const { endpoint, pointer } = identity;
      const call: ProxyCall = { method: 'GET', endpoint, pick: [pointer] };
      const { response } = await proxy(api, { connection, call }, bounds());
      return accountOf((response.data as { [pointer: string]: Json })[pointer]);
    },
  ),
};

function checkRestoration({ connection }: RestoreConnectionInput): void {
  checkConnectionRef(connection);
}

function checkIdentification({ connection, identity }: IdentifyAccountInput): void {
  checkConnectionRef(connection);
  checkIdentity(identity);
}

/** A key that may not update connections never will by waiting: whoever waits for the connection is not held back. */
async function allowed(writing: () => Promise<void>): Promise<boolean> {
  try {
    await writing();
    return true;
  } catch (error) {
    if (findNangoFailure(error)?.type === 'Nango.Forbidden') return false;
    throw error;
  }
}

/** An account as a tag can hold it. */
function accountOf(value: Json | undefined): string {
  const account = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (account !== '' && account.length <= MAX_TAG_VALUE_CHARS) return account;
  throw nangoFailure('Nango.BadResponse', { field: 'identity.pointer', hint: 'It names no text and no number.' });
}
