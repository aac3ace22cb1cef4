import { MAX_IN_FLIGHT_BYTES } from '../../../contract/limits';
import type { Call, ConnectionRef, Failure, FanOutOptions, FanOutProgress, Outcome } from '../../../contract/types';
import { budgetOf, outgoingOf } from './budget';
import type { Budget, Outgoing } from './budget';

/** A fan-out under way: what it is about, and what came of it. */
export interface RunningFanOut {
  readonly connection: ConnectionRef;
  readonly calls: Call[];
  /** bytes of the body of each, by its place */
  readonly bodies: number[];
  /** of the calls within the run, by their place */
  readonly numbers: number[];
  readonly taskQueue: string;
  /** begun by version 0.0.1: its commands come in the order in which they came then, to the tick */
  readonly isOld: boolean;
  readonly outgoing: Outgoing;
  readonly budget: Budget;
  readonly progress: FanOutProgress;
  /** by the place of the call */
  readonly outcomes: Outcome[];
  /** @returns why nothing more is begun; undefined: go on */
  refusal(): Failure | undefined;
  /** keeps how a call ended */
  settle(call: number, outcome: Outcome): void;
}

export function runningFanOut(
  given: Pick<RunningFanOut, 'connection' | 'calls' | 'bodies' | 'numbers' | 'taskQueue' | 'isOld'>,
  maxBytes: number,
  { onFailure }: FanOutOptions,
): RunningFanOut {
  const budget = budgetOf(maxBytes);
  const outcomes: Outcome[] = [];
  const progress: FanOutProgress = {
    integration: given.connection.integration,
    calls: given.calls.length,
    succeeded: 0,
    failed: {},
    underWay: 0,
    status: 'running',
  };
  let failed = false;
  return {
    ...given,
    outcomes,
    progress,
    budget,
    outgoing: outgoingOf(MAX_IN_FLIGHT_BYTES),
    refusal() {
      if (failed && onFailure === 'stop') return { type: 'Nango.NotSent' };
      return budget.isSpent() ? { type: 'Nango.ResponseTooLarge' } : undefined;
    },
    settle(call, outcome) {
      outcomes[call] = outcome;
      if (outcome.ok) {
        progress.succeeded++;
      } else {
        failed = true;
        progress.failed[outcome.error.type] = (progress.failed[outcome.error.type] ?? 0) + 1;
      }
    },
  };
}
