import { isDeepStrictEqual } from 'node:util';
import { checkConnectionRef } from '../contract/rules/check-call';
import { checkIdentity } from '../contract/rules/check-request';
import { findNangoFailure, nangoFailure } from '../contract/errors';
import type { NangoErrorType } from '../contract/errors';
import { jsonBytes } from '../contract/rules/json';
import { MAX_PAYLOAD_BYTES, MAX_TAG_VALUE_CHARS } from '../contract/limits';
import {
  connectionRefSchema,
  identifyAccountInputSchema,
  restoreConnectionInputSchema,
} from '../contract/schemas/connections';
import { TAG } from '../contract/names';
import type {
  Connection,
  IdentifyAccountInput,
  Json,
  ProxyCall,
  RestoreConnectionInput,
  Unwritten,
} from '../contract/types';
import { getConnection, patchConnection, setMetadata, snapshotConnection } from '../nango/connections';
import type { NangoApi } from '../nango/http/http';
import { proxy } from '../nango/proxy';
import { bounds } from './context';
import { defineActivity } from './define';

/** What comes of asking a provider that does not say whose account it is; anything else may be better the next time. */
const NAMES_NONE: ReadonlySet<string> = new Set<NangoErrorType>([
  'Nango.ProviderRejected',
  'Nango.ScopesMissing',
  'Nango.ReconnectRequired',
  'Nango.ResponseTooLarge',
  'Nango.BadResponse',
]);

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
      if (tags !== undefined) refuseOthers(now.connection, input);
      const unwritten: Unwritten[] = [];
      const write = async (what: Unwritten, isThere: boolean, writing: () => Promise<void>) => {
        if (!isThere && !(await allowed(writing))) unwritten.push(what);
      };
      const isKept = metadata === null || metadata === undefined || isDeepStrictEqual(now.metadata, metadata);
      await write('metadata', isKept, () => setMetadata(api, ref, metadata ?? null, bounds()));
      const isTagged = tags === undefined || isDeepStrictEqual(now.connection.tags, tags);
      if (!isTagged) await refuseOtherAccount(api, input);
      await write('tags', isTagged, async () => {
        // All are written at once, the mark goes with them, and Nango has no condition for a write.
        refuseOthers(await getConnection(api, ref, bounds()), input);
        await patchConnection(api, ref, { tags }, bounds());
      });
      await write('webhookUrlOverride', (now.webhookUrlOverride ?? '') === webhookUrlOverride, () =>
        patchConnection(api, ref, { webhookUrlOverride }, bounds()),
      );
      const connection = await getConnection(api, ref, bounds());
      return unwritten.length === 0 ? { connection } : { connection, unwritten };
    },
  ),

  ...defineActivity('nango.identifyAccount', identifyAccountInputSchema, checkIdentification, (input, { api }) =>
    identify(api, input),
  ),
};

function checkRestoration({ connection, account }: RestoreConnectionInput): void {
  checkConnectionRef(connection);
  if (account !== undefined) checkIdentity(account.identity);
}

function checkIdentification({ connection, identity }: IdentifyAccountInput): void {
  checkConnectionRef(connection);
  checkIdentity(identity);
}

/** Somebody has used another link since: what was confirmed is not what is there. */
function refuseOthers({ unconfirmed, tags }: Connection, { confirmed }: RestoreConnectionInput): void {
  if (unconfirmed && tags[TAG.nonce] !== confirmed) throw nangoFailure('Nango.OwnerUnconfirmed');
}

/** Somebody has used the same link again, and so the same nonce: only the account tells. */
async function refuseOtherAccount(api: NangoApi, { connection, account }: RestoreConnectionInput): Promise<void> {
  if (account === undefined) return;
  const { identity, name } = account;
  const named = await identify(api, { connection, identity }).catch((error: unknown) => {
    const type = findNangoFailure(error)?.type;
    // It was named a moment ago.
    if (type !== undefined && NAMES_NONE.has(type)) return undefined;
    throw error;
  });
  if (named !== name) throw nangoFailure('Nango.OwnerUnconfirmed');
}

/** @throws what the provider refuses, and Nango.BadResponse if it names no account */
async function identify(api: NangoApi, { connection, identity }: IdentifyAccountInput): Promise<string> {
  const { endpoint, pointer } = identity;
  const call: ProxyCall = { method: 'GET', endpoint, pick: [pointer] };
  // Unguarded: a request that has been confirmed compares accounts before it takes the mark off, and nobody is handed
  // more than what names the account.
  const { response } = await proxy(api, { connection, call, unguarded: true }, bounds());
  return accountOf((response.data as { [pointer: string]: Json })[pointer]);
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
