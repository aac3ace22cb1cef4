import { isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type { Notice } from '../../contract/types';
import { activitiesWith } from '../activity-proxies';
import type { LiveRequest } from './live-request';
import { questionOf, wantedOf } from './request-state';

/** A notifier that failed is called again, but never twice within an hour: what it does cannot be undone. */
const { 'nango.notify': notify } = activitiesWith({
  startToCloseTimeout: '1 minute',
  // Beats are how the notifier learns that the request has ended.
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 hour', backoffCoefficient: 2, maximumAttempts: 3 },
  summary: 'tells the person',
});

/** Notifies whoever is waited for, unless they have connected in the meantime. What goes wrong with it harms nobody who waits. */
export async function notifyPerson(live: LiveRequest, reason: Notice['reason']): Promise<void> {
  const { state } = live;
  const question = questionOf(state);
  if (question === undefined) return;
  const { workflowId: id, firstExecutionRunId } = workflowInfo();
  const { subject, reminders } = state;
  try {
    const notice = { reason, request: { id, firstExecutionRunId }, ...subject, question, reminders };
    const connections = await notify({ notice, wanted: state.choosing === undefined ? wantedOf(state) : undefined });
    live.apply({ type: 'lookedUp', connections, now: Date.now() });
  } catch (error) {
    if (!isCancellation(error)) log.warn('The notifier failed', { error: String(error) });
  }
}
