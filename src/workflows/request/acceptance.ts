import { CancellationScope, condition, isCancellation, log, patched, sleep } from '@temporalio/workflow';
import { findNangoFailure, lacksScope, nangoFailure } from '../../contract/errors';
import { TAG } from '../../contract/names';
import { withoutMark, withoutRenewal } from '../../contract/rules/tags';
import type { Connection, Identity, RestoredConnection, Snapshot, Unwritten } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';
import { isReconnectUnconfirmed } from './confirming-step';
import type { ConnectionLookups } from './connection-lookups';
import { releaseLink } from './holding';
import type { LiveRequest } from './live-request';
import { dependsOnScopes, isAcceptedInVain, isClosed } from './request-state';
import type { AccountChange, OpenState, RequestState } from './request-state';
import { addsNone, addsScopes, isReplacement } from './recreate-step';
import { acceptReplacement, dropReplacements, endRecreation } from './replacement';
import { accountOf, accountTag, atMostAllowed, confirmedOf, namedBy, restore, withoutAccounts } from './restoration';
import { waitOn, notRequestedOf, shortOf } from './scopes-step';

const { 'nango.identifyAccount': identifySoon } = activitiesWith({
  ...PATIENT,
  scheduleToCloseTimeout: '2 minutes',
  summary: 'whose account it is',
});
const { 'nango.getGrantedScopes': getGrantedScopes, 'nango.snapshotConnection': snapshotConnection } = activitiesWith({
  ...PATIENT,
  summary: 'what was granted',
});
const { 'nango.getIntegrationScopes': getIntegrationScopes } = activitiesWith({
  ...PATIENT,
  summary: 'what the integration requests',
});

/** What cannot be done yet is tried again after this, then after ever longer. */
const AGAIN_MS = 60_000;
const AGAIN_MOST_MS = 3_600_000;
/** Without it nobody can take the mark from a connection. */
const UPDATE = 'environment:connections:update';
/** How long a request that has closed still tries to put back what a reconnect wiped. */
const LATE = '1 day';

/** Accepts whatever is found, for as long as the request is open. */
export async function acceptFound(
  live: LiveRequest,
  lookups: ConnectionLookups,
  onAccountChange: () => void,
): Promise<never> {
  for (let failures = 0; ;) {
    await condition(() => live.state.found !== undefined || live.state.recreate?.unwanted === true);
    try {
      const { state } = live;
      if (isClosed(state)) continue;
      if (state.recreate?.unwanted) {
        await dropReplacements(state);
        live.apply({ type: 'replacementDropped', now: Date.now() });
        continue;
      }
      if (state.found === undefined) continue;
      if (isReplacement(state, state.found)) {
        await acceptReplacement(live, state, state.found, onAccountChange);
        refuseInVain(state, live.state);
        failures = 0;
        continue;
      }
      const accepted = await acceptForScopes(state, state.found);
      live.apply({ ...accepted, now: Date.now() });
      if (accepted.type === 'markStays')
        throw nangoFailure('Nango.Forbidden', { scope: UPDATE, hint: lacksScope(UPDATE) });
      live.owe(releaseLink(state, state.found));
      if (accepted.type === 'accountChanged') onAccountChange();
      refuseInVain(state, live.state);
      failures = 0;
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (findNangoFailure(error)?.type === 'Nango.OwnerUnconfirmed' && live.state.found !== undefined) {
        const { connectionId } = live.state.found;
        log.warn('A connection was connected once more before it was accepted', { connectionId });
        live.apply({ type: 'confirmationDropped', now: Date.now() });
        lookups.follow(connectionId);
        continue;
      }
      log.warn('A connection could not be accepted yet', { error: String(error) });
      await sleep(Math.min(AGAIN_MS * 2 ** failures++, AGAIN_MOST_MS), { summary: 'accepts again' });
    }
  }
}

/** What has come to nothing comes to nothing again: not at once. */
function refuseInVain(before: OpenState, after: RequestState): void {
  if (!isAcceptedInVain(before, after) || !patched('temporal-nango/accepted-in-vain')) return;
  throw nangoFailure('Nango.Unavailable', { hint: 'A connection was accepted, and the request goes on all the same.' });
}

