import type { ActivityExecutionDescription, ActivityHandle } from '@temporalio/client';
import { findNangoFailure, isNangoErrorType, MESSAGES } from '../contract/errors';
import { MAX_ATTEMPTS } from '../contract/rules/one-request';
import { writeWaitSchema } from '../contract/schemas/calls';
import type { WriteWait } from '../contract/types';
import type { Run } from './terminal/result';
import { factsInBrief, factsOf } from './terminal/failure-facts';
import { printable } from '../contract/rules/printable';
import { clock, span } from './terminal/time';

const EVERY_MS = 2_000;

/**
 * Says why a call has no result yet whenever an attempt of it has failed, or a write that did not run waits inside its one
 * attempt, and in a live line until when it waits. That it cannot be asked ends nothing.
 */
export function watchCall({ io }: Run, handle: ActivityHandle<unknown>): { stop: () => void } {
  let stopped = false;
  let printed = 0;
  let timer: NodeJS.Timeout | undefined;
  const check = async (): Promise<void> => {
    const what = { includeLastFailure: true, includeHeartbeatDetails: true };
    const pending = await handle.describe(what).then(pendingOf, () => undefined);
    if (stopped) return;
    if (pending !== undefined) {
      const { why, attempt, until } = pending;
      if (attempt !== printed) io.say(why);
      printed = attempt;
      io.live(waitText(pending) + (io.interactive && until !== undefined ? ` (in ${span(until - Date.now())})` : ''));
    }
    timer = setTimeout(() => void check(), EVERY_MS);
  };
  timer = setTimeout(() => void check(), EVERY_MS);
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** A call of which an attempt has failed, or that was not carried out. */
interface Pending {
  why: string;
  /** the next one, or the one that runs */
  attempt: number;
  most: number | undefined;
  /** when the next one begins, in milliseconds since the epoch; undefined: it runs */
  until: number | undefined;
}

async function pendingOf(call: ActivityExecutionDescription): Promise<Pending | undefined> {
  const wait = writeWaitSchema.safeParse(await call.getHeartbeatDetails());
  if (wait.success) return pendingWrite(wait.data);
  const failure = findNangoFailure(await call.getLastFailure());
  if (failure === undefined) return undefined;
  const brief = factsInBrief(factsOf(failure));
  const next = call.nextAttemptScheduleTime?.getTime() ?? 0;
  return {
    why: printable(`${failure.message}${brief && ` (${brief})`}`),
    attempt: call.attempt,
    most: call.retryPolicy.maximumAttempts,
    until: next > Date.now() ? next : undefined,
  };
}

function pendingWrite({ until, attempt, failure }: WriteWait): Pending {
  const { type } = failure;
  const brief = factsInBrief(failure);
  const message = isNangoErrorType(type) ? MESSAGES[type] : '';
  return {
    why: `${message}${brief && ` (${brief})`}\nThe write did not run. It is sent again at ${clock(until)}, attempt ${attempt} of ${MAX_ATTEMPTS}.`,
    attempt,
    most: MAX_ATTEMPTS,
    until,
  };
}

function waitText({ attempt, most, until }: Pending): string {
  const which = `attempt ${attempt}${most ? ` of ${most}` : ''}`;
  return until === undefined ? `Now ${which}` : `Waits until ${clock(until)} for ${which}`;
}
