import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { SET_UP_VIEW, SIGNAL, UPDATE } from '../../contract/names';
import type {
  SetUpDecision,
  SetUpJoin,
  SetUpJoinResponse,
  SetUpOutcome,
  SetUpResolution,
  SetUpStatus,
  SetUpView,
} from '../../contract/types';
import type { Addressee, Operation } from '../request/request-checks';

/** What may be said to a set-up, and by one to its subscribers. */

export const resolveSetUpSignal = defineSignal<[SetUpResolution]>(SIGNAL.resolveSetUp);
export const joinSetUpUpdate = defineUpdate<SetUpJoinResponse, [SetUpJoin]>(UPDATE.joinSetUp);
export const decideSetUpUpdate = defineUpdate<SetUpOutcome, [SetUpDecision & Addressee]>(UPDATE.decideSetUp);
export const leaveSetUpUpdate = defineUpdate<SetUpStatus, [{ joinId: string } & Addressee]>(UPDATE.leave);
export const extendSetUpUpdate = defineUpdate<void, [{ until: number } & Operation]>(UPDATE.extend);
export const declineSetUpUpdate = defineUpdate<SetUpStatus, [Operation]>(UPDATE.decline);
export const cancelSetUpUpdate = defineUpdate<SetUpStatus, [Operation]>(UPDATE.cancel);
export const setUpViewQuery = defineQuery<SetUpView>(SET_UP_VIEW);
