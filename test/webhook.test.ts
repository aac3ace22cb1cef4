import { createHmac } from 'node:crypto';
import { absentTemporal } from './support/absent-temporal';
import { failureOf, World } from './support/world';
import { waitFor } from './support/user-workflows';
import { webhookHandler } from '../src/webhook';
import type { WebhookHandler } from '../src/webhook';

let world: World;
let handle: WebhookHandler;

const KEYS = ['old-signing-key', 'new-signing-key'];

beforeAll(async () => {
  world = await World.open('dev', { config: { webhookSigningKeys: KEYS } });
  handle = webhookHandler(world.client, { config: world.config });
});

afterAll(async () => {
  await world.close();
});

function delivery(over: object = {}): string {
  return JSON.stringify({
    authMode: 'OAUTH2',
    connectionId: 'c-1',
    environment: 'dev',
    from: 'nango',
    operation: 'creation',
    provider: 'hubspot',
    providerConfigKey: 'hubspot',
    success: true,
    tags: { end_user_id: 'nobody' },
    type: 'auth',
    ...over,
  });
}

function signed(body: string, key = KEYS[0]!): Record<string, string> {
  return { 'X-Nango-Hmac-Sha256': createHmac('sha256', key).update(body).digest('hex') };
}

/** Where the hints of a delivery arrived, out of the workflows of these ids. */
async function hinted(ids: string[], body: string): Promise<string[]> {
  for (const id of ids) {
    await world.client.workflow.start('connectionRequest', {
      workflowId: id,
      taskQueue: 'nobody-polls-this',
      args: [{ integration: 'hubspot', owner: {} }],
    });
  }
  try {
    expect(await handle(body, signed(body))).toMatchObject({ status: 200, outcome: 'routed' });
    const events = await Promise.all(ids.map((id) => world.events(id)));
    return ids.filter((_, i) => events[i]!.includes('workflowExecutionSignaled'));
  } finally {
    await Promise.all(ids.map((id) => world.client.workflow.getHandle(id).terminate()));
  }
}

test('a delivery wakes the request it belongs to, which looks for itself', async () => {
  const waiting = await world.start(waitFor, { integration: 'hubspot', endUser: { id: 'u_1' } });
  await world.request('nango/default/hubspot/u:u_1', 'waiting');
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-1', tags: { end_user_id: 'u_1' } });
  const body = delivery({ tags: { end_user_id: 'u_1' } });
  expect(await handle(Buffer.from(body), signed(body))).toEqual({
    status: 200,
    outcome: 'routed',
    signalled: 1,
    missed: 0,
  });
  expect(await waiting.result()).toMatchObject({ connectionId: 'c-1' });
});

test.each([
  ['a refresh that failed', { operation: 'refresh', success: false }, 'ignored'],
  ['a connection that was made again', { operation: 'override' }, 'routed'],
])('%s is a hint for the health of its integration, which looks for itself', async (_, over, outcome) => {
  const health = await world.client.workflow.start('integrationHealth', {
    workflowId: 'nango-health/default/hubspot',
    taskQueue: 'nobody-polls-this',
    args: [{ integration: 'hubspot' }],
  });
  try {
    const body = delivery(over);
    expect(await handle(body, signed(body))).toMatchObject({ status: 200, outcome });
    expect(await world.events(health.workflowId)).toContain('workflowExecutionSignaled');
  } finally {
    await health.terminate();
  }
  // And where there is none it is none the worse.
  const body = delivery(over);
  expect(await handle(body, signed(body))).toMatchObject({ status: 200, outcome });
});

test('every configured key is tried', async () => {
  const body = delivery();
  for (const key of KEYS) expect(await handle(body, signed(body, key))).toMatchObject({ status: 200 });
});

test.each<[string, (body: string) => Record<string, string>]>([
  ['no signature', () => ({})],
  ['a wrong key', (body) => signed(body, 'guessed')],
  ['the signature of another body', () => signed(delivery({ connectionId: 'c-2' }))],
  ['a truncated signature', (body) => ({ 'x-nango-hmac-sha256': signed(body)['X-Nango-Hmac-Sha256']!.slice(0, 62) })],
  ['a signature that is no hex', () => ({ 'x-nango-hmac-sha256': 'z'.repeat(64) })],
  [
    'the legacy header alone',
    (body) => ({ 'x-nango-signature': createHmac('sha256', KEYS[0]!).update(body).digest('hex') }),
  ],
])('%s is refused, and nothing is signalled', async (_, headers) => {
  const body = delivery();
  expect(await handle(body, headers(body))).toEqual({ status: 401, outcome: 'badSignature', signalled: 0, missed: 0 });
});

