import { classify } from '../../nango/verdict/classify';
import type { HttpOutcome } from '../../nango/http/outcome';
import { RECHECK_CONNECTION } from '../../nango/verdict/verdict';
import type { Verdict } from '../../nango/verdict/verdict';

/** What a response of the management API means. @returns nothing for a success */
export function verdictOf(outcome: HttpOutcome, now: number): Verdict | undefined {
  const verdict = classify({ route: 'management', repeatable: true }, outcome, now);
  // Only what a provider may have said leaves that question.
  return verdict === RECHECK_CONNECTION ? undefined : verdict;
}
