import { isCancellation, log, patched, workflowInfo } from '@temporalio/workflow';
import { findNangoFailure, nangoFailure } from '../../contract/errors';
import { numberOfLink } from '../../contract/rules/choose';
import { newConnectionTags, renewalTags, replacementTags } from '../../contract/rules/tags';
import type { LinkGrant, LinkTerms, Snapshot, WatchedLink } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';
import { isNeeded } from './gone-step';
import { holdForLink } from './holding';
import type { LiveRequest } from './live-request';
import { checkIssueLink, refusal, refuseUnagreed } from './request-checks';
import { isClosed, isRecreating, wantedOf } from './request-state';
import type { RequestState } from './request-state';
import { withoutAccounts } from './restoration';

/** A person has clicked, and waits. */
const AT_ONCE = { ...PATIENT, scheduleToCloseTimeout: '3 seconds' } as const;

const WATCHES = 'has the link watched';
const { 'nango.openWatch': openWatchAtOnce } = activitiesWith({ ...AT_ONCE, summary: WATCHES });
const { 'nango.openWatch': openWatchPatiently } = activitiesWith({ ...PATIENT, summary: WATCHES });
const { 'nango.snapshotConnection': snapshotAtOnce } = activitiesWith({
  ...AT_ONCE,
  summary: 'what a reconnect would wipe',
});

/**
 * A click: issues a nonce, has it watched, and says what to put into the connect session. What is asked may become something
 * else meanwhile: then the click is taken anew, as one for that.
 *
 * @throws Nango.Unavailable if it is not known yet what a reconnect would wipe, or no worker can be kept from using a
 *   connection that may come into somebody else's hands; Nango.InvalidRequest with the reason `other_question` where the
 *   old connection would be deleted, and nobody has agreed to that, or `request_closed` where what was to be connected anew
 *   is gone
 */
export async function grantLink(live: LiveRequest, terms: LinkTerms): Promise<LinkGrant> {
  const verifyOwner = terms.verifyOwner === true;
  const notesScopes = live.state.reconnect?.widening !== undefined && patched('temporal-nango/requested-scopes');
  live.apply({ type: 'click', notesScopes, now: Date.now() });
  const { subject, links, reconnect, scopes: wanted } = live.state;
  const link = links.at(-1);
  if (link === undefined) throw refusal('request_closed');
  const { workflowId: requestId } = workflowInfo();
  const { integration } = subject;
  const watched = (): WatchedLink => ({
    requestId,
    ...link,
    ...whereFound(live, link.nonce, verifyOwner),
  });
  const watch = watched();
  const holding = verifyOwner && reconnect !== undefined && !isRecreating(live.state);
  const hold = holding ? holdForLink(subject.integration, reconnect.connectionId, link.until) : undefined;
  const isOvertaken = (): boolean => {
    const { state: now } = live;
    if (isClosed(now)) {
      if (verifyOwner) throw refusal('request_closed');
      return false;
    }
    const isHeld = !verifyOwner || (holding && reconnect.connectionId === now.reconnect?.connectionId);
    return !(isCounted(now, link.nonce) && (isHeld || !isReconnect(now))) && patched('temporal-nango/holds');
  };
  const [, isThere] = await Promise.all([openWatch(live, watch), refreshSnapshot(live), hold]);
  if (!isThere) throw refusal('request_closed');
  if (isOvertaken()) return await grantAnew(live, terms);

  const { state } = live;
  const snapshot = state.reconnect?.snapshot;
  if (reconnect !== undefined && snapshot === undefined) throw nangoFailure('Nango.Unavailable');
  if (snapshot === undefined) {
    const scopes = wanted.length > 0 ? wanted : undefined;
    return { integration, tags: newConnectionTags(state.tags, subject, link.nonce, verifyOwner), scopes, ...link };
  }
  const { connection, webhookUrlOverride } = snapshot;
  if (isRecreating(state)) {
    // It may have become so since the click; runs of an earlier version have granted it to anybody.
    if (!terms.recreate && patched('temporal-nango/agreed-deletion')) refuseUnagreed(state, terms);
    // Whose account it is nobody knows yet.
    const tags = replacementTags(withoutAccounts(connection.tags), link.nonce, connection.connectionId, verifyOwner);
    if (tags === undefined) throw refusal('too_many_tags');
    // Without scopes of its own: here the integration's are what counts.
    return { integration, tags, ...link };
  }
  const renewal = renewalTags(connection.tags, link.nonce, verifyOwner);
  if (renewal === undefined) throw refusal('too_many_tags');
  // It has got tags, or lost some, since the watch was opened.
  if (renewal.listed !== (watch.unlisted === undefined)) {
    await openWatch(live, watched());
    if (isOvertaken()) return await grantAnew(live, terms);
  }
  return {
    integration,
    tags: renewal.tags,
    scopes: scopesAnew(snapshot, wanted),
    ...link,
    reconnectOf: connection.connectionId,
    webhookUrlOverride,
  };
}

