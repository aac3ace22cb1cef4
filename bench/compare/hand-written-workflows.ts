import { condition, defineSignal, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';
import { bodyOf, endpointOf, inWindow } from './calls';
import type { CallSet, Tally } from './calls';
import type { HandWrittenActivities } from './hand-written-activities';

/** What a competent engineer writes without this package: an activity a call, 16 at a time. */

const WINDOW = 16;

const { call: read, findConnection } = proxyActivities<HandWrittenActivities>({ startToCloseTimeout: '30 seconds' });
const { call: write } = proxyActivities<HandWrittenActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 1 },
});

/** Makes the calls, holds all answers, and says how many there are. */
export async function calls(set: CallSet): Promise<Tally> {
  const { method, connection, pick } = set;
  const run = method === 'GET' ? read : write;
  const answers: unknown[] = [];
  return await inWindow(set.count, WINDOW, async (i) => {
    answers[i] = await run({ connection, method, endpoint: endpointOf(set, i), body: bodyOf(set, i), pick });
  });
}

/** Runs until it is told to end, and makes a call for whoever wants one. */
export async function serve(connection: CallSet['connection']): Promise<void> {
  let ended = false;
  setHandler(defineUpdate<number, [string]>('call'), async (endpoint) => {
    return JSON.stringify(await read({ connection, method: 'GET', endpoint })).length;
  });
  setHandler(defineSignal('end'), () => void (ended = true));
  await condition(() => ended);
}

/** Finds the connection of an end user who has connected it. */
export async function ensure(integration: string, endUserId: string): Promise<string> {
  return await findConnection(integration, endUserId);
}
