import { checkConnectionId, checkConnectionRef } from './check-call';
import { checkFlag, checkObject, checkTemporalName } from './check-shape';
import { invalid } from './errors';
import { checkText } from './text';
import type { ConnectionRef, ForgottenLinks, Hint, WatchedLink } from './types';

/**
 * Rules for what is said to a running workflow, where anybody who reaches Temporal may say anything. Checked by whoever
 * says it and once more in the workflow. Each throws `Nango.InvalidRequest` naming the field, never its value.
 */

export function checkHint(value: unknown): asserts value is Hint {
  checkObject(value, 'hint');
  const { source, connectionId, nonce } = value;
  if (source !== 'webhook' && source !== 'watch') throw invalid('source', 'must be webhook or watch');
  if (connectionId !== undefined) checkConnectionId(connectionId, 'connectionId');
  if (nonce !== undefined) checkText(nonce, 'nonce');
}

export function checkWatchedLink(value: unknown): asserts value is WatchedLink {
  checkObject(value, 'link');
  const { requestId, nonce, until, renews, unlisted } = value;
  checkTemporalName(requestId, 'requestId');
  checkText(nonce, 'nonce');
  if (!Number.isFinite(until)) throw invalid('until', 'must be a time in ms');
  checkFlag(renews, 'renews');
  if (unlisted === undefined) return;
  checkObject(unlisted, 'unlisted');
  checkConnectionRef(unlisted as unknown as ConnectionRef);
}

export function checkForgottenLinks(value: unknown): asserts value is ForgottenLinks {
  checkObject(value, 'forgotten');
  checkText(value.origin, 'origin');
}
