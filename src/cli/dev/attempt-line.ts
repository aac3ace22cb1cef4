import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import type { RetryPolicy } from '@temporalio/common';
import { msOptionalToNumber, msToNumber } from '@temporalio/common';
import type { Info } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { findNangoFailure } from '../../contract/errors';
import { CALL_ID_PREFIX } from '../../contract/names';
import { factsInBrief, factsOf } from '../terminal/failure-facts';
import { printable } from '../../contract/rules/printable';
import { span } from '../terminal/time';

/** The rest is the id that its caller gave, by which it can be had again. */
const CALL_ID = new RegExp(`^${CALL_ID_PREFIX}[^/]*/`);

type Attempt = Pick<Info, 'activityType' | 'activityId' | 'attempt' | 'retryPolicy' | 'workflowExecution'>;

/** Logs every attempt of an activity that failed: what, why, and when it is tried again. */
export function logAttempts(say: (line: string) => void): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          if (!isExpected(error)) say(attemptLine(info, error));
          throw error;
        }
      },
    },
  });
}

/** One readable line. @param error what the attempt threw */
export function attemptLine(attempt: Attempt, error: unknown): string {
  const { activityType, activityId, workflowExecution } = attempt;
  const known = findNangoFailure(error);
  const facts = known && factsInBrief(factsOf(known));
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const why = `${known?.type ?? name}${facts ? ` (${facts})` : ''}: ${(message.split('\n', 1)[0] ?? '').replace(/[^.!?]$/, '$&.')}`;
  const what = `${activityType} of ${workflowExecution?.workflowId ?? activityId.replace(CALL_ID, '')}`;
  return printable(`${what} failed, ${numberOf(attempt)}. ${why} ${againText(attempt, error)}`);
}

/** Nobody wants to hear of a poll that found nothing yet, or of what somebody has ended. */
function isExpected(error: unknown): boolean {
  if (error instanceof CancelledFailure || (error instanceof Error && error.name === 'AbortError')) return true;
  return error instanceof ApplicationFailure && error.category === ApplicationFailureCategory.BENIGN;
}

function numberOf({ attempt, retryPolicy }: Attempt): string {
  const most = retryPolicy?.maximumAttempts;
  return most === undefined || !Number.isFinite(most) || most === 0
    ? `attempt ${attempt}`
    : `attempt ${attempt} of ${most}`;
}

function againText({ attempt, retryPolicy = {} }: Attempt, error: unknown): string {
  const { type, nonRetryable, nextRetryDelay } =
    error instanceof ApplicationFailure ? error : ({} as ApplicationFailure);
  const { maximumAttempts, nonRetryableErrorTypes = [] } = retryPolicy;
  const isLast = maximumAttempts !== undefined && maximumAttempts > 0 && attempt >= maximumAttempts;
  if (nonRetryable || isLast || nonRetryableErrorTypes.includes(type ?? '')) return 'Temporal does not try it again.';
  return `Temporal tries it again in ${span(Math.max(msOptionalToNumber(nextRetryDelay ?? undefined) ?? intervalMs(retryPolicy, attempt), 1_000))}.`;
}

/** https://docs.temporal.io/encyclopedia/retry-policies, with the server's defaults */
function intervalMs({ initialInterval = '1s', backoffCoefficient = 2, maximumInterval }: RetryPolicy, attempt: number) {
  const first = msToNumber(initialInterval);
  return Math.min(first * backoffCoefficient ** (attempt - 1), msOptionalToNumber(maximumInterval) ?? first * 100);
}
