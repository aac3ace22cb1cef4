import { isRecreating } from './request-state';
import type { OpenState, RequestState } from './request-state';
import { failed, stepTo } from './step-ends';
import type { Step } from './step-ends';

/** Of the state machine of a request: the connection that is to be connected anew is no longer there. */

/** Whether nothing that is asked can be done without it. One that is to be replaced is not needed for that. */
export function isNeeded(state: RequestState, connectionId: string): boolean {
  const { status, reconnect, found } = state;
  if (status !== 'waiting' || reconnect?.connectionId !== connectionId || isRecreating(state)) return false;
  return found === undefined || found.connectionId === connectionId;
}

/** No link could connect it anew, and whoever waits is told so, as at the first lookup. */
export function gone(state: OpenState, connectionId: string): Step {
  if (!isNeeded(state, connectionId)) return stepTo(state);
  const unconfirmed = state.unconfirmed?.filter((one) => one.connectionId !== connectionId);
  return failed({ ...state, found: undefined, unconfirmed }, { type: 'Nango.ConnectionNotFound' });
}
