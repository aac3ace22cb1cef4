import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { activitiesOf } from '../examples/docs/bulk-activities';
import { contactsOf } from '../examples/docs/ensure-connection';
import { agreeToGreet, tryGreet } from '../examples/docs/functions';
import { limitedPlugin } from '../examples/docs/limits';
import { chooseOldest } from '../examples/docs/questions';
import { makeIntegration } from '../examples/docs/set-up';
import { appOf } from '../examples/docs/web';
import * as workflows from '../examples/docs/workflows';
import { STARTER } from '../src/cli/functions/starter';
import type { BulkOutcome } from '../src/contract/types';
import type { ConnectionRequest } from '../src/requests/connection-request';
import { wrongCommands } from './docs/commands';
import { readPages } from './docs/pages';
import { typeErrors } from './docs/type-errors';
import { eventually } from './support/eventually';
import { World } from './support/world';

// What the pages show, compiled as a user does, parsed by the program, and run; by the package as it was built, in `lib/`.

const pages = readPages();

test('the TypeScript of every page compiles under strict, with the types of the package', () => {
  const wrong = [
    "```ts\nimport { nango } from 'temporal-nango/workflow';\nconst n: number = nango;\n```\n",
    '<!-- as: one.ts -->\n\n```ts\nexport const one = 1;\n```\n',
    "```ts\nimport { one } from './one';\nconst text: string = one;\n```\n",
  ].join('\n');
  expect(typeErrors(new Map([...pages, ['wrong', wrong]]))).toEqual([
    expect.stringMatching(/^wrong\.1: Type 'Nango' is not assignable/),
    expect.stringMatching(/^wrong\.3: Type 'number' is not assignable to type 'string'/),
  ]);
}, 180_000);

test('the command lines of every page are those of the program', () => {
  const typed = ['ensure hubspot --end-users u_42', 'insure hubspot', 'ensure', 'requests lists'];
  const block = typed.map((line) => `npx temporal-nango ${line} > file # or so\n`).join('');
  const sentence = 'Say `temporal-nango ensure`, not `temporal-nango requests forgets`.';
  const wrong = wrongCommands(new Map([...pages, ['wrong', `\`\`\`\n${block}\`\`\`\n${sentence}\n`]]));
  expect(wrong).toEqual(
    [...typed, 'requests forgets'].map((line) => expect.stringContaining(`wrong: ${line}: `) as string),
  );
});

