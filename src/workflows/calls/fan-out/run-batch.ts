import { ActivityFailure, TimeoutFailure } from '@temporalio/common';
import { isCancellation } from '@temporalio/workflow';
import { findNangoFailure, outcomeFailure } from '../../../contract/errors';
import type { BatchInput, BatchResult, Failure } from '../../../contract/types';
import { activitiesWith } from '../../activity-proxies';
import { sharedOptions } from '../call-options';

/** Its time, the deadline of what was begun last, and a margin. */
const BATCH_TIMEOUT = '95 seconds';
/** Signs of life are sent on at 0.8 of it, and a cancellation comes back with them: within five seconds. */
const BATCH_HEARTBEAT = '6 seconds';
/** One stalled worker is no reason to suspect the calls. */
const LOSSES_BEFORE_SUSPICION = 2;

/** What came of a batch: its result, or what kept one from coming. */
export type BatchEnd =
  | { kind: 'result'; result: BatchResult }
  /** its worker was gone, twice */
  | { kind: 'lost' }
  /** the activity was not run: by a worker of an older version, say */
  | { kind: 'refused' }
  /** it was, and nothing of it will ever be done */
  | { kind: 'failed'; error: Failure };

/** @throws the cancellation */
export async function runBatch(input: BatchInput, taskQueue: string, summary: string): Promise<BatchEnd> {
  const { 'nango.proxyBatch': proxyBatch } = activitiesWith({
    ...sharedOptions(input.connection, taskQueue, summary),
    startToCloseTimeout: BATCH_TIMEOUT,
    heartbeatTimeout: BATCH_HEARTBEAT,
    retry: { initialInterval: '1 second', maximumAttempts: LOSSES_BEFORE_SUSPICION },
    cancellationType: 'TRY_CANCEL',
  });
  try {
    return { kind: 'result', result: await proxyBatch(input) };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = findNangoFailure(error);
    if (failure !== undefined) return { kind: 'failed', error: outcomeFailure(failure) };
    const lost = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
    return { kind: lost ? 'lost' : 'refused' };
  }
}
