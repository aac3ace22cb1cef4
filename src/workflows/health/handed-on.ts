import { jsonBytes } from '../../contract/rules/json';
import { MAX_SUSPECTS_BYTES } from '../../contract/limits';
import type { HealthState, Suspect } from './health-state';
import { isWaitedFor, stillOfUse } from './judge';

/** Known to work, the latest. */
const MAX_WORKING = 10_000;
/** Listed as failing, as many as a reading has. */
const MAX_LISTED = 2_000;

/**
 * What a run hands on when it continues as new: all that it knows, as long as that fits. Whoever waits and is not kept
 * comes again by itself, as does a connection that fails.
 */
export function handedOn(state: HealthState, now: number): HealthState {
  const working = Object.entries(stillOfUse(state.working, now)).toSorted(([, one], [, other]) => other - one);
  return {
    ...state,
    suspects: fitting(state.suspects),
    stoodThere: state.stoodThere?.slice(0, MAX_LISTED),
    news: Object.fromEntries(Object.entries(state.news).slice(0, MAX_LISTED)),
    working: Object.fromEntries(working.slice(0, MAX_WORKING)),
  };
}

/** First the suspects, those that somebody waits for before the others, each with one who waits; then the rest of these. */
function fitting(suspects: Suspect[]): Suspect[] {
  if (jsonBytes(suspects) <= MAX_SUSPECTS_BYTES) return suspects;
  let left = MAX_SUSPECTS_BYTES;
  const fits = (value: unknown): boolean => {
    // With the comma after it.
    const bytes = jsonBytes(value) + 1;
    if (bytes > left) return false;
    left -= bytes;
    return true;
  };
  const kept = new Map<string, Suspect>();
  for (const one of suspects.toSorted((a, b) => Number(isWaitedFor(b)) - Number(isWaitedFor(a)))) {
    const suspect = { ...one, waiters: one.waiters.slice(0, 1) };
    if (fits(suspect)) kept.set(one.key, suspect);
  }
  return suspects.flatMap((one) => {
    const suspect = kept.get(one.key);
    if (suspect === undefined) return [];
    return [{ ...suspect, waiters: [...suspect.waiters, ...one.waiters.slice(1).filter(fits)] }];
  });
}
