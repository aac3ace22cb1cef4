import type { Connection, EnsureConnectionInput } from '../../src/contract/types';
import { joinRequest } from '../../src/requests/join';
import { eventually } from '../support/eventually';
import { waitFor } from '../support/user-workflows';
import { World } from '../support/world';

// Nobody looks at what a provider granted, so nobody is to think that somebody has.

let world: World;
let person = 0;

beforeAll(async () => {
  world = await World.open('dev');
});

afterAll(async () => {
  await world?.close();
});

/** Somebody who granted `read` when they connected. */
function granted(): EnsureConnectionInput {
  const id = `u_${++person}`;
  world.nango.addConnection({
    integration: 'hubspot',
    connectionId: `c-${id}`,
    tags: { end_user_id: id },
    credentials: { type: 'OAUTH2', access_token: 'a', raw: { scope: 'read' } },
  });
  return { integration: 'hubspot', endUser: { id } };
}

async function byClient(wanted: EnsureConnectionInput): Promise<Connection> {
  const request = await world.connections.ensureConnection(wanted);
  return request.kind === 'connection' ? request.connection : await request.result();
}

async function byWorkflow(wanted: EnsureConnectionInput): Promise<Connection> {
  const ended: unknown = await world.client.workflow.execute('ensureConnection', {
    workflowId: `ensure-${++person}`,
    taskQueue: 'nango',
    args: [wanted],
  });
  return (ended as { connection: Connection }).connection;
}

const callers: [string, (wanted: EnsureConnectionInput) => Promise<Connection>][] = [
  ['the function', (wanted) => world.execute(waitFor, wanted)],
  ['the workflow', byWorkflow],
  ['the client', byClient],
];

test.each(callers)('%s: granted read, asked for write: the connection says that nobody looked', async (_, ensure) => {
  const wanted = granted();
  expect(await ensure({ ...wanted, scopes: ['write'] })).toMatchObject({ scopesChecked: false });
  // Nor has anybody looked where it was the same.
  expect(await ensure({ ...wanted, scopes: ['read'] })).toMatchObject({ scopesChecked: false });
  expect(await ensure(wanted)).not.toHaveProperty('scopesChecked');
  expect(await ensure({ ...wanted, scopes: [] })).not.toHaveProperty('scopesChecked');
});

test.each(callers.filter(([name]) => name !== 'the workflow'))(
  '%s: an adopted connection was made for no scopes',
  async (_, ensure) => {
    const id = `u_${++person}`;
    world.nango.addConnection({ integration: 'hubspot', connectionId: `c-${id}` });
    const wanted = { integration: 'hubspot', endUser: { id }, adopt: `c-${id}`, scopes: ['write'] };
    expect(await ensure(wanted)).toMatchObject({ connectionId: `c-${id}`, scopesChecked: false });
  },
);

test('of those who wait, whoever named a scope that the link did not ask for is told', async () => {
  const id = `u_${++person}`;
  const requestId = `nango/default/hubspot/u:${id}`;
  const wanted = { integration: 'hubspot', endUser: { id } };
  const first = await world.start(waitFor, { ...wanted, scopes: ['read'] });
  await world.notified(requestId, 'opened');
  const request = await world.connections.ensureConnection({ ...wanted, scopes: ['read'] });
  if (request.kind !== 'request') throw new Error('connected');
  const link = await request.connectLink();
  const late = await world.start(waitFor, { ...wanted, scopes: ['write'] });
  await eventually(async () => {
    const { subscribers } = await request.view();
    return subscribers === 3 ? true : undefined;
  });
  const made = world.nango.complete(link, { as: 'anna' });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });

  expect(await first.result()).not.toHaveProperty('scopesChecked');
  expect(await late.result()).toMatchObject({ scopesChecked: false });
  expect(await request.result()).not.toHaveProperty('scopesChecked');
});

test('a reconnect for read: whoever names write is told, while it is under way and when it has been', async () => {
  const id = `u_${++person}`;
  const requestId = `nango/default/hubspot/u:${id}`;
  const wanted = { integration: 'hubspot', endUser: { id } };
  const { connectionId } = world.nango.addConnection({
    integration: 'hubspot',
    connectionId: `c-${id}`,
    tags: { end_user_id: id },
  });
  const since = Date.now();
  const anew = await world.connections.ensureConnection({ ...wanted, reconnect: connectionId, scopes: ['read'] });
  if (anew.kind !== 'request') throw new Error('connected');
  const link = await anew.connectLink();
  expect(await byClient({ ...wanted, scopes: ['write'] })).toMatchObject({ connectionId, scopesChecked: false });
  expect(await byClient(wanted)).not.toHaveProperty('scopesChecked');

  world.nango.complete(link, { as: 'anna' });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', connectionId });
  await world.client.workflow.getHandle(requestId).result();
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  const subject = { integration: 'hubspot', owner: { endUser: { id } } };
  const again = async (scopes: string[]) => {
    const join = { joinId: 'again', reconnect: connectionId, scopes };
    const response = await joinRequest(place, subject, join, { ignoreCoolDown: false, at: Date.now(), since });
    return response.status === 'connected' ? response.connection.scopesChecked : response;
  };
  expect(await again(['write'])).toBe(false);
  expect(await again(['read'])).toBeUndefined();
});
