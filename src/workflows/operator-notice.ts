import type { OutageNotice } from '../contract/types';
import { activitiesWith } from './activity-proxies';

const { 'nango.notifyOutage': notify } = activitiesWith({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 hour', backoffCoefficient: 2, maximumAttempts: 3 },
  summary: 'notifies the operator',
});

/** Notifies an operator, once for each id: a workflow of its own, so that Temporal refuses the second. */
export async function operatorNotice(notice: OutageNotice): Promise<void> {
  await notify(notice);
}