async function grantAnew(live: LiveRequest, terms: LinkTerms): Promise<LinkGrant> {
  checkIssueLink(live.state, terms, Date.now());
  return await grantLink(live, terms);
}

/** Whether a link of this state connects a connection anew that is in use until then. */
function isReconnect(state: RequestState): boolean {
  return state.reconnect?.snapshot !== undefined && !isRecreating(state);
}

/** Whether what a link makes is looked for: what is asked may have become something else after its click. */
function isCounted(state: RequestState, nonce: string): boolean {
  const { afterLink = 0, replacedAfterLink } = wantedOf(state).reconnect ?? {};
  return numberOfLink(nonce) > (replacedAfterLink ?? afterLink);
}

/** What a reconnect requests: nothing that was granted or requested before is lost by it. */
function scopesAnew(
  { connection, scopesOverride, integrationScopes }: Snapshot,
  wanted: string[],
): string[] | undefined {
  if (wanted.length === 0) return scopesOverride;
  const before = [...(scopesOverride ?? integrationScopes ?? []), ...(connection.grantedScopes ?? [])];
  return [...new Set([...before, ...wanted])];
}

/** A renewed connection is in a list of its own, unless its tags leave no room for that. */
function whereFound(
  { state }: LiveRequest,
  nonce: string,
  verifyOwner: boolean,
): Pick<WatchedLink, 'renews' | 'unlisted'> {
  const { subject, reconnect } = state;
  if (reconnect === undefined || isRecreating(state)) return {};
  const { connectionId, snapshot } = reconnect;
  const listed = snapshot === undefined || renewalTags(snapshot.connection.tags, nonce, verifyOwner)?.listed;
  return { renews: true, unlisted: listed ? undefined : { integration: subject.integration, connectionId } };
}

/** A watch that cannot be opened at once is opened when it can be; the link is not held back. */
async function openWatch(live: LiveRequest, link: WatchedLink): Promise<void> {
  try {
    await openWatchAtOnce(link);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The watch was not opened in time', { error: String(error) });
    void openWatchLater(live, link);
  }
}

/** What a run does not come to, the next one does. */
export async function openWatchLater(live: LiveRequest, link: WatchedLink): Promise<void> {
  live.unwatched.add(link);
  await openWatchPatiently(link)
    .catch(() => undefined)
    .finally(() => live.unwatched.delete(link));
}

/**
 * Weeks may have gone by since the last one, and somebody have deleted the connection: then the request ends.
 *
 * @returns whether there is anything to make a link for
 */
async function refreshSnapshot(live: LiveRequest): Promise<boolean> {
  const { subject, reconnect } = live.state;
  if (reconnect === undefined) return true;
  const { connectionId } = reconnect;
  try {
    const ref = { integration: subject.integration, connectionId };
    live.apply({ type: 'snapshot', snapshot: await snapshotAtOnce(ref), now: Date.now() });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The connection could not be read before its reconnect', { error: String(error) });
    const isGone = findNangoFailure(error)?.type === 'Nango.ConnectionNotFound';
    if (isGone && isNeeded(live.state, connectionId) && patched('temporal-nango/gone')) {
      live.apply({ type: 'gone', connectionId, now: Date.now() });
      return false;
    }
  }
  return true;
}
