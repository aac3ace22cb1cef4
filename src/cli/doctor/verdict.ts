import { classify } from '../../nango/verdict/classify';
import type { HttpOutcome } from '../../nango/http/outcome';
import { ASK_CONNECTION } from '../../nango/verdict/verdict';
import type { Verdict } from '../../nango/verdict/verdict';

/** What an answer of Nango's own API stands for. @returns nothing for a success */
export function verdictOf(outcome: HttpOutcome, now: number): Verdict | undefined {
  const verdict = classify({ route: 'management', repeatable: true }, outcome, now);
  // Only what a provider may have said leaves that question.
  return verdict === ASK_CONNECTION ? undefined : verdict;
}
