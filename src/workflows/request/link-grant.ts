import { isCancellation, log, workflowInfo } from '@temporalio/workflow';
import { nangoFailure } from '../../contract/errors';
import { renewalTags, sessionTags } from '../../contract/rules/tags';
import type { LinkGrant, Snapshot, WatchedLink } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';
import type { LiveRequest } from './live-request';
import { refusal } from './request-checks';

/** A person has clicked, and waits. */
const AT_ONCE = { ...PATIENT, scheduleToCloseTimeout: '3 seconds' } as const;

const WATCHES = 'has the link watched';
const { 'nango.openWatch': openWatchAtOnce } = activitiesWith({ ...AT_ONCE, summary: WATCHES });
const { 'nango.openWatch': openWatchLater } = activitiesWith({ ...PATIENT, summary: WATCHES });
const { 'nango.snapshotConnection': snapshotAtOnce } = activitiesWith({
  ...AT_ONCE,
  summary: 'what a reconnect would wipe',
});

/**
 * A click: issues a nonce, has it watched, and says what to put into the connect session.
 *
 * @throws Nango.Unavailable if it is not known yet what a reconnect would wipe
 */
export async function grantLink(live: LiveRequest): Promise<LinkGrant> {
  live.apply({ type: 'click', now: Date.now() });
  const { subject, links, reconnect, scopes: wanted } = live.state;
  const link = links.at(-1);
  if (link === undefined) throw refusal('request_closed');
  const { workflowId: requestId } = workflowInfo();
  const { integration } = subject;
  const watched = (): WatchedLink => ({ requestId, ...link, ...whereFound(live, link.nonce) });
  const watch = watched();
  await Promise.all([openWatch(watch), refreshSnapshot(live)]);

  const { state } = live;
  const snapshot = state.reconnect?.snapshot;
  if (reconnect !== undefined && snapshot === undefined) throw nangoFailure('Nango.Unavailable');
  if (snapshot === undefined) {
    const scopes = wanted.length > 0 ? wanted : undefined;
    return { integration, tags: { ...state.tags, ...sessionTags(subject, link.nonce) }, scopes, ...link };
  }
  const { connection, webhookUrlOverride } = snapshot;
  const renewal = renewalTags(connection.tags, link.nonce);
  if (renewal === undefined) throw refusal('too_many_tags');
  // It has got tags, or lost some, since the watch was opened.
  if (renewal.listed !== (watch.unlisted === undefined)) await openWatch(watched());
  return {
    integration,
    tags: renewal.tags,
    scopes: scopesAnew(snapshot, wanted),
    ...link,
    reconnectOf: connection.connectionId,
    webhookUrlOverride,
  };
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
  { state: { subject, reconnect } }: LiveRequest,
  nonce: string,
): Pick<WatchedLink, 'renews' | 'unlisted'> {
  if (reconnect === undefined) return {};
  const { connectionId, snapshot } = reconnect;
  const listed = snapshot === undefined || renewalTags(snapshot.connection.tags, nonce)?.listed;
  return { renews: true, unlisted: listed ? undefined : { integration: subject.integration, connectionId } };
}

/** A watch that cannot be opened at once is opened when it can be; the link is not held back. */
async function openWatch(link: WatchedLink): Promise<void> {
  try {
    await openWatchAtOnce(link);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The watch was not opened in time', { error: String(error) });
    void openWatchLater(link).catch(() => undefined);
  }
}

/** Weeks may have gone by since the last one. */
async function refreshSnapshot(live: LiveRequest): Promise<void> {
  const { subject, reconnect } = live.state;
  if (reconnect === undefined) return;
  try {
    const ref = { integration: subject.integration, connectionId: reconnect.connectionId };
    live.apply({ type: 'snapshot', snapshot: await snapshotAtOnce(ref), now: Date.now() });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The connection could not be read before its reconnect', { error: String(error) });
  }
}
