import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { Hono } from 'hono';
import { findNangoFailure, NangoConnections, webhookHandler } from 'temporal-nango';
import { TASK_QUEUE } from './task-queue';
import type { importContacts } from './workflows';

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
    // Minted now, for this click: a link lives for half an hour and is never stored.
    return c.redirect(await request.connectLink(), 303);
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
    const { integration, connectionId } = connection;
    const { workflowId } = await client.workflow.start<typeof importContacts>('importContacts', {
      workflowId: `import-${userId}`,
      workflowIdConflictPolicy: 'USE_EXISTING',
      taskQueue: TASK_QUEUE,
      args: [{ integration, connectionId }],
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

  app.onError((error, c) => {
    const failure = findNangoFailure(error);
    if (failure === undefined) throw error;
    return c.json({ error: failure.type }, failure.type === 'Nango.InvalidRequest' ? 400 : 503);
  });
  return app;
}
