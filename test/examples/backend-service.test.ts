import { main as runService } from '../../examples/backend-service/main';
import { main as runWorker } from '../../examples/backend-service/worker';
import type { CallRef } from 'temporal-nango';
import { freePort } from '../../src/dev/free-port';
import { eventually } from '../support/eventually';
import { Stage } from './stage';

let stage: Stage;
let url: string;
let endService: () => Promise<void>;
let person = 0;

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  process.env.PORT = String(port);
  stage = await Stage.open([runWorker], { webhookUrl: `${url}/webhooks/nango` });
  stage.nango.onProxy('hubspot', ({ path, credentials }) => ({
    json: {
      results: [{ properties: { firstname: 'access_token' in credentials ? credentials.access_token : '' } }],
      paging: { next: { link: path } },
    },
  }));
  endService = await runService();
});

afterAll(async () => {
  await endService?.();
  await stage?.close();
});

const someone = () => `u_${++person}`;
const get = (path: string) => fetch(url + path, { redirect: 'manual' });
const post = (path: string, init?: RequestInit) => fetch(url + path, { ...init, method: 'POST' });
const status = async (user: string) => (await (await get(`/status/${user}`)).json()) as { status: string };

/** The user presses the button and follows the redirect. */
async function click(user: string): Promise<string> {
  const response = await get(`/connect/${user}`);
  expect(response.status).toBe(303);
  return response.headers.get('location') ?? '';
}

test('a user is redirected to connect, the webhook ends the wait, and the import runs', async () => {
  const user = someone();
  expect(await status(user)).toEqual({ status: 'notConnected' });
  const refused = await post(`/imports/${user}`);
  expect([refused.status, await refused.json()]).toEqual([409, { connectAt: `/connect/${user}` }]);

  const link = await click(user);
  expect(await eventually(async () => ((await status(user)).status === 'waiting' ? 'waiting' : undefined))).toBe(
    'waiting',
  );
  const request = await stage.waiting(user, 1);
  stage.nango.complete(link, { as: 'ann' });
  await stage.connections.request(request).result();
  await eventually(() => Promise.resolve(stage.nango.webhooks.delivered.length > 0 ? true : undefined));
  expect(stage.nango.webhooks.delivered).toMatchObject([{ url: `${url}/webhooks/nango`, status: 200, attempts: 1 }]);

  expect(await status(user)).toEqual({ status: 'connected', health: 'ok' });
  const connected = await get(`/connect/${user}`);
  expect([connected.status, await connected.text()]).toEqual([200, 'connected']);

  const [first, second] = await Promise.all([post(`/imports/${user}`), post(`/imports/${user}`)]);
  expect([first.status, second.status]).toEqual([202, 202]);
  const { workflowId } = (await first.json()) as { workflowId: string };
  expect(await second.json()).toEqual({ workflowId });
  expect(await stage.client.workflow.getHandle(workflowId).result()).toEqual([expect.stringContaining('ann')]);
});

test('an order is written once, without a workflow, and its end is had by the ref, in another process too', async () => {
  const user = someone();
  const order = `/orders/${user}/7`;
  expect((await post(order)).status).toBe(409);
  stage.nango.addConnection({ integration: 'hubspot', tags: { end_user_id: user } });
  let orders = 0;
  stage.nango.onProxy('hubspot', () => ({ json: { orders: ++orders } }));
  const [first, second] = await Promise.all([post(order), post(order)]);
  expect([first.status, second.status]).toEqual([202, 202]);
  const ref = (await first.json()) as CallRef;
  expect(await second.json()).toEqual(ref);
  const body = JSON.stringify(ref);
  expect(await (await post('/order-ends', { body })).json()).toEqual({ status: 200 });
  expect(await stage.connections.callOf(ref).result()).toEqual({ status: 200, data: { orders: 1 } });
  expect(orders).toBe(1);
  expect((await post('/order-ends', { body: '{}' })).status).toBe(400);
});

test('a user who presses the button again gets a new link to the same request', async () => {
  const user = someone();
  const before = stage.sessions;
  const links = [await click(user), await click(user)];
  expect(new Set(links).size).toBe(2);
  expect(stage.sessions).toBe(before + 2);
  expect(await eventually(async () => (await stage.connections.requests({ endUser: { id: user } })).length)).toBe(1);
});

test('looking at the status asks nobody', async () => {
  const user = someone();
  expect(await status(user)).toEqual({ status: 'notConnected' });
  await expect(stage.waiting(user, 0, 0)).rejects.toThrow(/not found/i);
});

test('a webhook that Nango did not sign is refused', async () => {
  const body = JSON.stringify({ type: 'auth', operation: 'creation', success: true });
  expect((await post('/webhooks/nango', { body })).status).toBe(401);
  expect((await post('/webhooks/nango', { body, headers: { 'x-nango-hmac-sha256': '0'.repeat(64) } })).status).toBe(
    401,
  );
});

test('an id that no owner can have is the caller’s fault, and is said so', async () => {
  const response = await get(`/connect/${'x'.repeat(300)}`);
  expect([response.status, await response.json()]).toEqual([400, { error: 'Nango.InvalidRequest' }]);
});
