import { condition } from '@temporalio/workflow';

/** Pauses that end within this of the first one are one with it. */
const SLACK_MS = 500;

/** Calls that wait to be sent again, and what holds back all. One timer at a time, however many they are. */
export interface Repetitions {
  /** gives the calls back after so many milliseconds, or with others a little later */
  after(ms: number, calls: number[]): void;
  /** nothing is begun for so many milliseconds */
  hold(ms: number): void;
  isHeld(): boolean;
  /** milliseconds since the epoch; undefined: nothing waits */
  waitsUntil(): number | undefined;
}

/**
 * @param giveBack is given calls whose pause is over
 * @param isOver when there is nothing left to wait for
 * @returns and a promise that ends when it is over
 */
export function repetitionsOf(
  giveBack: (calls: number[]) => void,
  isOver: () => boolean,
): { repetitions: Repetitions; ended: Promise<void> } {
  let waiting: { calls: number[]; due: number }[] = [];
  let heldUntil = 0;
  let wakesAt: number | undefined;

  const isHeld = (): boolean => heldUntil > Date.now();

  /** Of the pause that ends first, and of all that end soon after it. */
  function endOfPause(): number {
    const dues = waiting.map(({ due }) => due);
    const first = Math.min(...dues);
    return Math.max(0, ...dues.filter((due) => due <= first + SLACK_MS));
  }

  /** While all are held back nothing else matters. */
  function nextEnd(): number {
    return isHeld() ? heldUntil : endOfPause();
  }

  async function keepTime(): Promise<void> {
    for (;;) {
      await condition(() => isOver() || waiting.length > 0 || isHeld());
      if (isOver()) return;
      const until = (wakesAt = nextEnd());
      // A hold that came meanwhile, or a shorter pause, has an end of its own.
      await condition(() => nextEnd() !== until, Math.max(until - Date.now(), 1));
      wakesAt = undefined;
      const due = waiting.filter((one) => one.due <= Date.now());
      waiting = waiting.filter((one) => one.due > Date.now());
      giveBack(due.flatMap(({ calls }) => calls));
    }
  }

  const repetitions: Repetitions = {
    after(ms, calls) {
      if (calls.length > 0) waiting.push({ calls, due: Date.now() + ms });
    },
    hold(ms) {
      heldUntil = Math.max(heldUntil, Date.now() + ms);
    },
    isHeld,
    waitsUntil: () => wakesAt ?? (isHeld() || waiting.length > 0 ? nextEnd() : undefined),
  };
  return { repetitions, ended: keepTime() };
}
