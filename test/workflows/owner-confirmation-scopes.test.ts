import type { Connection, Question, RequestView } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { eventually } from '../support/eventually';
import { waitFor } from '../support/user-workflows';
import { World } from '../support/world';

// Whose click it was, where a connection is granted more scopes, or another is made in its place.

const BY = { by: 'ann@example.com' };
const METADATA = { folder: 'inbox' };

let world: World;
let person = 0;

beforeAll(async () => {
  process.env.APP_SECRET = 'secret';
  world = await World.open('dev');
  world.nango.addProvider({ name: 'fixed', authMode: 'OAUTH2', ignoresScopesOverride: true });
});

afterAll(async () => {
  delete process.env.APP_SECRET;
  await world?.close();
});

/** Somebody whose connection was granted `read`, and a workflow that waits for `write`. */
async function waiting(provider: 'hubspot' | 'fixed') {
  const id = `u_${++person}`;
  const integration = `${provider}-${person}`;
  const connectionId = `c-${id}`;
  const tags = { end_user_id: id, team: 'red' };
  world.nango.addIntegration({ key: integration, provider });
  if (provider === 'fixed') await setScopes(integration, 'read');
  const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: { scope: 'read' } };
  world.nango.addConnection({ integration, connectionId, tags, metadata: METADATA, credentials });
  const ended = await world.start(waitFor, { integration, endUser: { id }, scopes: ['write'] });
  const requestId = `nango/default/${integration}/u:${id}`;
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  const request = world.connections.request({ id: requestId, firstExecutionRunId });
  return { id, integration, connectionId, tags, request, result: () => ended.result() as Promise<Connection> };
}

async function setScopes(integration: string, scopes: string): Promise<void> {
  const response = await fetch(`${world.nango.url}/integrations/${integration}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${world.nango.secretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ credentials: { type: 'OAUTH2', client_id: 'id', client_secret: 'secret', scopes } }),
  });
  expect(response.status).toBe(200);
}

async function asked(request: ConnectionRequest, fits: (question: Question) => boolean): Promise<RequestView> {
  return await eventually(async () => {
    const view = await request.view();
    return view.question !== undefined && fits(view.question) ? view : undefined;
  });
}

const bears =
  (...nonces: string[]) =>
  ({ unconfirmed = [] }: Question): boolean =>
    JSON.stringify(unconfirmed.map(({ nonce }) => nonce)) === JSON.stringify(nonces);

/** Somebody clicks and connects, and Nango's webhook says so. */
async function connect(request: ConnectionRequest, { as = 'anna', grant }: { as?: string; grant?: string[] } = {}) {
  const { connectLink, nonce } = await request.connectSession({ verifyOwner: true, recreate: true });
  const { connectionId } = world.nango.complete(connectLink, { as, grant });
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', connectionId });
  await asked(request, ({ unconfirmed = [] }) => unconfirmed.some((one) => one.nonce === nonce));
  return { nonce, connectionId };
}

test('more scopes are nobody’s before the owner is confirmed; whoever does without waits as well', async () => {
  const { id, integration, connectionId, tags, request, result } = await waiting('hubspot');
  const wanted = { integration, endUser: { id } };
  expect(await world.connections.ensureConnection(wanted)).toMatchObject({ kind: 'connection' });
  const { nonce } = await connect(request, { grant: ['read', 'write'] });
  expect((await request.view()).question?.kind).toBe('approve-scopes');
  expect(await world.connections.ensureConnection(wanted)).toMatchObject({ kind: 'request', ref: request.ref });
  await request.confirmOwner(nonce, BY);
  expect(await result()).toMatchObject({ connectionId, tags, grantedScopes: ['read', 'write'] });
  expect(world.nango.connection(integration, connectionId)).toMatchObject({ tags, metadata: METADATA });
});

test('what a stranger has connected does not count as granted, whatever it was granted', async () => {
  const { connectionId, tags, request, result } = await waiting('hubspot');
  const stranger = await connect(request, { as: 'stranger', grant: ['read', 'write'] });
  await request.refuseOwner(stranger.nonce, BY);
  const own = await connect(request, { grant: ['read', 'write'] });
  await request.confirmOwner(own.nonce, BY);
  expect(await result()).toMatchObject({ connectionId, tags, grantedScopes: ['read', 'write'] });
});

test('a connection that is made in the place of another takes it only once its owner is confirmed', async () => {
  const { integration, connectionId, tags, request, result } = await waiting('fixed');
  const { nonce } = await connect(request);
  await request.confirmOwner(nonce, BY);
  await asked(request, ({ kind }) => kind === 'update-integration-scopes');
  await request.updateScopes({ clientId: 'id', clientSecret: { fromEnv: 'APP_SECRET' } }, BY);
  await asked(request, ({ kind }) => kind === 'recreate-connection');

  const theirs = await connect(request, { as: 'stranger' });
  const own = await connect(request);
  await asked(request, bears(theirs.nonce, own.nonce));
  // The old one is there, and everybody's.
  expect(world.nango.connection(integration, connectionId)).toMatchObject({ tags });
  expect(world.nango.connection(integration, own.connectionId)?.tags).toMatchObject({ tn_owner: 'unconfirmed' });
  await request.confirmOwner(own.nonce, BY);
  expect(await result()).toMatchObject({ connectionId: own.connectionId, tags });
  const made = world.nango.connection(integration, own.connectionId);
  expect(made).toMatchObject({ tags, metadata: METADATA });
  expect(made?.tags).not.toHaveProperty('tn_owner');
  expect(world.nango.connection(integration, connectionId)).toBeUndefined();
  expect(world.nango.connection(integration, theirs.connectionId)).toBeUndefined();
});
