import { condition, patched, workflowInfo } from '@temporalio/workflow';
import type { ApplicationFailure } from '@temporalio/common';
import { nangoFailure } from '../../contract/errors';
import { hasTags } from '../../contract/rules/choose';
import { packResults } from '../../contract/join-update-results';
import { forScopes, lacksScopes } from '../../contract/rules/scopes';
import type { Connection, Join, JoinResponse, JoinUpdateResult } from '../../contract/types';
import { joinEndOf } from '../../contract/join-end';
import { stillAmbiguous } from './choosing-step';
import { isInUnknownHands } from './confirming-step';
import type { DueResolution } from './step-ends';
import type { Listener, LiveRequest } from './live-request';
import { isReplacement } from './recreate-step';
import { refusal, refusalsOf, wantsAsItIs } from './request-checks';
import type { ConnectionLookups } from './connection-lookups';
import { QUICK_MS } from './request-reads';
import { questionOf, isClosed } from './request-state';
import type { RequestState } from './request-state';

/** Lets everybody join who may; each hears for itself, in its place. */
export async function takeIn(
  live: LiveRequest,
  lookups: ConnectionLookups,
  joins: Join[],
): Promise<JoinUpdateResult[]> {
  if (namesScopes(live.state, joins) && patched('temporal-nango/scopes')) {
    live.apply({ type: 'checksScopes', now: Date.now() });
  }
  const refusals = refusalsOf(live.state, joins, Date.now());
  const isOver = live.state.status === 'connected';
  const joining = joins.filter((join, i) => !isOver && refusals[i] === undefined && !wantsAsItIs(live.state, join));
  const resolutions = await resolutionsFor(live, lookups, joining);
  const joined = new Map(joining.map((join, i) => [join, resolutions[i]]));
  const results: (JoinResponse | ApplicationFailure)[] = [];
  for (const [i, join] of joins.entries()) {
    results.push(
      refusals[i] ?? (joined.has(join) ? responseTo(live, join, joined.get(join)) : await asItIs(live, lookups, join)),
    );
  }
  return packResults(results);
}

function namesScopes({ checksScopes }: RequestState, joins: Join[]): boolean {
  return !checksScopes && joins.some(({ scopes = [] }) => scopes.length > 0);
}

/** Whether the first lookup is over, or is not worth waiting for any longer. */
export function hasLookedUp({ state }: LiveRequest, lookups: ConnectionLookups): boolean {
  return lookups.madeOne || state.status !== 'checking';
}

/** A backend has no other way to hear. A subscriber is signalled: it must not hold the worker that does the lookup. */
function waitsInside({ subscriber }: Join): boolean {
  return subscriber === undefined;
}

/** What has resolved each of those who join by the end of the first lookup, or until all have been resolved. */
async function resolutionsFor(
  live: LiveRequest,
  lookups: ConnectionLookups,
  joining: Join[],
): Promise<(DueResolution | undefined)[]> {
  if (joining.length === 0) return [];
  const listeners = live.join(joining);
  await firstLookup(live, lookups, joining.some(waitsInside), listeners);
  live.dismiss(listeners);
  return listeners.map(({ resolution }) => resolution);
}

/** It may have been connected since anybody looked, and its webhook be lost. */
async function firstLookup(
  live: LiveRequest,
  lookups: ConnectionLookups,
  wait: boolean,
  listeners: Listener[],
): Promise<void> {
  const over = live.state.status === 'waiting' ? lookups.want() : () => hasLookedUp(live, lookups);
  if (!wait) return;
  const resolved = () => listeners.every(({ resolution }) => resolution !== undefined);
  await inTime(lookups, () => over() || resolved());
  const granting = () => live.state.status === 'checking' && live.state.found !== undefined;
  if (granting() && !resolved()) await condition(() => resolved() || !granting(), QUICK_MS);
}

/** A lookup that began when nobody waited may take long. */
async function inTime(lookups: ConnectionLookups, over: () => boolean): Promise<void> {
  lookups.hurry();
  await (lookups.isSlow ? condition(over, QUICK_MS) : condition(over));
}

function responseTo({ state }: LiveRequest, join: Join, resolution: DueResolution | undefined): JoinResponse {
  const { workflowId: requestId, firstExecutionRunId } = workflowInfo();
  if (resolution !== undefined) return joinEndOf({ ...resolution, requestId });
  // Of several backends, which wait as one, those that wait for no choice.
  const failure =
    waitsInside(join) && join.several !== 'choose' && !isClosed(state) ? stillAmbiguous(state) : undefined;
  if (failure !== undefined) return { status: 'failed', failure, requestId };
  return { status: 'pending', requestId, firstExecutionRunId, question: questionOf(state) };
}

/** The connection as it is: for whoever came too late to join, and for who need not wait until it is connected anew. */
async function asItIs(
  live: LiveRequest,
  lookups: ConnectionLookups,
  join: Join,
): Promise<JoinResponse | ApplicationFailure> {
  if (live.state.status !== 'connected' && waitsInside(join)) await inTime(lookups, () => hasLookedUp(live, lookups));
  const { state } = live;
  if (state.status !== 'connected' && isInUnknownHands(state) && patched('temporal-nango/as-it-is')) {
    return joinLate(live, join);
  }
  if (state.status === 'connected') {
    const { connection } = state;
    // For more than it was granted, and for another one, there has to be another request.
    if (lacksScopes(connection, join.scopes) || isNotMeant(connection, join)) return refusal('request_closed');
    return { status: 'connected', connection: forScopes(connection, join.scopes) };
  }
  const changed = state.accountChange?.connection;
  const isShared = changed !== undefined && !isReplacement(state, changed);
  const found = isShared ? changed : state.reconnect?.snapshot?.connection;
  if (found !== undefined) {
    if (isNotMeant(found, join)) return refusal('other_question');
    return { status: 'connected', connection: forScopes(found, join.scopes) };
  }
  return isClosed(state) ? refusal('request_closed') : nangoFailure('Nango.Unavailable', { nonRetryable: false });
}

/** It has turned out to be in unknown hands since the join came: whoever wants it as it is waits with the others. */
function joinLate(live: LiveRequest, join: Join): JoinResponse | ApplicationFailure {
  const [refused] = refusalsOf(live.state, [join], Date.now());
  if (refused !== undefined) return refused;
  const listeners = live.join([join]);
  live.dismiss(listeners);
  return responseTo(live, join, listeners[0]?.resolution);
}

/** Whoever says which of several is meant is given no other one unasked. */
function isNotMeant(connection: Connection, { choose }: Join): boolean {
  return choose !== undefined && !hasTags(connection, choose);
}