describe('run:', () => {
  let world: World;
  let worker: Worker;
  let ended: Promise<void>;
  let user: string;

  beforeAll(async () => {
    world = await World.open('dev', { workers: false });
    await world.startNangoWorker();
    const workflowsPath = require.resolve('../examples/docs/workflows');
    worker = await Worker.create({ connection: world.env.nativeConnection, taskQueue: 'examples', workflowsPath });
    ended = worker.run();
  }, 120_000);

  beforeEach(() => {
    user = `u_${randomUUID()}`;
  });

  afterAll(async () => {
    worker?.shutdown();
    await ended;
    await world?.close();
  });

  test('functions: a function is tried, agreed to, deployed and run', async () => {
    world.nango.addProvider({ name: 'resend', authMode: 'API_KEY' });
    world.nango.addIntegration({ key: 'resend', provider: 'resend' });
    const { connectionId } = world.nango.addConnection({ integration: 'resend' });
    const ref = await tryGreet(world.connections, STARTER, connectionId, { name: 'Ann' });
    const deployed = await eventually(async () => {
      const end = await agreeToGreet(world.connections, ref);
      return end.status === 'waiting' ? end : undefined;
    });
    expect(deployed).toMatchObject({
      dryRun: { result: { greeting: 'Hello, Ann!' } },
      ...{ version: 'v1.0.0', run: { data: { greeting: 'Hello, Ann!' } } },
    });
  });

  async function start<T extends (...args: never[]) => Promise<unknown>>(workflow: T, ...args: Parameters<T>) {
    const named = { workflowId: `${workflow.name}-${randomUUID()}`, taskQueue: 'examples' };
    return await world.client.workflow.start(workflow.name, { ...named, args });
  }

  /** A connection of the user that is there already. */
  function connection({
    tags = {},
    ...more
  }: { tags?: { [key: string]: string }; grant?: string[]; createdAt?: number } = {}) {
    return world.nango.addConnection({ integration: 'hubspot', tags: { end_user_id: user, ...tags }, ...more });
  }

  /** The request for the user's connection, once it asks this. */
  async function request(kind = 'connect') {
    const ref = await eventually(async () => {
      const [open] = await world.connections.requests({ integration: 'hubspot', endUser: { id: user } });
      if (open?.question?.kind !== kind) return undefined;
      await world.atRest(open.id);
      return (await world.connections.describeRequest(open.id))?.ref;
    });
    return world.connections.request(ref);
  }

  /** The owner connects an account, and Nango's webhook says so. */
  async function click(asked: ConnectionRequest, as: string): Promise<void> {
    const made = world.nango.complete(await asked.connectLink(), { as });
    await world.client.workflow.getHandle(asked.ref.id).signal('nango.hint', { source: 'webhook', ...made });
  }

  test('README: it waits for the click, then carries on', async () => {
    world.nango.onProxy('hubspot', ({ path }) => ({ json: { path } }));
    const onboarding = await start(workflows.onboard, user, ['1', '2']);
    await click(await request(), 'ann');
    expect(await onboarding.result()).toMatchObject({
      owner: { path: '/crm/v3/owners/me' },
      contacts: [{ ok: true }, { ok: true, data: { path: '/crm/v3/objects/contacts/2' } }],
    });
  });

  test('calls: what is not a number is a failure', async () => {
    world.nango.onProxy('hubspot', () => ({ json: { total: 3, results: [] } }));
    const hubspot = connection();
    expect(await (await start(workflows.countContacts, hubspot)).result()).toBe(3);
    world.nango.onProxy('hubspot', () => ({ json: { total: 'many' } }));
    await expect((await start(workflows.countContacts, hubspot)).result()).rejects.toThrow();
  });

  test('discovery: what can be done through an integration, and how many of its connections work', async () => {
    world.nango.onAction('hubspot', 'create-contact', () => null);
    connection();
    const survey = (await (await start(workflows.survey, 'hubspot')).result()) as { working: number };
    expect(survey).toMatchObject({ authMode: 'OAUTH2', actions: ['create-contact'] });
    expect(survey.working).toBeGreaterThan(0);
  });

  test('errors: a no, and a deal that is not there, are told apart', async () => {
    const declined = await start(workflows.dealOf, user, '1');
    await (await request()).decline();
    expect(await declined.result()).toBe('not connected');
    connection();
    world.nango.onProxy('hubspot', () => ({ status: 404, json: {} }));
    expect(await (await start(workflows.dealOf, user, '1')).result()).toBe('no such deal');
  });

  test('healing: the owner is asked, and the call goes on after the click', async () => {
    connection();
    let isRevoked = true;
    world.nango.onProxy('hubspot', () => (isRevoked ? { status: 401, json: {} } : { json: { results: [] } }));
    const syncing = await start(workflows.syncContacts, user);
    const asked = await request('reconnect');
    isRevoked = false;
    await click(asked, 'ann');
    expect(await syncing.result()).toEqual({ results: [] });
  });

  test('scopes: the owner is asked for what is missing', async () => {
    connection({ grant: ['crm.objects.contacts.read'] });
    world.nango.onProxy('hubspot', () => ({ json: { results: [] } }));
    const reading = await start(workflows.readDeals, user);
    const asked = await request('approve-scopes');
    expect((await asked.view()).question?.scopes?.missing).toEqual(['crm.objects.deals.read']);
    await click(asked, 'ann');
    expect(await reading.result()).toEqual({ results: [] });
  });

  test('questions: the oldest of several is chosen', async () => {
    world.nango.onProxy('hubspot', ({ connectionId }) => ({ status: 404, json: { connectionId } }));
    const oldest = connection({ createdAt: Date.now() - 60_000 });
    connection();
    const waiting = await start(workflows.dealOf, user, '1');
    const asked = await request('choose-connection');
    await chooseOldest(world.connections);
    expect((await asked.result()).connectionId).toBe(oldest.connectionId);
    expect(await waiting.result()).toBe('no such deal');
  });

  test('security: another account waits for a yes', async () => {
    let account = 1;
    world.nango.onProxy('hubspot', () => ({ json: { portalId: account } }));
    const { connectionId } = connection({ tags: { tn_account: '1' } });
    const renewing = await start(workflows.renew, user, connectionId);
    const asked = await request('reconnect');
    account = 2;
    await click(asked, 'bob');
    await eventually(async () => (await asked.view()).question?.accountChange);
    await asked.decide('yes', { by: 'ops@example.com' });
    expect(await renewing.result()).toMatchObject({ connectionId });
  });

  test('set-up: an operator gives the app of one’s own', async () => {
    world.nango.addProvider({ name: 'crm', authMode: 'OAUTH2' });
    await withSettings({ HUBSPOT_SECRET: 'secret' }, async () => {
      expect(await makeIntegration(world.connections, 'crm')).toBe('crm');
      expect(await makeIntegration(world.connections, 'crm')).toBe('crm');
    });
  });

  test('bulk: every row is written once, and its outcome kept', async () => {
    const written: string[] = [];
    world.nango.onProxy('hubspot', ({ path }) => ({ json: { n: written.push(path) } }));
    const rows = Array.from({ length: 600 }, (_, i) => ({ id: i + 1, email: `${i}@example.com` }));
    const kept = new Map<number, BulkOutcome>();
    const activities = activitiesOf({
      after: (id, limit) => Promise.resolve(rows.filter((row) => row.id > id).slice(0, limit)),
      keep: (outcomes) => Promise.resolve(outcomes.forEach((outcome) => kept.set(outcome.index, outcome))),
    });
    const named = { connection: world.env.nativeConnection, taskQueue: 'automations' };
    const automations = await Worker.create({ ...named, activities });
    await automations.runUntil(async () => {
      const updating = await start(workflows.updateContacts, connection());
      // A response that comes late on a busy machine is of a write whose outcome nobody knows.
      expect(await updating.result()).toMatchObject({ done: rows.length, failed: {} });
    });
    expect(new Set(written).size).toBe(rows.length);
    expect([written.length, kept.size]).toEqual([rows.length, rows.length]);
  });

  test('ensureConnection: a caller without a workflow of its own gets connection and outcomes', async () => {
    world.nango.onProxy('hubspot', () => ({ json: { results: [] } }));
    const { connectionId } = connection();
    expect(await contactsOf(world.client, user)).toMatchObject({
      connection: { connectionId },
      outcomes: [{ ok: true, data: { results: [] } }],
    });
  });

  test('web: the page of a request that is none, and the rest of the application', async () => {
    await withSettings({ ...keyOf(world), TEMPORAL_NANGO_LINK_KEYS: 'k'.repeat(32) }, async () => {
      const app = appOf(world.client);
      app.get('/own', (c) => c.text('own'));
      expect((await app.request('/nango/connect/none')).status).toBe(404);
      expect(await (await app.request('/own')).text()).toBe('own');
    });
  });

  test('limits: a worker with a declared limit makes the calls there are', async () => {
    connection();
    const calls = Array.from({ length: 3 }, () => ({ method: 'GET', endpoint: '/crm/v3/owners' }));
    await withSettings({ ...keyOf(world), TEMPORAL_NANGO_TASK_QUEUE: 'limited' }, async () => {
      const named = { connection: world.env.nativeConnection, taskQueue: 'limited' };
      const limited = await Worker.create({ ...named, plugins: [limitedPlugin()] });
      const outcomes = limited.runUntil(async () => {
        const args = [{ integration: 'hubspot', endUser: { id: user }, calls, taskQueue: 'limited' }];
        return (await world.client.workflow.execute('ensureConnection', {
          workflowId: user,
          taskQueue: 'limited',
          args,
        })) as unknown;
      });
      expect(await outcomes).toMatchObject({ outcomes: calls.map(() => ({ ok: true })) });
    });
  });
});

/** What tells a program of the Nango of a world. */
function keyOf({ nango }: World): { [name: string]: string } {
  return { NANGO_SERVER_URL: nango.url, NANGO_TOOLBOX_SECRET_KEY: nango.secretKey };
}

/** Has the environment tell the example what it tells a user's program. */
async function withSettings(settings: { [name: string]: string }, run: () => Promise<void>): Promise<void> {
  Object.assign(process.env, settings);
  try {
    await run();
  } finally {
    for (const name of Object.keys(settings)) delete process.env[name];
  }
}
