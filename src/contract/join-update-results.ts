import { ApplicationFailure } from '@temporalio/common';
import { detailsOf, findNangoFailure, nangoFailure } from './errors';
import type { NangoErrorDetails } from './errors';
import type { JoinResponse, JoinUpdateResult } from './types';

/**
 * Joins travel together, and each has a result of its own, in the order of the joins. A hundred of them are mostly the
 * same, so what has been said already is not said again: it would all enter the history.
 */

/** @param replies what each join comes to; a failure: why it is refused */
export function packResults(replies: (JoinResponse | ApplicationFailure)[]): JoinUpdateResult[] {
  const indexes = new Map<string, number>();
  return replies.map((reply, i) => {
    const packed = reply instanceof ApplicationFailure ? refused(reply) : reply;
    const text = JSON.stringify(packed);
    const as = indexes.get(text);
    if (as !== undefined) return { status: 'same', as };
    indexes.set(text, i);
    return packed;
  });
}

/** The inverse of {@link packResults}. */
export function unpackResults(replies: JoinUpdateResult[]): (JoinResponse | ApplicationFailure)[] {
  const unpacked: (JoinResponse | ApplicationFailure)[] = [];
  for (const reply of replies) {
    if (reply.status === 'same') unpacked.push(unpacked[reply.as] ?? nangoFailure('Nango.BadResponse'));
    else unpacked.push(reply.status === 'refused' ? failureOf(reply) : reply);
  }
  return unpacked;
}

/** An update that nobody of could join is refused as a whole, which adds no event; it says to each why. */
export function refuseAll(refusals: ApplicationFailure[]): ApplicationFailure {
  const [first] = refusals;
  return ApplicationFailure.create({
    type: first?.type ?? undefined,
    message: first?.message,
    nonRetryable: true,
    details: [first && detailsOf(first), packResults(refusals)],
  });
}

/** The results in a failure that was made by {@link refuseAll}, as they travelled. */
export function resultsIn(error: unknown): unknown {
  return findNangoFailure(error)?.details?.[1];
}

function refused({
  type,
  message,
  nonRetryable,
  details,
}: ApplicationFailure): JoinUpdateResult & { status: 'refused' } {
  const { reason, field } = (details?.[0] ?? {}) as NangoErrorDetails;
  return { status: 'refused', type: type ?? '', message, reason, field, retryable: nonRetryable !== true };
}

function failureOf({
  type,
  message,
  reason,
  field,
  retryable,
}: JoinUpdateResult & { status: 'refused' }): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: !retryable, details: [{ reason, field }] });
}
