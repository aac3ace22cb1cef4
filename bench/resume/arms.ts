import type { WorkflowHandle } from '@temporalio/client';
import { signTestWebhook } from '../../src/testing/fake-nango';
import { requestId as ownRequestId } from '../../src/contract/request-id';
import { eventually } from '../../test/support/eventually';
import { INTEGRATION, QUEUE } from './stage';
import type { Stage } from './stage';
import { connected, signalWhoWaits, waitByPackage, waitBySignal } from './workflows';

/** A workflow that waits, and what makes it go on. */
export interface Waiting {
  /** Makes it go on. @returns when that began, in milliseconds of `performance.now()` */
  go: () => Promise<number>;
  /** Fulfilled when it has gone on. */
  resumed: Promise<number>;
  /** whose histories tell where the time has gone */
  handles: WorkflowHandle[];
}

/** Lets a workflow wait for somebody; fulfilled once nothing happens any more until it is made to go on. */
export type Arm = (stage: Stage, endUserId: string) => Promise<Waiting>;

/** The floor: a signal to the workflow that waits. */
export const bareSignal: Arm = async ({ client, resumptions }, id) => {
  const run = `bare/${id}`;
  const resumed = resumptions.of(run);
  const handle = await client.workflow.start(waitBySignal, { workflowId: run, taskQueue: QUEUE, args: [run] });
  await parked(handle);
  return {
    resumed,
    handles: [handle],
    go: async () => {
      const began = performance.now();
      await handle.signal(connected, { integration: INTEGRATION, connectionId: id });
      return began;
    },
  };
};

/** A webhook, a workflow that reads the connection, and one that waits for it: by hand. */
export const handWritten: Arm = async (stage, id) => {
  const run = `hand/${id}`;
  const { client, resumptions, nango } = stage;
  const resumed = resumptions.of(run);
  const start = { taskQueue: QUEUE };
  const waits = await client.workflow.start(waitBySignal, { ...start, workflowId: run, args: [run] });
  const signals = await client.workflow.start(signalWhoWaits, { ...start, workflowId: `signals/${id}`, args: [run] });
  const { connectionId } = nango.addConnection({ integration: INTEGRATION, tags: { end_user_id: id } });
  await Promise.all([parked(waits), parked(signals)]);
  return { resumed, handles: [waits, signals], go: () => post(stage, stage.urls.handWritten, connectionId) };
};

/** The same with this package: a link was clicked on, and the account connected. */
export const byPackage: Arm = async (stage, id) => {
  const run = `ours/${id}`;
  const { client, resumptions, nango, connections } = stage;
  const resumed = resumptions.of(run);
  const args: [string, string, string] = [INTEGRATION, id, run];
  const waits = await client.workflow.start(waitByPackage, { taskQueue: QUEUE, workflowId: run, args });
  const requestId = ownRequestId('default', { integration: INTEGRATION, owner: { endUser: { id } } });
  const request = client.workflow.getHandle(requestId);
  const { firstExecutionRunId } = await eventually(async () => {
    const view = await request.query<{ status: string; subscribers: number; firstExecutionRunId: string }>(
      'nango.request',
    );
    return view.status === 'waiting' && view.subscribers > 0 ? view : undefined;
  });
  const link = await connections.request({ id: requestId, firstExecutionRunId }).connectLink();
  await Promise.all([parked(waits, 1), parked(request)]);
  return {
    resumed,
    handles: [waits, request],
    // Not before: the watch would find it by itself.
    go: () => post(stage, stage.urls.package, nango.complete(link, { as: id }).connectionId),
  };
};

/** Until a workflow has nothing to do. @param joining activities that stay open while it waits */
async function parked(handle: WorkflowHandle, joining = 0): Promise<void> {
  await eventually(async () => {
    const { raw } = await handle.describe();
    const busy = (raw.pendingActivities?.length ?? 0) > joining || raw.pendingWorkflowTask;
    return busy || Number(raw.workflowExecutionInfo?.historyLength) < 4 ? undefined : true;
  });
}

/** Says so as Nango would. @returns when the webhook was received */
async function post({ nango, receivedAt }: Stage, url: string, connectionId: string): Promise<number> {
  const connection = nango.connection(INTEGRATION, connectionId);
  const body = JSON.stringify({
    authMode: 'OAUTH2',
    connectionId,
    environment: 'dev',
    from: 'nango',
    operation: 'creation',
    provider: INTEGRATION,
    providerConfigKey: INTEGRATION,
    success: true,
    tags: connection?.tags,
    type: 'auth',
  });
  const headers = signTestWebhook(body, nango.webhookSigningKey);
  const { status } = await fetch(url, { method: 'POST', headers, body });
  if (status !== 200) throw new Error(`A webhook was answered ${status}`);
  return receivedAt();
}