/** The request has closed while a connection was being restored: that is done all the same, so that nothing is lost. */
export async function acceptLate(state: RequestState): Promise<void> {
  const { found, reconnect, recreate } = state;
  if (reconnect === undefined && !found?.unconfirmed) return;
  let isDone = true;
  if (found !== undefined && !isReplacement(state, found)) {
    isDone = await doneLate(() => acceptOrRestore(state, found));
  } else if (found === undefined && isReconnectUnconfirmed(state)) {
    isDone = await doneLate(() => restoreUnconfirmed(state));
  }
  if (recreate !== undefined && (isDone || patched('temporal-nango/recreation-ends'))) {
    await doneLate(() => endRecreation(state));
  }
}

/** @returns whether it could be done */
async function doneLate(work: () => Promise<void>): Promise<boolean> {
  try {
    await CancellationScope.withTimeout(LATE, work);
    return true;
  } catch (error) {
    // An operator has deleted what belonged to a stranger.
    if (findNangoFailure(error)?.type !== 'Nango.ConnectionNotFound') {
      log.error('A connection was not restored after its reconnect', { error: String(error) });
    }
    return false;
  }
}

/** Somebody may have used another link since it was confirmed: then nobody has confirmed who it is. */
async function acceptOrRestore(state: RequestState, found: Connection): Promise<void> {
  try {
    await accept(state, found);
  } catch (error) {
    const isOthers = findNangoFailure(error)?.type === 'Nango.OwnerUnconfirmed';
    if (!isOthers || !patched('temporal-nango/restored-unconfirmed')) throw error;
    log.warn('A connection was connected once more before it was accepted', { connectionId: found.connectionId });
    await restoreUnconfirmed(state);
  }
}

/** What became of a connection that was found. */
type Accepted = { unwritten?: Unwritten[] } & (
  | { type: 'accepted'; connection: Connection; scopesRead?: boolean; mayEnd?: boolean }
  | ({ type: 'accountChanged' } & AccountChange)
  | { type: 'markStays'; unwritten: Unwritten[] }
  | { type: 'scopesMissing'; snapshot: Snapshot; granted: string[]; mayEnd?: boolean }
  | { type: 'notWidened'; snapshot: Snapshot; granted: string[]; requested?: string[] }
);

/** The same, and for those who named scopes what was granted is read: before that nobody knows for whom it is. */
async function acceptForScopes(state: OpenState, found: Connection): Promise<Accepted> {
  const accepted = await accept(state, found);
  // By what is there: whatever the key was allowed to write.
  if (accepted.connection.unconfirmed) return { type: 'markStays', unwritten: accepted.unwritten ?? [] };
  if (accepted.type === 'accountChanged') {
    return patched('temporal-nango/readers-scopes') ? { ...accepted, scopesRead: true } : accepted;
  }
  if (!dependsOnScopes(state)) return accepted;
  const { connection } = accepted;
  const wasThere = state.status === 'checking' && !state.freshScopes;
  const { granted } = await getGrantedScopes({ connection, fresh: !wasThere });
  const isShort = granted !== undefined && shortOf(state, granted).length > 0;
  if (isShort && addsNone(state, granted) && wasRequested(state, granted) && patched('temporal-nango/recreate')) {
    const { scopes: requested, isFixed } = await getIntegrationScopes({ integration: connection.integration });
    if (!isFixed && !addsScopes(granted, requested)) {
      return { ...accepted, type: 'notWidened', snapshot: await confirmedSnapshot(connection), granted, requested };
    }
  }
  const isAgain = state.reconnect?.widening !== undefined;
  const hasRest = isShort && isAgain && notRequestedOf(state, granted).length > 0;
  const mayEnd = (hasRest && patched('temporal-nango/ends-for-all')) || undefined;
  const asRead = (grantedScopes: string[] | undefined): Accepted => ({
    ...accepted,
    connection: { ...connection, grantedScopes },
    scopesRead: true,
    mayEnd,
  });
  if (!isShort) return asRead(granted);
  // Asked for once already: then the state decides what becomes of those who lack something.
  if (isAgain && waitOn(state, granted, mayEnd === true).length === 0) return asRead(granted);
  const snapshot = await confirmedSnapshot(connection);
  const now = grantedBy(snapshot, granted);
  if (shortOf(state, now).length === 0) return asRead(now);
  return { ...accepted, type: 'scopesMissing', snapshot, granted: now, mayEnd };
}

/** Whether the link that was used has requested something of what is missing: else it says nothing of what links add. */
function wasRequested(state: OpenState, granted: string[]): boolean {
  const isOther = shortOf(state, granted).length === notRequestedOf(state, granted).length;
  return !isOther || !patched('temporal-nango/requested-in-vain');
}

