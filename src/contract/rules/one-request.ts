import type { RetryPolicy } from '@temporalio/common';
import { sha256Hex } from '../request-id';
import type { ConnectionNames } from '../types';

/** How a call that is one request is carried out by Temporal, from workflow code and without a workflow. */

/** A dead worker is noticed this soon; the activities' heartbeats are more frequent. */
export const HEARTBEAT = '10 seconds';
export const MAX_ATTEMPTS = 10;
export const FIRST_PAUSE_MS = 1_000;
export const LONGEST_PAUSE_MS = 60_000;

const MAX_SUMMARY_CHARS = 120;

/** Reads are retried by Temporal, a write is one attempt. */
export function retryOf(write: boolean): RetryPolicy {
  return {
    initialInterval: FIRST_PAUSE_MS,
    maximumInterval: LONGEST_PAUSE_MS,
    maximumAttempts: write ? 1 : MAX_ATTEMPTS,
  };
}

/** What stands for a connection, so that its many calls do not hold up those of others. */
export function fairnessKeyOf({ integration, connectionId }: ConnectionNames): string {
  return sha256Hex(`${integration}\n${connectionId}`).slice(0, 32);
}

/** For Temporal's UI. */
export function summaryOf(text: string): string {
  return text.slice(0, MAX_SUMMARY_CHARS);
}
