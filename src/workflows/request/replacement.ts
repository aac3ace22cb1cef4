import { log, patched } from '@temporalio/workflow';
import { findNangoFailure, nangoFailure } from '../../contract/errors';
import { TAG } from '../../contract/names';
import { replacementTags, withoutMark } from '../../contract/rules/tags';
import type { Connection, ConnectionNames, Snapshot, Tags } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';
import type { LiveRequest } from './live-request';
import { isBetter } from './recreate-step';
import type { RecreateEvent } from './recreate-step';
import { isClosed } from './request-state';
import type { AccountChange, OpenState, RequestState } from './request-state';
import { accountOf, accountTag, confirmedOf, restore, withoutAccounts } from './restoration';
import { notRequestedOf } from './scopes-step';

/** How a new connection takes the place of the old one, which stays until the new one is its better. */

const { 'nango.getGrantedScopes': getGrantedScopes, 'nango.snapshotConnection': snapshotConnection } = activitiesWith({
  ...PATIENT,
  summary: 'what was granted',
});
const { 'nango.replaceConnection': replaceConnection } = activitiesWith({
  ...PATIENT,
  summary: 'deletes the old connection',
});
const { 'nango.dropReplacements': dropMade } = activitiesWith({
  ...PATIENT,
  summary: 'deletes a new connection that nobody takes',
});

/** A new connection is compared with the old one, made its equal, and then takes its place. */
export async function acceptReplacement(
  live: LiveRequest,
  state: OpenState,
  found: Connection,
  onAccountChange: () => void,
): Promise<void> {
  if (state.recreate?.made === undefined) {
    const event = await judge(state, found);
    live.apply({ ...event, now: Date.now() });
    if (event.type === 'accountChanged') onAccountChange();
    // The request may have ended meanwhile: then it goes, and the old one stays.
    if (event.type !== 'replacementMade' || live.state.recreate?.made === undefined) return;
  }
  try {
    await replace(live.state);
  } catch (error) {
    if (findNangoFailure(error)?.type !== 'Nango.ConnectionNotFound') throw error;
    log.warn('A new connection is gone before it was taken', { connectionId: found.connectionId });
    live.apply({ type: 'replacementDropped', now: Date.now() });
    return;
  }
  const now = live.state;
  const { made } = now.recreate ?? {};
  if (made === undefined || isClosed(now)) return;
  // Whoever has come since the click has nobody left to ask for them.
  const hasRest = notRequestedOf(now, made.grantedScopes ?? []).length > 0;
  const mayEnd = (hasRest && patched('temporal-nango/ends-for-all')) || undefined;
  live.apply({ type: 'accepted', connection: made, scopesRead: true, mayEnd, now: Date.now() });
}

/** Deletes what links of the request have made to take the place of the old connection. */
export async function dropReplacements({ subject, reconnect, origin }: RequestState): Promise<void> {
  if (reconnect === undefined) return;
  const ref = { integration: subject.integration, connectionId: reconnect.connectionId };
  await deleting(ref, () => dropMade({ ...ref, origin }));
}

/** The request has ended: a new connection that was accepted takes the place of the old one all the same, any other goes. */
export async function endRecreation(state: RequestState): Promise<void> {
  const { recreate, reconnect, clicks } = state;
  if (recreate === undefined) return;
  const isOver = state.status === 'connected' && state.connection.connectionId !== reconnect?.connectionId;
  if (isOver) return;
  if (recreate.made !== undefined) await replace(state);
  else if (clicks > recreate.clicks) await dropReplacements(state);
}

async function replace({ subject: { integration }, recreate, reconnect }: RequestState): Promise<void> {
  if (recreate?.made === undefined || reconnect === undefined) return;
  const ref = { integration, connectionId: recreate.made.connectionId };
  await deleting(ref, () => replaceConnection({ ...ref, replaces: reconnect.connectionId }));
}