/** What was kept of an earlier read is no reason to ask anybody: more may have been granted since. */
function grantedBy({ connection: { grantedScopes, health } }: Snapshot, kept: string[]): string[] {
  if (grantedScopes === undefined || health !== 'ok') return kept;
  const isSame = grantedScopes.join(' ') === kept.join(' ');
  return isSame || !patched('temporal-nango/scopes-afresh') ? kept : grantedScopes;
}

/** Somebody may have used a link once more since it was accepted. */
async function confirmedSnapshot(ref: Connection): Promise<Snapshot> {
  const snapshot = await snapshotConnection(ref);
  if (snapshot.connection.unconfirmed) throw nangoFailure('Nango.OwnerUnconfirmed');
  return snapshot;
}

/**
 * What is left to do for a connection that was verified: its account is recorded, and after a reconnect compared with
 * the recorded one; tags, metadata and webhook override, which a reconnect wipes, are put back.
 */
async function accept(
  state: RequestState,
  found: Connection,
): Promise<Extract<Accepted, { type: 'accepted' | 'accountChanged' }>> {
  const { reconnect, identity } = state;
  if (reconnect?.snapshot !== undefined) return await acceptReconnected(state, found, reconnect.snapshot);
  if (found.unconfirmed) return { type: 'accepted', ...(await unmark(state, found)) };
  // One that was there before has had its account recorded, or not, when it was made.
  if (identity === undefined || state.status === 'checking') return { type: 'accepted', connection: found };
  return { type: 'accepted', ...(await recordAccount(found, identity)) };
}

/** The owner has confirmed a new connection: its mark goes, and what gave way for that among the tags comes back. */
async function unmark({ identity, tags: own }: RequestState, connection: Connection): Promise<RestoredConnection> {
  const tags = withoutMark(connection.tags);
  const account = identity && (await accountSoon(connection, identity));
  const withAccount = account === undefined ? tags : atMostAllowed(tags, { [TAG.account]: account });
  const all = atMostAllowed(withAccount, { ...own, ...withAccount });
  return await restore({ connection, tags: all, confirmed: confirmedOf(connection) });
}

async function accountSoon(connection: Connection, identity: Identity): Promise<string | undefined> {
  try {
    return await identifySoon({ connection, identity });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The account of a connection could not be read', { error: String(error) });
    return undefined;
  }
}

/** Nobody has confirmed it, and nobody will: it gets back what the reconnect has wiped, and stays marked. */
async function restoreUnconfirmed({ subject: { integration }, reconnect }: RequestState): Promise<void> {
  if (reconnect?.snapshot === undefined) return;
  const { metadata, webhookUrlOverride } = reconnect.snapshot;
  const connection = { integration, connectionId: reconnect.connectionId };
  await restore({ connection, metadata, webhookUrlOverride });
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

async function acceptReconnected(state: RequestState, found: Connection, before: Snapshot): ReturnType<typeof accept> {
  const { accountChange, decision, identity } = state;
  const recorded = before.connection.tags[TAG.account];
  const tags = withoutAccounts(withoutMark(withoutRenewal(before.connection.tags)));
  const isDecided = accountChange !== undefined && decision?.choice === 'yes';
  // Somebody may have used a link once more: the yes was to one account alone.
  const isRead = identity !== undefined && (!isDecided || patched('temporal-nango/agreed-account'));
  const named = isRead ? await accountOf(found, identity, recorded) : undefined;
  const agreed = isDecided && (!isRead || named === accountChange.found);
  const account = agreed ? accountChange.found : named;
  const changed = !agreed && recorded !== undefined && account !== undefined && account !== recorded;
  const accounts = changed ? { [TAG.account]: recorded, [TAG.newAccount]: account } : accountTag(account, recorded);
  const { metadata, webhookUrlOverride } = before;
  const confirmed = confirmedOf(found);
  const restored = await restore({
    connection: found,
    tags: atMostAllowed(tags, accounts),
    metadata,
    webhookUrlOverride,
    confirmed,
    account: confirmed === undefined ? undefined : namedBy(identity, account),
  });
  if (!changed) return { type: 'accepted', ...restored };
  // Not by its tag alone, which a key may not be allowed to write.
  const connection = { ...restored.connection, accountChanged: true };
  return { type: 'accountChanged', ...restored, connection, recorded, found: account };
}
