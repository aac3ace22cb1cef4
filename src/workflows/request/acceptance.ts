import { CancellationScope, condition, isCancellation, log, sleep } from '@temporalio/workflow';
import { findNangoFailure } from '../../contract/errors';
import { MAX_TAGS } from '../../contract/limits';
import { TAG } from '../../contract/names';
import { withoutRenewal } from '../../contract/rules/tags';
import type {
  Connection,
  Identity,
  RestoreConnectionInput,
  RestoredConnection,
  Snapshot,
  Tags,
  Unwritten,
} from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';
import type { LiveRequest } from './live-request';
import { dependsOnScopes, isClosed } from './request-state';
import type { AccountChange, OpenState, RequestState } from './request-state';
import { shortOf } from './scopes-step';

/** What stands in the place of an account that the provider does not name. */
const UNKNOWN_ACCOUNT = 'unknown';

const { 'nango.identifyAccount': identifyPatiently } = activitiesWith({ ...PATIENT, summary: 'whose account it is' });
const { 'nango.identifyAccount': identifySoon } = activitiesWith({
  ...PATIENT,
  scheduleToCloseTimeout: '2 minutes',
  summary: 'whose account it is',
});
const { 'nango.restoreConnection': restoreConnection } = activitiesWith({
  ...PATIENT,
  summary: 'puts back what a reconnect wiped',
});

const { 'nango.getGrantedScopes': getGrantedScopes, 'nango.snapshotConnection': snapshotConnection } = activitiesWith({
  ...PATIENT,
  summary: 'what was granted',
});

/** What cannot be done yet is tried again after this, then after ever longer. */
const AGAIN_MS = 60_000;
const AGAIN_MOST_MS = 3_600_000;
/** How long a request that has closed still tries to put back what a reconnect wiped. */
const LATE = '1 day';

/** Accepts whatever is found, for as long as the request is open. */
export async function acceptFound(live: LiveRequest, onAccountChange: () => void): Promise<never> {
  for (let failures = 0; ;) {
    await condition(() => live.state.found !== undefined);
    try {
      const { state } = live;
      if (isClosed(state) || state.found === undefined) continue;
      const accepted = await acceptForScopes(state, state.found);
      live.apply({ ...accepted, now: Date.now() });
      if (accepted.type === 'accountChanged') onAccountChange();
      failures = 0;
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('A connection could not be accepted yet', { error: String(error) });
      await sleep(Math.min(AGAIN_MS * 2 ** failures++, AGAIN_MOST_MS), { summary: 'accepts again' });
    }
  }
}

/** The request has closed while a connection was being restored: that is done all the same, so that nothing is lost. */
export async function acceptLate(state: RequestState): Promise<void> {
  const { found, reconnect } = state;
  if (found === undefined || reconnect === undefined) return;
  try {
    await CancellationScope.withTimeout(LATE, () => accept(state, found));
  } catch (error) {
    log.error('A connection was not restored after its reconnect', { error: String(error) });
  }
}

/** What became of a connection that was found. */
type Accepted = { unwritten?: Unwritten[] } & (
  | { type: 'accepted'; connection: Connection; scopesRead?: boolean }
  | ({ type: 'accountChanged' } & AccountChange)
  | { type: 'scopesMissing'; snapshot: Snapshot; granted: string[] }
);

/** The same, and for those who named scopes what was granted is read: before that nobody knows for whom it is. */
async function acceptForScopes(state: OpenState, found: Connection): Promise<Accepted> {
  const accepted = await accept(state, found);
  if (accepted.type !== 'accepted' || !dependsOnScopes(state)) return accepted;
  const { connection } = accepted;
  const wasThere = state.status === 'checking' && !state.freshScopes;
  const { granted } = await getGrantedScopes({ connection, fresh: !wasThere });
  const isShort = granted !== undefined && shortOf(state, granted).length > 0;
  // Asked for once already: then the state decides what becomes of those who lack something.
  if (!isShort || state.reconnect?.widening !== undefined) {
    return { ...accepted, connection: { ...connection, grantedScopes: granted }, scopesRead: true };
  }
  return { ...accepted, type: 'scopesMissing', snapshot: await snapshotConnection(connection), granted };
}

/**
 * What is left to do for a connection that was verified: its account is recorded, and after a reconnect compared with
 * the recorded one; tags, metadata and webhook override, which a reconnect wipes, are put back.
 */
async function accept(state: RequestState, found: Connection): Promise<Accepted> {
  const { reconnect, identity } = state;
  if (reconnect?.snapshot !== undefined) return await acceptReconnected(state, found, reconnect.snapshot);
  // One that was there before has had its account recorded, or not, when it was made.
  if (identity === undefined || state.status === 'checking') return { type: 'accepted', connection: found };
  return { type: 'accepted', ...(await recordAccount(found, identity)) };
}

/** Not being able to tell the account of a new connection is no reason to withhold it. */
async function recordAccount(connection: Connection, identity: Identity): Promise<RestoredConnection> {
  try {
    const account = await identifySoon({ connection, identity });
    return await restore({ connection, tags: atMostAllowed(connection.tags, { [TAG.account]: account }) });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The account of a connection could not be recorded', { error: String(error) });
    return { connection };
  }
}

async function acceptReconnected(state: RequestState, found: Connection, before: Snapshot): Promise<Accepted> {
  const { accountChange, decision, identity } = state;
  const recorded = before.connection.tags[TAG.account];
  const tags = withoutAccounts(withoutRenewal(before.connection.tags));
  const agreed = accountChange !== undefined && decision?.choice === 'yes';
  const account = agreed ? accountChange.found : identity && (await accountOf(found, identity, recorded));
  const changed = !agreed && recorded !== undefined && account !== undefined && account !== recorded;
  const accounts = changed ? { [TAG.account]: recorded, [TAG.newAccount]: account } : accountTag(account, recorded);
  const { metadata, webhookUrlOverride } = before;
  const restored = await restore({
    connection: found,
    tags: atMostAllowed(tags, accounts),
    metadata,
    webhookUrlOverride,
  });
  if (!changed) return { type: 'accepted', ...restored };
  // Not by its tag alone, which a key may not be allowed to write.
  const connection = { ...restored.connection, accountChanged: true };
  return { type: 'accountChanged', ...restored, connection, recorded, found: account };
}

/** What the key may not write is said to whoever operates it: in the log here, and in the memo of the request. */
async function restore(input: RestoreConnectionInput): Promise<RestoredConnection> {
  const restored = await restoreConnection(input);
  const { unwritten } = restored;
  if (unwritten !== undefined) {
    const { integration, connectionId } = input.connection;
    log.error('The key lacks environment:connections:update', { integration, connectionId, unwritten });
  }
  return restored;
}

/** After a reconnect nothing goes on before the account is known, or known to have no name. */
async function accountOf(
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

function withoutAccounts(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== TAG.account && key !== TAG.newAccount));
}

function accountTag(account: string | undefined, recorded: string | undefined): Tags {
  const known = account === UNKNOWN_ACCOUNT ? undefined : (account ?? recorded);
  return known === undefined ? {} : { [TAG.account]: known };
}

/** A connection that has no room for ours keeps its own tags. */
function atMostAllowed(tags: Tags, ours: Tags): Tags {
  const all = { ...tags, ...ours };
  return Object.keys(all).length <= MAX_TAGS ? all : tags;
}
