import { patched } from '@temporalio/workflow';
import { outcomeFailure } from '../../../contract/errors';
import { MAX_IN_FLIGHT_BYTES } from '../../../contract/limits';
import type { Call, ConnectionRef, Failure, FanOutOptions, FanOutProgress, Outcome } from '../../../contract/types';
import { mayReadOn } from '../../healing/agreement';
import { healEndOf } from '../../healing/healed';
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
  /** @param isGet of what would be begun. @returns why nothing more is begun; undefined: go on */
  refusal(isGet: boolean): Failure | undefined;
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
  const { connection } = given;
  const endBefore = healEndOf(connection);
  let failed = false;

  /** Its person was asked for this fan-out, and shall not be asked anew by each call of it that is left. */
  function healEnd(isGet: boolean): Failure | undefined {
    const end = healEndOf(connection);
    if (end?.failure === undefined || end === endBefore || (isGet && mayReadOn(connection))) return undefined;
    return patched('temporal-nango/heal-ends') ? outcomeFailure(end.failure) : undefined;
  }

  return {
    ...given,
    outcomes,
    progress,
    budget,
    outgoing: outgoingOf(MAX_IN_FLIGHT_BYTES),
    refusal(isGet) {
      if (failed && onFailure === 'stop') return { type: 'Nango.NotSent' };
      return budget.isSpent() ? { type: 'Nango.ResponseTooLarge' } : healEnd(isGet);
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
