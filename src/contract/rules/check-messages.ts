import { checkConnectionId, checkConnectionRef } from './check-call';
import { checkChoose, checkIdentity, checkScopes, checkSeveral, checkTime } from './check-request';
import { checkFlag, checkObject, checkOneOf, checkTemporalName } from './check-shape';
import { invalid } from '../errors';
import { jsonBytes } from './json';
import { MAX_PAYLOAD_BYTES } from '../limits';
import { checkTagForms } from './tags';
import { checkName, checkText } from './text';
import type { ForgottenLinks, Hint, Join, JoinResolution, WatchedLink } from '../types';

/**
 * Rules for what is said to a running workflow, where anybody who reaches Temporal may say anything. Checked by whoever
 * says it and once more in the workflow. Each throws `Nango.InvalidRequest` naming the field, never its value.
 */

export function checkHint(value: unknown): asserts value is Hint {
  checkObject(value, 'hint');
  const { source, connectionId, nonce } = value;
  checkOneOf(source, 'source', ['webhook', 'watch']);
  if (connectionId !== undefined) checkConnectionId(connectionId, 'connectionId');
  if (nonce !== undefined) checkText(nonce, 'nonce');
}

export function checkWatchedLink(value: unknown): asserts value is WatchedLink {
  checkObject(value, 'link');
  const { requestId, nonce, until, renews, unlisted } = value;
  checkTemporalName(requestId, 'requestId');
  checkText(nonce, 'nonce');
  checkTime(until, 'until');
  checkFlag(renews, 'renews');
  if (unlisted === undefined) return;
  checkObject(unlisted, 'unlisted');
  checkConnectionRef(unlisted);
}

export function checkForgottenLinks(value: unknown): asserts value is ForgottenLinks {
  checkObject(value, 'forgotten');
  checkText(value.origin, 'origin');
}

/** The form of one join; whether it fits what is asked is the request's to say. */
export function checkJoinForm(value: unknown): asserts value is Join {
  checkObject(value, 'join');
  const { joinId, deadline, subscriber, scopes, freshScopes, tags, reconnect, identity, readsOnAccountChange } = value;
  const { choose, several } = value;
  checkName(joinId, 'joinId');
  if (deadline !== undefined) checkTime(deadline, 'deadline');
  if (subscriber !== undefined) {
    checkObject(subscriber, 'subscriber');
    checkTemporalName(subscriber.workflowId, 'subscriber.workflowId');
  }
  if (scopes !== undefined) checkScopes(scopes);
  checkFlag(freshScopes, 'freshScopes');
  if (tags !== undefined) checkTagForms(tags);
  if (reconnect !== undefined) checkConnectionId(reconnect, 'reconnect');
  if (identity !== undefined) checkIdentity(identity);
  checkFlag(readsOnAccountChange, 'readsOnAccountChange');
  if (choose !== undefined) checkChoose(choose);
  checkSeveral(several);
}

const ENDS = ['connected', 'declined', 'timedOut', 'cancelled', 'failed'] as const;

/** What a request sends a subscriber: a workflow of the user's, which must not fail for it. */
export function checkJoinResolution(value: unknown): asserts value is JoinResolution {
  checkObject(value, 'resolution');
  const { joinId, requestId, status, connection, failure, coolDownUntil } = value;
  checkName(joinId, 'joinId');
  checkOneOf(status, 'status', ENDS);
  if (requestId !== undefined) checkTemporalName(requestId, 'requestId');
  if (coolDownUntil !== undefined && typeof coolDownUntil !== 'number')
    throw invalid('coolDownUntil', 'must be a time');
  if (jsonBytes(value) > MAX_PAYLOAD_BYTES) throw invalid('resolution', `must be at most ${MAX_PAYLOAD_BYTES} bytes`);
  if (status === 'connected') checkConnectionForm(connection);
  if (status === 'failed') checkFailureForm(failure);
}

function checkConnectionForm(connection: unknown): void {
  checkObject(connection, 'connection');
  const { integration, connectionId, provider, createdAt, health, tags, grantedScopes, accountChanged, unconfirmed } =
    connection;
  if (![integration, connectionId, provider, createdAt, health].every(isString)) {
    throw invalid('connection', 'must have its names');
  }
  checkObject(tags, 'connection.tags');
  if (!Object.values(tags).every(isString)) throw invalid('connection.tags', 'must be texts');
  if (!areTexts(grantedScopes)) throw invalid('connection.grantedScopes', 'must be texts');
  checkFlag(accountChanged, 'connection.accountChanged');
  checkFlag(unconfirmed, 'connection.unconfirmed');
}

export function checkFailureForm(failure: unknown): void {
  checkObject(failure, 'failure');
  const { type, status, reason, code, scope, scopes, suggestions } = failure;
  if (!isString(type)) throw invalid('failure.type', 'must be a text');
  if (scope !== undefined && !isString(scope)) throw invalid('failure.scope', 'must be a text');
  if (!areTexts(scopes)) throw invalid('failure.scopes', 'must be texts');
  if (!areTexts(suggestions)) throw invalid('failure.suggestions', 'must be texts');
  if (status !== undefined && typeof status !== 'number') throw invalid('failure.status', 'must be a number');
  if (reason !== undefined && !isString(reason)) throw invalid('failure.reason', 'must be a text');
  if (code !== undefined && !isString(code)) throw invalid('failure.code', 'must be a text');
}

/** Or not given. */
function areTexts(list: unknown): boolean {
  return list === undefined || (Array.isArray(list) && list.every(isString));
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
