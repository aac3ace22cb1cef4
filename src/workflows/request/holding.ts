import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  patched,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { nangoFailure } from '../../contract/errors';
import { HOLD_SPREADS_MS, LINK_GRACE_MS } from '../../contract/limits';
import { TAG } from '../../contract/names';
import { holdsIdOf } from '../../contract/request-id';
import type { Connection } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';
import { confirmedSignal } from '../messages';
import type { LiveRequest } from './live-request';
import type { RequestState } from './request-state';

/** Of a connection that is to be connected anew: no call goes through it until its owner is confirmed. */

const HOLDS = 'has the connection held';
/** Without it there is no link: where many click at once it may take its time. */
const { 'nango.holdConnection': holdSoon } = activitiesWith({
  ...PATIENT,
  scheduleToCloseTimeout: '10 seconds',
  summary: HOLDS,
});
const { 'nango.holdConnection': holdPatiently } = activitiesWith({ ...PATIENT, summary: HOLDS });

/**
 * Before a link is made: every worker knows it before the link does.
 *
 * @param until when the link dies
 * @throws Nango.Unavailable if it was not held in time
 */
export async function holdForLink(integration: string, connectionId: string, until: number): Promise<void> {
  let since: number;
  try {
    ({ since } = await holdSoon({ connection: { integration, connectionId }, until }));
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The connection was not held in time', { error: String(error) });
    throw nangoFailure('Nango.Unavailable');
  }
  const wait = since + HOLD_SPREADS_MS - Date.now();
  if (wait > 0) await sleep(wait, { summary: 'until every worker knows that it is held' });
}

/** Has it held once more where it was seen in unknown hands, and its link may be forgotten by whatever holds. */
export async function holdAgain(live: LiveRequest): Promise<never> {
  const known = new Set<string>();
  let seen: string[] = [];
  // A mark that has gone, and is there again, is seen again.
  const unseen = (): string | undefined => {
    const marks = marksOf(live.state);
    seen = seen.filter((nonce) => marks.includes(nonce));
    return marks.find((nonce) => !seen.includes(nonce));
  };
  for (;;) {
    await condition(() => unseen() !== undefined);
    const nonce = unseen() ?? '';
    const isKnown = known.has(nonce);
    seen.push(nonce);
    known.add(nonce);
    const { subject, reconnect, links } = live.state;
    const isHeld = links.some((link) => link.nonce === nonce && link.until + LINK_GRACE_MS > Date.now());
    if (reconnect === undefined || isHeld || !patched('temporal-nango/holds')) continue;
    if (isKnown && !patched('temporal-nango/holds-again')) continue;
    const connection = { integration: subject.integration, connectionId: reconnect.connectionId };
    try {
      await holdPatiently({ connection, until: Date.now() });
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('A connection that nobody has confirmed was not held', { error: String(error) });
    }
  }
}

/**
 * Once the owner was confirmed, and the connection is theirs: it need not be held for this link as it is for one of which
 * nobody knows what may come of it.
 *
 * @param found as it was when it was found
 */
export async function releaseLink({ reconnect, links }: RequestState, found: Connection): Promise<void> {
  if (!found.unconfirmed || found.connectionId !== reconnect?.connectionId) return;
  const link = links.find(({ nonce }) => nonce === found.tags[TAG.nonce]);
  if (link === undefined || !patched('temporal-nango/holds')) return;
  const { integration, connectionId } = found;
  const holds = holdsIdOf(workflowInfo().workflowId);
  try {
    await CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(holds).signal(confirmedSignal, {
        connection: { integration, connectionId },
        until: link.until,
      }),
    );
  } catch (error) {
    log.debug('Nothing is held that a confirmation concerns', { error: String(error) });
  }
}

/** By their nonces, the links that have put somebody behind the connection of whom nobody has said who it is. */
function marksOf({ reconnect, unconfirmed = [] }: RequestState): string[] {
  if (reconnect === undefined) return [];
  const { connectionId, snapshot } = reconnect;
  const noted = unconfirmed.filter((one) => one.connectionId === connectionId).map(({ nonce }) => nonce);
  const { unconfirmed: isMarked, tags } = snapshot?.connection ?? {};
  return isMarked ? [...noted, tags?.[TAG.nonce] ?? ''] : noted;
}
