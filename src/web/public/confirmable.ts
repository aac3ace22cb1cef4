import { numberOfLink } from '../../contract/rules/choose';
import type { RequestView, UnconfirmedConnection } from '../../contract/types';
import type { Form } from '../read-form';

/**
 * @param clicked numbers of the links that were clicked in this browser
 * @returns the number of the link whose connection is to be confirmed here: of several the one that was made last
 */
export function confirmable(view: RequestView, clicked: number[]): number | undefined {
  return openOf(view)
    .map(({ nonce }) => numberOfLink(nonce))
    .findLast((link) => clicked.includes(link));
}

/** @returns nothing if no connection of this link is to be confirmed any more; what has just been may be said once more */
export function nonceOf(view: RequestView, link: number): string | undefined {
  const { confirmed } = view.question ?? {};
  const all = confirmed === undefined ? openOf(view) : [confirmed];
  return all.find(({ nonce }) => numberOfLink(nonce) === link)?.nonce;
}

/** Whether what was said of a link has come to something: a no is noted, or a yes has ended the request or asks further. */
export function hasComeOf(before: RequestView, { question }: RequestView, link: number): boolean {
  const stated = question?.unconfirmed?.find(({ nonce }) => numberOfLink(nonce) === link);
  if (stated !== undefined) return stated.refusedBy !== undefined;
  return question?.kind !== before.question?.kind || question?.accountChange !== undefined;
}

/** @returns the number of the link that a form names */
export function numberIn({ link = '' }: Form): number | undefined {
  return /^\d{1,15}$/.test(link) ? Number(link) : undefined;
}

/** While one is being accepted nothing is asked of the others. */
function openOf({ question }: RequestView): UnconfirmedConnection[] {
  if (question?.confirmed !== undefined) return [];
  return (question?.unconfirmed ?? []).filter(({ refusedBy, usedTwice }) => refusedBy === undefined && !usedTwice);
}
