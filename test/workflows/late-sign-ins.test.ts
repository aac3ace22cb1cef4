import { HOLDS } from '../../src/contract/names';
import { LINK_GRACE_MS, LINK_TTL_MS } from '../../src/contract/limits';
import { holdKey, holdsId } from '../../src/contract/request-id';
import type { HoldsView, ProxyCall } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { eventually } from '../support/eventually';
import { call, waitFor } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// Whoever has begun to sign in by a link may come to the end of it long after the link is dead. Days pass at once here; at
// the fake Nango, which has a clock of its own, the link is alive.

const MINUTE = 60_000;
const DAY = 86_400_000;
const GET: ProxyCall = { method: 'GET', endpoint: '/contacts' };
const OWNER = { integration: 'hubspot', endUser: { id: 'u_1' } };
const CONNECTION = { integration: 'hubspot', connectionId: 'c-1' };
const REQUEST = 'nango/default/hubspot/u:u_1';

let world: World;

beforeEach(async () => {
  world = await World.open('timeSkipping');
  world.nango.onProxy('hubspot', () => ({ json: {} }));
});

afterEach(async () => {
  await world.close();
});

function has(tags: { [name: string]: string } = {}): void {
  const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: {} };
  world.nango.addConnection({ ...CONNECTION, tags: { end_user_id: 'u_1', ...tags }, credentials });
}

async function reconnecting() {
  await world.start(waitFor, { ...OWNER, reconnect: 'c-1' });
  await world.notified(REQUEST, 'opened');
  const { firstExecutionRunId } = await world.request(REQUEST, 'waiting');
  await world.atRest(REQUEST);
  await world.syncClock();
  return { request: world.connections.request({ id: REQUEST, firstExecutionRunId }) };
}

/** Somebody comes to the end of what he began by a link, and Nango's webhook says so. */
async function connect(request: ConnectionRequest, link: { connectLink: string; nonce: string }, as: string) {
  world.nango.complete(link.connectLink, { as });
  await world.client.workflow.getHandle(REQUEST).signal('nango.hint', { source: 'webhook', connectionId: 'c-1' });
  await eventually(async () => {
    const { unconfirmed = [] } = (await request.view()).question ?? {};
    return unconfirmed.some(({ nonce }) => nonce === link.nonce) || undefined;
  });
}

const holds = () => world.client.workflow.getHandle(holdsId('default'));
const held = async (): Promise<string[]> => ((await holds().describe()).memo?.[HOLDS] as HoldsView).held;

test('one that ends a day later is a stranger’s: nothing goes through, before and after the owner’s no', async () => {
  has();
  const { request } = await reconnecting();
  const forwarded = await request.connectSession({ verifyOwner: true });
  await world.env.sleep(DAY);
  await world.atRest(holdsId('default'));
  expect(await world.execute(call, CONNECTION, GET)).toMatchObject({ status: 200 });
  world.nango.complete(forwarded.connectLink, { as: 'stranger' });
  expect(await failureOf(world.execute(call, CONNECTION, GET))).toMatchObject({ type: 'Nango.OwnerUnconfirmed' });
  await connect(request, forwarded, 'stranger');
  await request.refuseOwner(forwarded.nonce, { by: 'anna' });
  expect(await failureOf(world.execute(call, CONNECTION, GET))).toMatchObject({ type: 'Nango.OwnerUnconfirmed' });
});

test('once the owner was confirmed of the only link, workers read an hour after its death no more', async () => {
  has();
  const { request } = await reconnecting();
  const link = await request.connectSession({ verifyOwner: true });
  await connect(request, link, 'anna');
  await request.confirmOwner(link.nonce, { by: 'anna' });
  // To wait for what it returns would have time skipped.
  await world.request(REQUEST, 'connected');
  await world.env.sleep(LINK_TTL_MS + LINK_GRACE_MS + 5 * MINUTE);
  await eventually(async () => ((await holds().describe()).status.name === 'COMPLETED' ? true : undefined));
});

test('another link, by which somebody may have begun, is as it was before the confirmation', async () => {
  has();
  const { request } = await reconnecting();
  const forwarded = await request.connectSession({ verifyOwner: true });
  const own = await request.connectSession({ verifyOwner: true });
  await connect(request, own, 'anna');
  await request.confirmOwner(own.nonce, { by: 'anna' });
  await world.request(REQUEST, 'connected');
  await world.env.sleep(DAY);
  await world.atRest(holdsId('default'));
  expect(await held()).toEqual([holdKey(CONNECTION)]);
  // Nothing of it is revoked here: whoever confirms may be another process than the one that made the link.
  has({ tn_owner: 'unconfirmed', tn_nonce: forwarded.nonce });
  expect(await failureOf(world.execute(call, CONNECTION, GET))).toMatchObject({ type: 'Nango.OwnerUnconfirmed' });
});

test('what is marked when it is to be connected anew is held, whatever has let go of it', async () => {
  has({ tn_owner: 'unconfirmed', tn_nonce: 'earlier.1' });
  await reconnecting();
  await eventually(async () => ((await held().catch(() => [])).length > 0 ? true : undefined));
  expect(await held()).toEqual([holdKey(CONNECTION)]);
});

test('so is what a late sign-in has put into unknown hands, once that is noticed', async () => {
  has();
  const { request } = await reconnecting();
  const forwarded = await request.connectSession({ verifyOwner: true });
  await holds().terminate();
  await world.env.sleep(DAY);
  await world.atRest(REQUEST);
  await connect(request, forwarded, 'stranger');
  await eventually(async () => ((await holds().describe()).status.name === 'RUNNING' ? true : undefined));
  expect(await held()).toEqual([holdKey(CONNECTION)]);
});

test('so is what the link of a confirmed owner has put there late, while its other account is in question', async () => {
  world.nango.onProxy('hubspot', () => ({ json: { user: 'bert' } }));
  has({ tn_account: 'anna' });
  await world.start(waitFor, { ...OWNER, reconnect: 'c-1', identity: { endpoint: '/me', pointer: '/user' } });
  await world.notified(REQUEST, 'opened');
  const { firstExecutionRunId } = await world.request(REQUEST, 'waiting');
  await world.atRest(REQUEST);
  await world.syncClock();
  const request = world.connections.request({ id: REQUEST, firstExecutionRunId });
  const link = await request.connectSession({ verifyOwner: true });
  await connect(request, link, 'bert');
  await request.confirmOwner(link.nonce, { by: 'anna' });
  await world.notified(REQUEST, 'accountChanged');
  await world.atRest(REQUEST);
  await world.env.sleep(LINK_TTL_MS + LINK_GRACE_MS + 5 * MINUTE);
  await eventually(async () => ((await holds().describe()).status.name === 'COMPLETED' ? true : undefined));
  has({ tn_owner: 'unconfirmed', tn_nonce: link.nonce });
  await world.client.workflow.getHandle(REQUEST).signal('nango.hint', { source: 'webhook', connectionId: 'c-1' });
  await eventually(async () => ((await request.view()).question?.unconfirmed?.length === 1 ? true : undefined));
  await world.atRest(REQUEST);
  await eventually(async () => ((await holds().describe()).status.name === 'RUNNING' ? true : undefined));
  expect(await held()).toEqual([holdKey(CONNECTION)]);
});
