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

/** Reads, then writes, through a connection that is had again when it stops working. */
export async function readThenWrite(wanted: EnsureConnectionInput, writes: Call[]): Promise<Outcome[]> {
  const connection = await ensureConnection({ ...wanted, heal: true });
  await nango.get(connection, '/contacts');
  return await nango.fanOut(connection, writes);
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
