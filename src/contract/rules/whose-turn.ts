import type { Question } from '../types';

/**
 * Who can answer a question. That another account may be written to only an operator can say; the person can connect the
 * right one again.
 */
export function whoseTurn({ kind, accountChange }: Question): 'person' | 'operator' | 'both' {
  if (kind === 'choose-connection' || kind === 'update-integration-scopes') return 'operator';
  return accountChange === undefined ? 'person' : 'both';
}
