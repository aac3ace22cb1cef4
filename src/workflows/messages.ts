import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { REQUEST_VIEW, SIGNAL, UPDATE } from '../contract/names';
import type { Hint, Join, JoinAnswer, LinkGrant, RequestAnswer, RequestView, WatchedLink } from '../contract/types';

/** What may be said to a running workflow of ours, and by a request to its subscribers. */

export const hintSignal = defineSignal<[Hint]>(SIGNAL.hint);
export const answerSignal = defineSignal<[RequestAnswer]>(SIGNAL.answer);
export const joinUpdate = defineUpdate<JoinAnswer, [Join]>(UPDATE.join);
export const leaveUpdate = defineUpdate<void, [{ joinId: string }]>(UPDATE.leave);
export const issueLinkUpdate = defineUpdate<LinkGrant, [{ firstExecutionRunId: string }]>(UPDATE.issueLink);
export const extendUpdate = defineUpdate<void, [{ until: number }]>(UPDATE.extend);
export const declineUpdate = defineUpdate<void, []>(UPDATE.decline);
export const viewQuery = defineQuery<RequestView>(REQUEST_VIEW);
export const watchLinkUpdate = defineUpdate<void, [WatchedLink]>(UPDATE.watchLink);
