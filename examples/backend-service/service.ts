import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { findNangoFailure, NangoConnections, webhookHandler } from 'temporal-nango';
import type { CallRef } from 'temporal-nango';
import { TASK_QUEUE } from './task-queue';
import type { importContacts } from './workflows';

/** Somebody waits for scopes that HubSpot grants to a new connection only: its owner has to agree before the old one goes. */
const DELETES = `<!doctype html><title>HubSpot</title>
<p>More access to HubSpot takes a new connection. Once it is there, the old one is deleted.</p>
<form method="post"><button>Yes, make a new connection and delete the old one</button></form>`;

/** The routes. A real service takes the user from its session, not from the path. */
export function createService(client: Client): Hono {
  const nango = new NangoConnections(client);
  const handleWebhook = webhookHandler(client);
  const hubspotOf = (userId: string) => ({ integration: 'hubspot', endUser: { id: userId } });
  const app = new Hono();

  /** The "Connect HubSpot" button. However often it is pressed, the user has one request. */
  app.get('/connect/:userId', async (c) => {
    const request = await nango.ensureConnection(hubspotOf(c.req.param('userId')));
    if (request.kind === 'connection') return c.text('connected');
    const { question } = await request.view();
    if (question?.kind === 'recreate-connection') return c.html(DELETES);
    // Minted now, for this click: a link lives for half an hour and is never stored.
    return c.redirect(await request.connectLink(), 303);
  });

  /** The button of the page that says what is deleted. */
  app.post('/connect/:userId', csrf(), async (c) => {
    const request = await nango.ensureConnection(hubspotOf(c.req.param('userId')));
    if (request.kind === 'connection') return c.text('connected');
    return c.redirect(await request.connectLink({ recreate: true }), 303);
  });

  /** Only looks: nobody is asked because a page was opened. */
  app.get('/status/:userId', async (c) => {
    const wanted = hubspotOf(c.req.param('userId'));
    const [connection] = await nango.list(wanted);
    if (connection !== undefined) return c.json({ status: 'connected', health: connection.health });
    const [request] = await nango.requests(wanted);
    return c.json({ status: request?.status ?? 'notConnected' });
  });

  /** Nango signs the bytes, so they must reach the handler as they came. */
  app.post('/webhooks/nango', async (c) => {
    const { status } = await handleWebhook(new Uint8Array(await c.req.arrayBuffer()), c.req.raw.headers);
    return c.body(null, status);
  });

  /** Two presses of the button are one import. */
  app.post('/imports/:userId', async (c) => {
    const userId = c.req.param('userId');
    const [connection] = await nango.list(hubspotOf(userId));
    if (connection === undefined) return c.json({ connectAt: `/connect/${userId}` }, 409);
    const { workflowId } = await client.workflow.start<typeof importContacts>('importContacts', {
      workflowId: `import-${userId}`,
      workflowIdConflictPolicy: 'USE_EXISTING',
      taskQueue: TASK_QUEUE,
      args: [connection],
    });
    return c.json({ workflowId }, 202);
  });

  /** The names, once the import has ended. */
  app.get('/imports/:userId', async (c) => {
    const handle = client.workflow.getHandle<typeof importContacts>(`import-${c.req.param('userId')}`);
    try {
      const { status } = await handle.describe();
      if (status.name === 'RUNNING') return c.json({ status: 'running' });
      return c.json({ status: 'done', names: await handle.result() });
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return c.json({ status: 'notStarted' }, 404);
      if (error instanceof WorkflowFailedError) {
        return c.json({ status: 'failed', error: findNangoFailure(error)?.type ?? 'unknown' });
      }
      throw error;
    }
  });

  /** One write, without a workflow: it goes on whatever becomes of this process. Two of the same order are one. */
  app.post('/orders/:userId/:orderId', async (c) => {
    const { userId, orderId } = c.req.param();
    const [connection] = await nango.list(hubspotOf(userId));
    if (connection === undefined) return c.json({ connectAt: `/connect/${userId}` }, 409);
    const write = { method: 'POST', endpoint: '/crm/v3/objects/orders', body: { orderId } } as const;
    const { ref } = await nango.call(connection, write, { id: `order-${userId}-${orderId}` });
    // A real service keeps it with the order: whoever has it sees the response.
    return c.json(ref, 202);
  });

  /** Its end, from any process that is given the ref. */
  app.post('/order-ends', async (c) => {
    const { status } = await nango.callOf(await c.req.json<CallRef>()).result();
    return c.json({ status });
  });

  app.onError((error, c) => {
    const failure = findNangoFailure(error);
    if (failure === undefined) throw error;
    return c.json({ error: failure.type }, failure.type === 'Nango.InvalidRequest' ? 400 : 503);
  });
  return app;
}
