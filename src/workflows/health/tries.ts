import type { HealthState, Outage, Suspect } from './health-state';

/** Who is sent to try whether a connection works again, and when. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A refresh that failed is tried again after this, then after twice as long, and so on to an hour. */
const FIRST_PAUSE_MS = MINUTE_MS / 2;
const LONGEST_PAUSE_MS = HOUR_MS;
const PAUSES_MS = Array.from({ length: 8 }, (_, tries) => Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS));
/** A provider that says 401 may do so by mistake. */
export const UNAUTHORIZED_PAUSE_MS = 10 * MINUTE_MS;
/** In an outage all take turns, each an hour after its last, so that its end is seen this soon. */
const SHORTEST_TURN_MS = 5 * MINUTE_MS;

/**
 * Those whose turn it is.
 *
 * @returns when somebody's turn is next, if it is nobody's now; and the outage, with the next turn
 */
export function nextTries(
  state: HealthState,
  now: number,
): { suspects: Suspect[]; dueAt: number; outage: Outage | undefined } {
  const { outage } = state;
  // Without an outage each has a time of its own; in one it is the turn of whoever was tried first.
  let dueAt = Infinity;
  let first: Suspect | undefined;
  const suspects: Suspect[] = [];
  for (const suspect of state.suspects) {
    if (!mayBeTried(suspect)) continue;
    if (first === undefined || suspect.triedAt < first.triedAt) first = suspect;
    if (outage !== undefined) continue;
    const at = tryAt(suspect);
    if (at < dueAt) dueAt = at;
    if (at <= now) suspects.push(suspect);
  }
  if (outage === undefined) return { suspects, dueAt, outage };
  const turnAt = first === undefined ? Infinity : Math.max(outage.tryAt, first.triedAt + LONGEST_PAUSE_MS);
  if (first === undefined || turnAt > now) return { suspects: [], dueAt: turnAt, outage };
  return { suspects: [first], dueAt: turnAt, outage: { ...outage, tryAt: now + turnAfterMs(state) } };
}

/** Those that have not been tried since the outage seems to end. */
export function recoveryTries({ suspects, outage }: HealthState): Suspect[] {
  const { recoveringSince = Infinity } = outage ?? {};
  return suspects.filter((suspect) => mayBeTried(suspect) && suspect.triedAt < recoveringSince);
}

export function turnAfterMs({ suspects }: HealthState): number {
  return Math.max(HOUR_MS / Math.max(suspects.filter(mayBeTried).length, 1), SHORTEST_TURN_MS);
}

function mayBeTried({ waiters, trying, isDead }: Suspect): boolean {
  return waiters.length > 0 && trying === undefined && !isDead;
}

function tryAt({ sign, refresh, triedAt, tries }: Suspect): number {
  if (sign !== 'unauthorized') return triedAt + (PAUSES_MS[tries] ?? LONGEST_PAUSE_MS);
  if (refresh === 'wanted') return Infinity;
  return refresh === 'made' && tries === 0 ? triedAt : triedAt + UNAUTHORIZED_PAUSE_MS;
}
