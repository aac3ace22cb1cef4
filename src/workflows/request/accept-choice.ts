import { condition, isCancellation, log, sleep } from '@temporalio/workflow';
import { findNangoFailure } from '../../contract/errors';
import { activitiesWith, PATIENT } from '../activity-proxies';
import { isBeingChosen } from './choosing-step';
import type { ConnectionLookups } from './connection-lookups';
import type { LiveRequest } from './live-request';

const { 'nango.rememberChoice': rememberChoice } = activitiesWith({
  ...PATIENT,
  summary: 'marks the connection that was chosen',
});

/** What cannot be done yet is tried again after this, then after ever longer. */
const AGAIN_MS = 60_000;
const AGAIN_MOST_MS = 3_600_000;

/** Carries out what somebody has chosen, for as long as the request is open: nobody has a connection that is gone. */
export async function acceptChoice(live: LiveRequest, lookups: ConnectionLookups): Promise<never> {
  for (let failures = 0; ;) {
    await condition(() => isBeingChosen(live.state));
    const { subject, chosen } = live.state;
    if (chosen === undefined) continue;
    try {
      const { connection, notRemembered } = await rememberChoice({ subject, connectionId: chosen.connectionId });
      if (notRemembered !== undefined) {
        const { integration, connectionId } = connection;
        log.error('The choice of a connection is not remembered', { integration, connectionId, notRemembered });
      }
      live.apply({ type: 'choiceAccepted', connection, notRemembered, now: Date.now() });
      failures = 0;
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (findNangoFailure(error)?.type === 'Nango.ConnectionNotFound') {
        log.warn('The connection that was chosen has gone');
        live.apply({ type: 'choiceGone', now: Date.now() });
        lookups.want();
        continue;
      }
      log.warn('A choice could not be carried out yet', { error: String(error) });
      await sleep(Math.min(AGAIN_MS * 2 ** failures++, AGAIN_MOST_MS), { summary: 'carries out the choice again' });
    }
  }
}
