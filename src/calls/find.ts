import { reasonOf } from '../contract/errors';
import { ACTIVITY } from '../contract/names';
import { isProxyCall } from '../contract/rules/check-call';
import type { CallRef } from '../contract/types';
import type { Place } from '../requests/start';
import { withCallFailures } from './call-failures';
import { activityIdOf } from './call-identity';
import { healingInputOf } from './healing-input';

/** A call that was found by the id that its caller gave it. */
export interface FoundCall {
  ref: CallRef;
  isAction: boolean;
}

/**
 * The call of an id.
 *
 * @returns nothing if Temporal knows none, or has forgotten it
 * @throws Nango.InvalidRequest for an id that can be none; Nango.TemporalUnavailable
 */
export async function findCall(place: Place, id: string): Promise<FoundCall | undefined> {
  const activityId = activityIdOf(place, id);
  try {
    return await withCallFailures(async () => {
      const description = await place.client.activity.getHandle(activityId).describe({ includeInput: true });
      const { activityType, activityRunId, retryPolicy } = description;
      const healing = await healingInputOf(description);
      const ref = { id: activityId, runId: activityRunId, write: retryPolicy.maximumAttempts === 1 };
      const isAction = healing === undefined ? activityType === ACTIVITY.triggerAction : !isProxyCall(healing.call);
      return { ref, isAction };
    });
  } catch (error) {
    if (reasonOf(error) === 'call_forgotten') return undefined;
    throw error;
  }
}
