import type { FanOutProgress, JoinResolution } from '../contract/types';

/** What our modules keep for a workflow run. */
interface RunState {
  /** calls that have got their idempotency key */
  callsMade: number;
  /** waits for a connection, by `joinId`: one signal handler serves them all */
  readonly waits: Map<string, { resolution?: JoinResolution }>;
  /** the latest fan-outs, for the query */
  readonly fanOuts: FanOutProgress[];
  /** the fairness key of the connection that was used last */
  fairness?: { of: string; key: string };
  /** what we have said of them in the current details; anything else there is the user's own */
  shownDetails?: string;
}

const KEY = Symbol.for('temporal-nango.run');

/**
 * The state of this run. It is a global, since those are the run's own in every sandbox; the state of a module is not,
 * where a bundle preloads it.
 */
export function runState(): RunState {
  const sandbox = globalThis as { [KEY]?: RunState };
  return (sandbox[KEY] ??= { callsMade: 0, waits: new Map(), fanOuts: [] });
}