test.each([
  ['nothing, as Express 5 has it for another type than its parser takes', undefined],
  ['an empty object, as Express 4 has it', {}],
  ['what a parser has made of it', JSON.parse(delivery()) as object],
])('a body that is %s is refused, and does not throw', async (_, body) => {
  const given = body as unknown as string;
  const refused = { status: 400, outcome: 'badBody', signalled: 0, missed: 0 };
  expect(await handle(given, signed(delivery()))).toEqual(refused);
  expect(await handle(given, {})).toEqual(refused);
});

test('a signed body that is no JSON is refused', async () => {
  expect(await handle('{"a":', signed('{"a":'))).toMatchObject({ status: 400, outcome: 'badBody' });
});

test.each<[string, object]>([
  ['a failed attempt, which carries no tags', { success: false, tags: undefined, error: { type: 'invalid_callback' } }],
  ['a refresh error', { operation: 'refresh', success: false }],
  ['a sync', { type: 'sync', operation: undefined }],
  ['a type that does not exist yet', { type: 'brand_new' }],
  ['another environment', { tags: { end_user_id: 'u_1', tn_environment: 'other' } }],
  ['a connection id that leads elsewhere', { connectionId: '..' }],
  ['an empty connection id', { connectionId: '' }],
  ['a connection id over 255 characters', { connectionId: 'x'.repeat(256) }],
  ['a connection id of 0.9 MB', { connectionId: 'x'.repeat(900_000) }],
  ['a connection id with a control character', { connectionId: 'a\u0007b' }],
  ['a connection id that is not Unicode', { connectionId: '\ud800' }],
  ['an integration that is not Unicode', { providerConfigKey: '\ud800' }],
  ['an owner that is not Unicode', { tags: { end_user_id: '\ud800' } }],
  ['a nonce of 0.9 MB', { tags: { end_user_id: 'u_1', tn_nonce: 'x'.repeat(900_000) } }],
])('%s is fine and goes nowhere', async (_, over) => {
  const body = delivery(over);
  const event: unknown = JSON.parse(body);
  expect(await handle(body, signed(body))).toEqual({ status: 200, outcome: 'ignored', signalled: 0, missed: 0, event });
});

test('a request that does not run is fine: the delivery is counted', async () => {
  const body = delivery({ tags: { end_user_id: 'never-opened' } });
  expect(await handle(body, signed(body))).toEqual({ status: 200, outcome: 'routed', signalled: 0, missed: 1 });
});

describe('routing', () => {
  const [both, user, organization, nobody] = ['o:acme,u:u_5', 'u:u_5', 'o:acme', '-'].map(
    (o) => `nango/default/hubspot/${o}`,
  );

  test('an end user and an organization may mean both, the user or the organization', async () => {
    const body = delivery({ tags: { end_user_id: 'u_5', organization_id: 'acme' } });
    expect(await hinted([both!, user!, organization!, nobody!], body)).toEqual([both, user, organization]);
  });

  test('an end user alone means the user', async () => {
    const body = delivery({ tags: { end_user_id: 'u_5' } });
    expect(await hinted([both!, user!, organization!, nobody!], body)).toEqual([user]);
  });

  test('without an owner it is nobody in particular', async () => {
    expect(await hinted([user!, nobody!], delivery({ tags: {} }))).toEqual([nobody]);
  });

  test('a slot is part of the id, and so is our environment', async () => {
    const body = delivery({ tags: { end_user_id: 'u_5', tn_slot: 'work', tn_environment: 'default' } });
    expect(await hinted([user!, `${user!}/work`], body)).toEqual([`${user!}/work`]);
  });

  test('a reconnect is told like a creation', async () => {
    const body = delivery({ operation: 'override', tags: { end_user_id: 'u_5' } });
    expect(await hinted([user!], body)).toEqual([user]);
  });
});

test('while Temporal is down Nango is told to try again', async () => {
  const client = absentTemporal();
  const down = webhookHandler(client, { config: world.config });
  const body = delivery();
  const outcome = await client.withDeadline(Date.now() + 2_000, () => down(body, signed(body)));
  expect(outcome).toMatchObject({ status: 503, outcome: 'temporalUnavailable' });
  await client.connection.close();
});

test('without a signing key there is no handler', async () => {
  const make = async () =>
    Promise.resolve(webhookHandler(world.client, { config: { ...world.config, webhookSigningKeys: [] } }));
  expect(await failureOf(make())).toMatchObject({ type: 'Nango.Misconfigured', field: 'NANGO_WEBHOOK_SIGNING_KEYS' });
});
