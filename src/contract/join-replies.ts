import { ApplicationFailure } from '@temporalio/common';
import { detailsOf, findNangoFailure, nangoFailure } from './errors';
import type { NangoErrorDetails } from './errors';
import type { JoinAnswer, JoinReply } from './types';

/**
 * Joins travel together, and each is answered for itself: the replies stand in the order of the joins. A hundred joiners
 * mostly hear the same, so what has been said already is not said again: it would all stand in the history.
 */

/** @param replies what each join is told; a failure: why it is refused */
export function packReplies(replies: (JoinAnswer | ApplicationFailure)[]): JoinReply[] {
  const said = new Map<string, number>();
  return replies.map((reply, i) => {
    const packed = reply instanceof ApplicationFailure ? refused(reply) : reply;
    const text = JSON.stringify(packed);
    const as = said.get(text);
    if (as !== undefined) return { status: 'same', as };
    said.set(text, i);
    return packed;
  });
}

/** The inverse of {@link packReplies}. */
export function unpackReplies(replies: JoinReply[]): (JoinAnswer | ApplicationFailure)[] {
  const unpacked: (JoinAnswer | ApplicationFailure)[] = [];
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
    details: [first && detailsOf(first), packReplies(refusals)],
  });
}

/** The replies in a failure that was made by {@link refuseAll}, as they travelled. */
export function repliesIn(error: unknown): unknown {
  return findNangoFailure(error)?.details?.[1];
}

function refused({ type, message, nonRetryable, details }: ApplicationFailure): JoinReply & { status: 'refused' } {
  const { reason, field } = (details?.[0] ?? {}) as NangoErrorDetails;
  return { status: 'refused', type: type ?? '', message, reason, field, retryable: nonRetryable !== true };
}

function failureOf({ type, message, reason, field, retryable }: JoinReply & { status: 'refused' }): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: !retryable, details: [{ reason, field }] });
}
