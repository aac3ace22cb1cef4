import { ApplicationFailure } from '@temporalio/common';
import { attemptLine } from '../../src/cli/dev/attempt-line';
import { lineLogger } from '../../src/cli/dev/line-logger';
import { nangoFailure } from '../../src/contract/errors';

const CALL = {
  activityType: 'nango.proxy',
  activityId: 'nango-call/default/cli-proxy-1',
  attempt: 2,
  retryPolicy: { initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000, maximumAttempts: 10 },
};

test.each([
  [
    'when Nango said when',
    CALL,
    nangoFailure('Nango.RefreshFailing', {
      ...{ status: 424, code: 'connection_refresh_backoff', retryAfterMs: 30_000 },
      nonRetryable: false,
    }),
    "nango.proxy of cli-proxy-1 failed, attempt 2 of 10. Nango.RefreshFailing (HTTP 424, code connection_refresh_backoff): Refreshing the connection's token failed; Nango tries again. Temporal tries it again in 30s.",
  ],
  [
    'when the policy says when',
    { ...CALL, attempt: 4 },
    nangoFailure('Nango.Unavailable', { nonRetryable: false }),
    'nango.proxy of cli-proxy-1 failed, attempt 4 of 10. Nango.Unavailable: Nango could not be reached, or failed. Temporal tries it again in 8s.',
  ],
  [
    'at most as long as the policy lets it',
    { ...CALL, attempt: 9 },
    new Error('broken\n    at somewhere'),
    'nango.proxy of cli-proxy-1 failed, attempt 9 of 10. Error: broken. Temporal tries it again in 1m.',
  ],
  [
    'the last attempt',
    { ...CALL, attempt: 10 },
    nangoFailure('Nango.Unavailable', { nonRetryable: false }),
    'nango.proxy of cli-proxy-1 failed, attempt 10 of 10. Nango.Unavailable: Nango could not be reached, or failed. Temporal does not try it again.',
  ],
  [
    'for good, of a workflow, without a policy',
    {
      ...{ activityType: 'nango.notify', activityId: '7', attempt: 1 },
      workflowExecution: { workflowId: 'w', runId: 'r' },
    },
    ApplicationFailure.nonRetryable('no \u001b[31mchannel', 'Mine'),
    'nango.notify of w failed, attempt 1. ApplicationFailure: no  [31mchannel. Temporal does not try it again.',
  ],
])('a failed attempt is one line that says when it is tried again: %s', (_, attempt, error, line) => {
  expect(attemptLine(attempt, error)).toBe(line);
});

test('what that line has said is not logged once more; another warning is one line', () => {
  const lines: string[] = [];
  const logger = lineLogger((line) => lines.push(line));
  for (const said of ['Activity failed', 'A lookup failed', 'The notifier failed']) {
    logger.warn(said, { workflowId: 'w', error: new Error('broken') });
  }
  logger.warn('Something else', { workflowId: 'w', error: new Error('broken\n    at somewhere') });
  expect(lines).toEqual(['WARN Something else (w): Error: broken at somewhere']);
});