/** A key that may not delete leaves both: the old one goes on being everybody's. */
async function deleting({ integration, connectionId }: ConnectionNames, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (findNangoFailure(error)?.type === 'Nango.Forbidden') {
      log.error('The key lacks environment:connections:delete', { integration, connectionId });
    }
    throw error;
  }
}

type Judgement =
  | Omit<Extract<RecreateEvent, { type: 'replacementMade' }>, 'now'>
  | Omit<Extract<RecreateEvent, { type: 'replacementRefused' }>, 'now'>
  | Omit<Extract<RecreateEvent, { type: 'replacementDropped' }>, 'now'>
  | ({ type: 'accountChanged' } & AccountChange);

/** Whether a new connection may take the place of the old one; if so it has all that the old one has. */
async function judge(state: OpenState, found: Connection): Promise<Judgement> {
  const { accountChange, decision, identity } = state;
  const before = await theOld(state, found);
  const recorded = before.connection.tags[TAG.account];
  const agreed = accountChange?.connection.connectionId === found.connectionId && decision?.choice === 'yes';
  const account = agreed ? accountChange.found : identity && (await accountOf(found, identity, recorded));
  if (!agreed && recorded !== undefined && account !== undefined && account !== recorded) {
    return { type: 'accountChanged', connection: { ...found, accountChanged: true }, recorded, found: account };
  }
  const { granted } = await getGrantedScopes({ connection: found, fresh: true });
  // To delete a connection for one of which nobody knows what it may do would be a guess.
  if (granted === undefined) {
    if (await isGone(found)) return { type: 'replacementDropped' };
    throw nangoFailure('Nango.Unavailable', { hint: 'What a new connection was granted cannot be read.' });
  }
  if (!isBetter(state, granted)) return { type: 'replacementRefused' };
  const { metadata, webhookUrlOverride } = before;
  const tags = tagsOf(before.connection, found, accountTag(account, recorded));
  const { connection, unwritten } = await restore({
    connection: found,
    tags,
    metadata,
    webhookUrlOverride,
    confirmed: confirmedOf(found),
  });
  if (unwritten !== undefined) return { type: 'replacementRefused', unwritten };
  if (connection.unconfirmed) throw nangoFailure('Nango.OwnerUnconfirmed');
  return { type: 'replacementMade', connection: { ...connection, grantedScopes: granted } };
}

/** Somebody may have disconnected the old one, and so what was made in its place: the next click makes another. */
async function isGone({ integration, connectionId }: Connection): Promise<boolean> {
  if (!patched('temporal-nango/gone-replacements')) return false;
  try {
    await snapshotConnection({ integration, connectionId });
    return false;
  } catch (error) {
    if (findNangoFailure(error)?.type !== 'Nango.ConnectionNotFound') throw error;
    return true;
  }
}

/** What the new connection has to be equal to: weeks may have gone by since the click, or somebody have deleted it. */
async function theOld({ subject: { integration }, reconnect }: OpenState, found: Connection): Promise<Snapshot> {
  if (reconnect === undefined) return { connection: found, metadata: null };
  const { connectionId, snapshot } = reconnect;
  try {
    return await snapshotConnection({ integration, connectionId });
  } catch (error) {
    if (snapshot === undefined || findNangoFailure(error)?.type !== 'Nango.ConnectionNotFound') throw error;
    return snapshot;
  }
}

/** All of the old one, and what says which link made it, and instead of which. */
function tagsOf(old: Connection, { tags }: Connection, account: Tags): Tags {
  const { [TAG.nonce]: nonce = '', [TAG.environment]: environment } = tags;
  const others = { ...withoutAccounts(old.tags), ...(environment !== undefined && { [TAG.environment]: environment }) };
  return (
    replacementTags({ ...others, ...account }, nonce, old.connectionId) ??
    replacementTags(others, nonce, old.connectionId) ??
    withoutMark(tags)
  );
}
