import { condition, defineQuery, defineSignal, setHandler } from '@temporalio/workflow';
import { ensureConnection, nango } from '../../src/workflow';
import type { Call, Connection, EnsureConnectionInput, Outcome } from '../../src/workflow';

/** Workflows of the long drills, on the user's queue. */

/** Waits for the person, then makes all calls. */
export async function onboard(
  wanted: EnsureConnectionInput,
  calls: Call[],
): Promise<{ connection: Connection; outcomes: Outcome[] }> {
  const connection = await ensureConnection(wanted);
  return { connection, outcomes: await nango.fanOut(connection, calls) };
}

export interface Letter {
  joinId: string;
  status: string;
  connection?: Connection;
}

/** Subscribes for several joiners at once and keeps what a request tells them, in order. */
export async function inbox(): Promise<void> {
  const letters: Letter[] = [];
  let over = false;
  setHandler(defineSignal<[Letter]>('nango.resolve'), (letter) => void letters.push(letter));
  setHandler(defineQuery<Letter[]>('letters'), () => letters);
  setHandler(defineSignal('over'), () => void (over = true));
  await condition(() => over);
}
