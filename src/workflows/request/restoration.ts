import { isCancellation, log } from '@temporalio/workflow';
import { findNangoFailure } from '../../contract/errors';
import { MAX_TAGS } from '../../contract/limits';
import { TAG } from '../../contract/names';
import type { Connection, Identity, RestoreConnectionInput, RestoredConnection, Tags } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';

/** How a connection becomes what it was before: its account, its tags, its metadata. */

/** What stands in the place of an account that the provider does not name. */
const UNKNOWN_ACCOUNT = 'unknown';

const { 'nango.identifyAccount': identifyPatiently } = activitiesWith({ ...PATIENT, summary: 'whose account it is' });
const { 'nango.restoreConnection': restoreConnection } = activitiesWith({
  ...PATIENT,
  summary: 'puts back what a reconnect wiped',
});

/** A connection as it was found: who has confirmed it has confirmed the link that it bears, and no later use of another. */
export function confirmedOf({ unconfirmed, tags }: Connection): string | undefined {
  return unconfirmed ? tags[TAG.nonce] : undefined;
}

/** What the key may not write is said to whoever operates it: in the log here, and in the memo of the request. */
export async function restore(input: RestoreConnectionInput): Promise<RestoredConnection> {
  const restored = await restoreConnection(input);
  const { unwritten } = restored;
  if (unwritten !== undefined) {
    const { integration, connectionId } = input.connection;
    log.error('The key lacks environment:connections:update', { integration, connectionId, unwritten });
  }
  return restored;
}

/** After a reconnect nothing goes on before the account is known, or known to have no name. */
export async function accountOf(
  connection: Connection,
  identity: Identity,
  recorded: string | undefined,
): Promise<string | undefined> {
  try {
    return await identifyPatiently({ connection, identity });
  } catch (error) {
    if (isCancellation(error) || findNangoFailure(error) === undefined) throw error;
    return recorded === undefined ? undefined : UNKNOWN_ACCOUNT;
  }
}

/** Whose a connection has to be still when it is written to: as it was read, where it has a name. */
export function namedBy(
  identity: Identity | undefined,
  account: string | undefined,
): RestoreConnectionInput['account'] {
  if (identity === undefined || account === undefined || account === UNKNOWN_ACCOUNT) return undefined;
  return { identity, name: account };
}

export function withoutAccounts(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== TAG.account && key !== TAG.newAccount));
}

export function accountTag(account: string | undefined, recorded: string | undefined): Tags {
  const known = account === UNKNOWN_ACCOUNT ? undefined : (account ?? recorded);
  return known === undefined ? {} : { [TAG.account]: known };
}

/** A connection that has no room for ours keeps its own tags. */
export function atMostAllowed(tags: Tags, ours: Tags): Tags {
  const all = { ...tags, ...ours };
  return Object.keys(all).length <= MAX_TAGS ? all : tags;
}
