import { changesHands } from '../../contract/rules/changes-hands';
import { whoseTurn } from '../../contract/rules/whose-turn';
import type { RequestStatus, RequestView } from '../../contract/types';
import { isUnconfirmed } from './unconfirmed';

/**
 * What a badge says of a request: its status, and of one that is `waiting` what for. `operator`: for a decision;
 * `unconfirmed`: that somebody says whether it was the owner who connected; `confirmed`: they have, and it is being accepted;
 * `refused`: it was not, and the connection has been theirs since.
 */
export type ShownStatus = RequestStatus | 'operator' | 'unconfirmed' | 'confirmed' | 'refused';

/** Those of which a list has some, in its order: what needs the operator stands first. */
export const GROUPS = ['operator', 'unconfirmed', 'waiting', 'checking'] as const;

export type Group = (typeof GROUPS)[number];

/** @param view of a request that has ended: its status tells all */
export function shownStatusOf(view: RequestView): ShownStatus {
  const { status, question } = view;
  if (question === undefined) return status;
  if (question.confirmed !== undefined) return 'confirmed';
  if (isUnconfirmed(view)) return 'unconfirmed';
  if (whoseTurn(question) !== 'person') return 'operator';
  // What another link has made is a connection of its own, which nothing uses.
  return changesHands(question) && (question.unconfirmed ?? []).length > 0 ? 'refused' : status;
}

/** @returns nothing for one that has ended */
export function groupOf(view: RequestView): Group | undefined {
  const shown = shownStatusOf(view);
  if (shown === 'confirmed') return 'checking';
  return shown === 'refused' ? 'operator' : GROUPS.find((group) => group === shown);
}
