import type { ActivityExecutionDescription, ActivityHandle } from '@temporalio/client';
import { findNangoFailure } from '../contract/errors';
import type { Run } from './terminal/result';
import { factsInBrief, factsOf } from './terminal/failure-facts';
import { printable } from '../contract/rules/printable';
import { clock, span } from './terminal/time';

const EVERY_MS = 2_000;

/**
 * Says why a call has no result yet whenever an attempt of it has failed, and in a live line until when it waits. That
 * it cannot be asked ends nothing.
 */
export function watchCall({ io }: Run, handle: ActivityHandle<unknown>): { stop: () => void } {
  let stopped = false;
  let printed = 0;
  let timer: NodeJS.Timeout | undefined;
  const check = async (): Promise<void> => {
    const pending = await handle.describe({ includeLastFailure: true }).then(pendingOf, () => undefined);
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

/** A call of which an attempt has failed. */
interface Pending {
  why: string;
  /** the next one, or the one that runs */
  attempt: number;
  most: number | undefined;
  /** when the next one begins, in milliseconds since the epoch; undefined: it runs */
  until: number | undefined;
}

async function pendingOf(call: ActivityExecutionDescription): Promise<Pending | undefined> {
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

function waitText({ attempt, most, until }: Pending): string {
  const which = `attempt ${attempt}${most ? ` of ${most}` : ''}`;
  return until === undefined ? `Now ${which}` : `Waits until ${clock(until)} for ${which}`;
}
