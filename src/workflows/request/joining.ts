import { condition, workflowInfo } from '@temporalio/workflow';
import type { ApplicationFailure } from '@temporalio/common';
import { nangoFailure } from '../../contract/errors';
import { packReplies } from '../../contract/join-replies';
import { forScopes } from '../../contract/scopes-checked';
import type { Join, JoinAnswer, JoinReply } from '../../contract/types';
import { waitEnd } from '../../contract/wait-end';
import type { DueAnswer } from './request-step';
import type { Listener, LiveRequest } from './live-request';
import { refusal, refusalsOf, wantsAsItIs } from './request-checks';
import type { Looks } from './request-looks';
import { QUICK_MS } from './request-reads';
import { askOf, isClosed } from './request-state';

/** Lets everybody join who may; each hears for itself, in its place. */
export async function takeIn(live: LiveRequest, looks: Looks, joins: Join[]): Promise<JoinReply[]> {
  const refusals = refusalsOf(live.state, joins, Date.now());
  const isOver = live.state.connection !== undefined;
  const joining = joins.filter((join, i) => !isOver && refusals[i] === undefined && !wantsAsItIs(live.state, join));
  const heard = await answersTo(live, looks, joining);
  const answers = new Map(joining.map((join, i) => [join, heard[i]]));
  const replies: (JoinAnswer | ApplicationFailure)[] = [];
  for (const [i, join] of joins.entries()) {
    replies.push(
      refusals[i] ?? (answers.has(join) ? answerOf(live, answers.get(join)) : await asItIs(live, looks, join)),
    );
  }
  return packReplies(replies);
}

/** Whether the first look is over, or is not worth waiting for any longer. */
export function hasLooked({ state }: LiveRequest, looks: Looks): boolean {
  return looks.madeOne || state.status !== 'looking';
}

/** A backend has no other way to hear. A subscriber is told by signal: it must not hold the worker that has to look. */
function waitsInside({ subscriber }: Join): boolean {
  return subscriber === undefined;
}

/** What each of those who join is told by the end of the first look, or until all have been told. */
async function answersTo(live: LiveRequest, looks: Looks, joining: Join[]): Promise<(DueAnswer | undefined)[]> {
  if (joining.length === 0) return [];
  const listeners = live.join(joining);
  await firstLook(live, looks, joining.some(waitsInside), listeners);
  live.dismiss(listeners);
  return listeners.map(({ answer }) => answer);
}

/** It may have been connected since anybody looked, and its webhook be lost. */
async function firstLook(live: LiveRequest, looks: Looks, wait: boolean, listeners: Listener[]): Promise<void> {
  const over = live.state.status === 'asking' ? looks.want() : () => hasLooked(live, looks);
  if (wait) await inTime(looks, () => over() || listeners.every(({ answer }) => answer !== undefined));
}

/** A look that began when nobody waited may take long. */
async function inTime(looks: Looks, over: () => boolean): Promise<void> {
  looks.hurry();
  await (looks.isSlow ? condition(over, QUICK_MS) : condition(over));
}

function answerOf({ state }: LiveRequest, heard: DueAnswer | undefined): JoinAnswer {
  const { workflowId: requestId, firstExecutionRunId } = workflowInfo();
  if (heard !== undefined) return waitEnd({ ...heard, requestId });
  return { status: 'pending', requestId, firstExecutionRunId, ask: askOf(state) };
}

/** The connection as it is: for whoever came too late to join, and for who need not wait until it is connected anew. */
async function asItIs(live: LiveRequest, looks: Looks, join: Join): Promise<JoinAnswer | ApplicationFailure> {
  if (live.state.connection === undefined && waitsInside(join)) await inTime(looks, () => hasLooked(live, looks));
  const { connection, accountChange, reconnect, scopes, askedScopes } = live.state;
  const found = connection ?? accountChange?.connection ?? reconnect?.snapshot?.connection;
  const asked = connection === undefined ? [] : scopes.slice(0, askedScopes);
  if (found !== undefined) return { status: 'connected', connection: forScopes(found, join.scopes, asked) };
  return isClosed(live.state) ? refusal('request_closed') : nangoFailure('Nango.Unavailable', { nonRetryable: false });
}
