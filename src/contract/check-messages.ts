import { checkConnectionId } from './check-call';
import { checkObject } from './check-shape';
import { invalid } from './errors';
import { checkText } from './text';
import type { Hint } from './types';

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
