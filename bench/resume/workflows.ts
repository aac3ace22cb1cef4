import {
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import { ensureConnection } from '../../src/workflow';
import type { ConnectionRef } from '../../src/workflow';
import type { BenchActivities } from './activities';

/** Three ways to wait for a connection. However it ends, the workflow says so by the same local activity. */

const { resumed } = proxyLocalActivities<BenchActivities>({ startToCloseTimeout: '10 seconds' });
const { readConnection } = proxyActivities<BenchActivities>({ startToCloseTimeout: '30 seconds' });

/** That the connection of somebody is there. */
export const connected = defineSignal<[ConnectionRef]>('connected');
/** That it may be there: a reason to look. */
export const hinted = defineSignal<[ConnectionRef]>('hinted');

/** With this package. */
export async function waitByPackage(integration: string, endUserId: string, run: string): Promise<ConnectionRef> {
  const { connectionId } = await ensureConnection({ integration, endUser: { id: endUserId } });
  await resumed(run);
  return { integration, connectionId };
}

/** By a signal, from whomever. */
export async function waitBySignal(run: string): Promise<ConnectionRef> {
  let connection: ConnectionRef | undefined;
  setHandler(connected, (given) => void (connection = given));
  await condition(() => connection !== undefined);
  await resumed(run);
  return connection!;
}

/** What somebody writes without this package: looks when a webhook tells it to, and tells who waits. */
export async function signalWhoWaits(waiting: string): Promise<void> {
  let hint: ConnectionRef | undefined;
  setHandler(hinted, (given) => void (hint = given));
  await condition(() => hint !== undefined);
  const found = await readConnection(hint!);
  await getExternalWorkflowHandle(waiting).signal(connected, found);
}
