import { findNangoFailure, isNangoErrorType, nangoFailure, outcomeFailure } from '../../../contract/errors';
import type { NangoFailure } from '../../../contract/errors';
import { isGet, isWrite } from '../../../contract/rules/check-call';
import type { Failure, Outcome } from '../../../contract/types';
import { Recovery } from '../../healing/recovery';
import { isOfProvider, signOf } from '../../healing/sign';
import type { Sign } from '../../healing/sign';
import type { RunningFanOut } from './running';

/** Calls of one fan-out that wait for their connection; while they do, nothing else of it is begun. */
export interface FanOutRecovery {
  /** Takes a call that failed, if it failed since its connection does. @returns false: it is as any other */
  takes(place: number, error: Failure, begunAt: number): boolean;
  isWaiting(): boolean;
  /** A call was a success. @param begunAt when it was begun, in milliseconds since the epoch */
  succeeded(begunAt: number): void;
  /** what has ended the wait, if that was no failure of a call: the cancellation */
  crash(): { error: unknown } | undefined;
}

interface Steps {
  /** makes one call, and waits until it has come back */
  tryOne(place: number): Promise<void>;
  /** the calls are made again, with the others */
  goOn(places: number[]): void;
  /** these, and all that have not been begun, end so */
  giveUp(places: number[], error: Failure): void;
}

/** Calls that may be repeated, of a connection that may fail. */
export function fanOutRecovery(
  { connection, calls, taskQueue, outcomes }: RunningFanOut,
  steps: Steps,
): FanOutRecovery {
  const isGetOnly = calls.every((call) => isWrite(call) || isGet(call));
  const recovery = new Recovery({ connection, taskQueue, write: false, isGet: isGetOnly });
  let parked: number[] = [];
  let isWaiting = false;
  let last: { sign: Sign; error: Failure; begunAt: number } | undefined;
  let crash: { error: unknown } | undefined;

  async function recover(): Promise<void> {
    for (;;) {
      const { sign, error, begunAt } = last!;
      try {
        await recovery.afterFailure(sign, thrown(error), begunAt);
      } catch (ended) {
        const failure = findNangoFailure(ended);
        if (failure === undefined) throw ended;
        steps.giveUp(parked.splice(0), outcomeFailure(failure));
        break;
      }
      const [place] = parked;
      if (!recovery.isTry || place === undefined) break;
      parked.shift();
      await steps.tryOne(place);
      if (parked.includes(place)) continue;
      // A call whose worker was lost says nothing.
      await recovery.ended(worked(outcomes[place]));
      break;
    }
    isWaiting = false;
    steps.goOn(parked.splice(0));
  }

  return {
    takes(place, error, begunAt) {
      const sign = signOf({ type: error.type, details: error, write: false, heal: connection.heal });
      if (sign === undefined) return false;
      parked = [place, ...parked];
      last = { sign, error, begunAt };
      if (isWaiting) return true;
      isWaiting = true;
      void recover().catch((error: unknown) => (crash = { error }));
      return true;
    },
    isWaiting: () => isWaiting,
    succeeded: (begunAt) => recovery.succeeded(begunAt),
    crash: () => crash,
  };
}

function worked(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && (outcome.ok || isOfProvider(outcome.error.type));
}

function thrown({ type, ...details }: Failure): NangoFailure {
  return nangoFailure(isNangoErrorType(type) ? type : 'Nango.RefreshFailing', details) as NangoFailure;
}
