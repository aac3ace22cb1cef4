import { randomUUID } from 'node:crypto';
import { NangoConnections } from '../../../src/client';
import type { Connection } from '../../../src/workflow';
import { call, waitFor } from '../user-workflows';
import { waitingFor, connects, deliver, wereTakenBack } from './people';
import { get, INTEGRATION } from './setting';
import type { Stage } from './stage';

const DAY_MS = 86_400_000;

/** Waits for a new connection, ended in every way, and one that goes on. */
export async function waits(stage: Stage): Promise<void> {
  await Promise.all([
    connectedByWatch(stage),
    connectedByWebhook(stage),
    connectedByOwnButton(stage),
    connectedTwice(stage),
    cancelled(stage),
    declined(stage),
    parked(stage),
    stage.ends(waitFor, [{ integration: 'nope' }], 'Nango.IntegrationNotFound'),
  ]);
}

/** The webhook is lost, so that the watch has to sweep. */
async function connectedByWatch(stage: Stage): Promise<void> {
  const { workflow, request, link, tokens } = await waitingFor(stage, 'watched');
  const connection = connects(stage, link, 'watched');
  stage.ledger.given.push(await workflow.result(), await request.result());
  wereTakenBack(stage, tokens);
  await stage.ends(call, [connection, get('/fine')], 'ok');
}

async function connectedByWebhook(stage: Stage): Promise<void> {
  const { workflow, request, link, tokens } = await waitingFor(stage, 'hooked');
  const connection = connects(stage, link, 'hooked');
  await deliver(stage, connection, 'hooked');
  stage.ledger.given.push(await workflow.result(), await request.result());
  wereTakenBack(stage, tokens);
  await stage.ends(call, [connection, get('/fine')], 'ok');
}

/** Made by a button of the application's own, so that it carries no nonce of ours; deleted in the end. */
async function connectedByOwnButton(stage: Stage): Promise<void> {
  const own = { integration: INTEGRATION, connectionId: 'c-own' };
  const { workflow } = await waitingFor(stage, 'own');
  await stage.import(own, stage.oauth('own'), { tags: { end_user_id: 'own' } });
  await deliver(stage, own, 'own');
  stage.ledger.given.push(await workflow.result());
  await stage.ends(call, [own, get('/fine')], 'ok');
  await stage.world.connections.disconnect(own);
}

/** A link that two people have used: the second connection is listed as an extra, and deleted. */
async function connectedTwice(stage: Stage): Promise<void> {
  const { ledger } = stage;
  const { connections } = stage.world;
  const { workflow, link } = await waitingFor(stage, 'twice');
  const made = [connects(stage, link, 'twice'), connects(stage, link, 'twice again')];
  await deliver(stage, made[1]!, 'twice');
  const used = (await workflow.result()) as Connection;
  for (const one of made) await stage.ends(call, [one, get('/fine')], 'ok');
  const [extra, ...others] = await connections.extras({ endUser: { id: 'twice' } });
  ledger.given.push(used, extra);
  if (extra === undefined || others.length > 0) throw new Error('There is one extra');
  await stage.fails(connections.deleteExtra(used), 'Nango.InvalidRequest');
  await connections.deleteExtra(extra);
}

async function cancelled(stage: Stage): Promise<void> {
  const { workflow, request, tokens } = await waitingFor(stage, 'cancelled');
  await workflow.cancel();
  await workflow.result().catch((error: unknown) => stage.ledger.given.push(error));
  await request.cancel();
  wereTakenBack(stage, tokens);
  await stage.fails(request.result(), 'Nango.RequestCancelled');
  await stage.fails(request.connectLink(), 'Nango.InvalidRequest');
}

async function declined(stage: Stage): Promise<void> {
  const { workflow, request, tokens } = await waitingFor(stage, 'declined');
  await request.decline();
  wereTakenBack(stage, tokens);
  await stage.fails(workflow.result(), 'Nango.ConnectionDeclined');
}

/** Waits on beyond the end of the story. A link by a wrong key is refused. */
async function parked(stage: Stage): Promise<void> {
  const { ledger, world } = stage;
  const { workflow, request } = await waitingFor(stage, 'parked');
  await request.extend(Date.now() + 20 * DAY_MS);
  const config = { ...world.config, connectKey: ledger.secret('wrong connect key', randomUUID()) };
  const elsewhere = new NangoConnections(world.client, { config });
  await stage.fails(elsewhere.request(request.ref).connectLink(), 'Nango.Misconfigured');
  await stage.until(workflow.workflowId, ({ heartbeatDetails, lastFailure }) =>
    Boolean(heartbeatDetails && lastFailure),
  );
}
