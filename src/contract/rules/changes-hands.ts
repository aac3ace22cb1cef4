import type { Question } from '../types';

/** @returns whether what a link connects was in use before: its tokens are replaced, whoever has clicked */
export function changesHands({ kind }: Question): boolean {
  return kind === 'reconnect' || kind === 'approve-scopes' || kind === 'update-integration-scopes';
}
