import { classify } from './classify';
import { readError } from '../http/nango-error';
import type { HttpOutcome } from '../http/outcome';
import { RECHECK_CONNECTION } from './verdict';
import type { Verdict } from './verdict';

/** There is no output yet, or never will be: Nango says the same of both. */
export const PENDING = 'pending';

/** How an action itself may have ended. */
const ACTION_ENDED =
  /^(action_script_(runtime_error|failure)|script_(internal|network|http|api_rate_limit)_error|script_aborted|script_output_too_large|execution_timeout|function_runtime_\w+|invalid_action_(input|output))$/;

/**
 * What a response to `GET /action/:id` means. An error of the action is judged as if it had been waited for, but is
 * final: it would come again. Whatever else keeps the output back is retried, a refused key as well, since the
 * action runs on meanwhile.
 *
 * @param repeatable whether the action may be carried out twice; reading its output always may
 * @returns undefined for an output
 */
export function classifyActionResult(
  repeatable: boolean,
  outcome: HttpOutcome,
  now: number,
): Verdict | typeof PENDING | undefined {
  if (outcome.kind === 'response' && outcome.status >= 400) {
    const { code = '' } = readError(outcome);
    if (outcome.status === 404 && code === 'not_found') return PENDING;
    if (ACTION_ENDED.test(code)) return final(classify({ route: 'action', repeatable }, outcome, now));
  }
  const verdict = classify({ route: 'management', repeatable: true }, outcome, now);
  if (verdict === undefined || verdict === RECHECK_CONNECTION) return undefined;
  return { ...verdict, retryable: verdict.type !== 'Nango.ResponseTooLarge' };
}

function final(verdict: ReturnType<typeof classify>): Verdict | undefined {
  return typeof verdict === 'object' ? { ...verdict, retryable: false } : undefined;
}
