import type { ConnectionRef } from '../../../src/workflow';
import { call, waitFor } from '../user-workflows';
import { C1, get, INTEGRATION } from './setting';
import type { Stage } from './stage';

/** Connections without an owner get one, by a backend and by a workflow. */
export async function adoption(stage: Stage): Promise<void> {
  const orphans = ['c-orphan', 'c-foundling'].map((connectionId) => ({ integration: INTEGRATION, connectionId }));
  const [orphan, foundling] = orphans as [ConnectionRef, ConnectionRef];
  for (const one of orphans) await stage.import(one, stage.oauth(one.connectionId));
  const { ledger, world } = stage;
  const wanted = { integration: INTEGRATION, endUser: { id: 'adopter' } };
  ledger.given.push(await world.connections.ensureConnection({ ...wanted, adopt: orphan.connectionId }));
  const another = { integration: INTEGRATION, endUser: { id: 'finder' }, adopt: foundling.connectionId };
  await stage.ends(waitFor, [another], 'ok');
  for (const one of orphans) await stage.ends(call, [one, get('/fine')], 'ok');
  const late = { integration: INTEGRATION, endUser: { id: 'late' }, adopt: orphan.connectionId };
  await stage.fails(world.connections.ensureConnection(late), 'Nango.InvalidRequest');
  await stage.fails(world.connections.ensureConnection({ ...late, adopt: 'nowhere' }), 'Nango.ConnectionNotFound');
}

/** What a backend is told of all there is; standalone activities, of a process without a key. */
export async function lists({ ledger, world }: Stage): Promise<void> {
  const { connections } = world;
  ledger.given.push(await connections.list(), await connections.extras(), await connections.requests());
  ledger.given.push(await connections.list({ integration: C1.integration }));
}
