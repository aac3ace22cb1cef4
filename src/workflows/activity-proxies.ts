import { proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { NangoActivities } from '../contract/activities';

/** Our activities as calls from workflow code. Without a `taskQueue` they run on the queue of the calling workflow. */
export function activitiesWith(options: ActivityOptions): NangoActivities {
  return proxyActivities<NangoActivities>(options);
}

/** Lookups ride out an outage of any length: a wait must not die of one. */
export const PATIENT: ActivityOptions = {
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
};
