import type { NangoFailure } from '../contract/errors';
import type { Connection, FanOutProgress, JoinResolution, SetUpEnd } from '../contract/types';
import type { HealthWait } from './healing/health-wait';
import type { Sign } from './healing/sign';

/** What our modules keep for a workflow run. */
interface RunState {
  /** calls that have got their idempotency key */
  callsMade: number;
  /** waits for a connection, by `joinId`: one signal handler serves them all */
  readonly waits: Map<string, { resolution?: JoinResolution }>;
  /** waits for a connection that fails, by its names */
  readonly healthWaits: Map<string, HealthWait>;
  /** connections that were, or are being, connected anew for calls of this run, by their names before */
  readonly healed: Map<string, Healed>;
  /** connections that are known to be dead, or nobody's, by their names: what the call met that waited for that, and its begin */
  readonly dead: Map<string, Sign & { begunAt?: number }>;
  /** when the latest write was begun that met one of them and may have run, in milliseconds since the epoch */
  readonly openWrites: Map<string, number>;
  /** waits for integrations that are set up, by `joinId` */
  setUps?: Map<string, { end?: SetUpEnd }>;
  /** the latest fan-outs, for the query */
  readonly fanOuts: FanOutProgress[];
  /** the fairness key of the connection that was used last */
  fairness?: { of: string; key: string };
  /** what we have said in the current details; anything else there is the user's own */
  shownDetails?: string;
  /** that there are actions has been said */
  isAdvised?: true;
}

/** A connection that is connected anew: as it is then, and who waits for that. */
export interface Healed {
  connection?: Connection;
  /** when it was had, in milliseconds since the epoch */
  at?: number;
  forReads?: Promise<Connection>;
  forWrites?: Promise<Connection>;
  /** its account is compared: until somebody has agreed to that, or it is the same, nothing is written */
  compares?: boolean;
  /** the last time it was asked for ended without it; whichever account its tokens are of by now is not known */
  ended?: HealEnd;
}

/** How a connection was not connected anew. */
export interface HealEnd {
  /** absent: whoever waited was cancelled */
  failure?: NangoFailure;
  /** since when it was wanted, in milliseconds since the epoch */
  since: number;
}

const KEY = Symbol.for('temporal-nango.run');

/**
 * The state of this run. It is a global, since those are the run's own in every sandbox; the state of a module is not,
 * where a bundle preloads it.
 */
export function runState(): RunState {
  const sandbox = globalThis as { [KEY]?: RunState };
  return (sandbox[KEY] ??= {
    callsMade: 0,
    waits: new Map(),
    healthWaits: new Map(),
    healed: new Map(),
    dead: new Map(),
    openWrites: new Map(),
    fanOuts: [],
  });
}
