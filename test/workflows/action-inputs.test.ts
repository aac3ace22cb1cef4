import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { NangoPlugin } from '../../src/plugin';
import type { FunctionSchemas } from '../../src/testing/fake-nango';
import { action, defined, definedBySchemas, definedFanOut, definedOnQueue } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// Inputs of actions, held against the JSON schemas that Nango has of them. A refusal comes before anything is run.

// A schema has a second, and the list of them three: where the machine stalls for as long, inputs go unchecked, as they should.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

const CANARY = 'canary-5f2c';
const connection = { integration: 'hubspot', connectionId: 'c-1' };
const CONTACT = {
  type: 'object',
  properties: { email: { type: 'string' } },
  required: ['email'],
  additionalProperties: false,
};
let world: World;

const triggers = (): number => world.nango.count(({ method, path }) => method === 'POST' && path === '/action/trigger');

/** Deploys an action that says what it was given. */
function deploy(name: string, schemas: FunctionSchemas = {}): void {
  world.nango.onAction('hubspot', name, (input) => ({ id: '7', input }), schemas);
}

/** A world of its own, whose worker has read nothing yet. */
async function freshWorld(
  prepare: (world: World) => void,
  settings: Parameters<typeof World.open>[1] = {},
): Promise<World> {
  const own = await World.open('dev', { ...settings, workers: false });
  own.nango.addConnection(connection);
  prepare(own);
  await own.startWorkers();
  return own;
}

beforeAll(async () => {
  world = await World.open('dev');
  world.nango.addConnection(connection);
});

afterAll(async () => {
  await world?.close();
});

test('a wrong input is refused with the path that is wrong, before anything is run, and no value of it is said', async () => {
  deploy('create-contact', { input: CONTACT });
  const before = triggers();
  const failure = await failureOf(world.execute(action, connection, 'create-contact', { email: { [CANARY]: 1 } }));
  expect(failure).toEqual({
    type: 'Nango.InvalidRequest',
    field: 'call.input.email',
    message: 'Bad argument. call.input.email must be a text.',
  });
  const other = await failureOf(world.execute(action, connection, 'create-contact', { email: 'a', [CANARY]: 1 }));
  expect(other).toMatchObject({
    field: 'call.input',
    message: 'Bad argument. call.input must hold nothing but email.',
  });
  expect(triggers()).toBe(before);
  expect(await world.execute(action, connection, 'create-contact', { email: 'a' })).toMatchObject({ id: '7' });
});

test('no value of an input is in a history, but for the input itself', async () => {
  deploy('create-contact', { input: CONTACT });
  const { workflowId } = await world.start(action, connection, 'create-contact', { email: 5, [CANARY]: CANARY });
  await failureOf(world.client.workflow.getHandle(workflowId).result());
  const { events = [] } = await world.client.workflow.getHandle(workflowId).fetchHistory();
  const failures = events?.map((event) => [
    event.activityTaskFailedEventAttributes,
    event.workflowExecutionFailedEventAttributes,
  ]);
  expect(JSON.stringify(failures)).toContain('nothing but email');
  expect(JSON.stringify(failures)).not.toContain(CANARY);
});

test('an async action is held to its schema before it is started', async () => {
  deploy('later', { input: CONTACT });
  const before = triggers();
  const call = { action: 'later', input: {}, async: true };
  const handle = await world.client.workflow.start('fanOut', {
    ...{ workflowId: randomUUID(), taskQueue: 'user', args: [connection, [call]] },
  });
  expect(await handle.result()).toMatchObject([{ ok: false, error: { type: 'Nango.InvalidRequest' } }]);
  expect(triggers()).toBe(before);
});

describe('an action without an input', () => {
  test.each([
    ['of an object that needs nothing', { type: 'object', properties: {}, additionalProperties: false }],
    ['of null', { type: 'null' }],
    ['of anything', {}],
  ])('runs where its schema is one %s', async (_, input) => {
    deploy('needs-nothing', { input });
    expect(await world.execute(action, connection, 'needs-nothing', undefined as never)).toMatchObject({ id: '7' });
  });

  test('is refused where something is required', async () => {
    deploy('create-contact', { input: CONTACT });
    expect(await failureOf(world.execute(action, connection, 'create-contact', undefined as never))).toMatchObject({
      field: 'call.input.email',
      message: 'Bad argument. call.input.email is required.',
    });
  });
});

test('an action that is not deployed is Nango.ActionNotFound, as Nango says it', async () => {
  expect(await failureOf(world.execute(action, connection, 'gone', {}))).toMatchObject({
    type: 'Nango.ActionNotFound',
  });
});

test('an action that was deployed anew within the minute is not refused by its old schema', async () => {
  deploy('changing', { input: CONTACT });
  expect(await failureOf(world.execute(action, connection, 'changing', { phone: '1' }))).toMatchObject({
    type: 'Nango.InvalidRequest',
  });
  deploy('changing', { input: { type: 'object', properties: { phone: { type: 'string' } } } });
  expect(await world.execute(action, connection, 'changing', { phone: '1' })).toMatchObject({ id: '7' });
});

test('what is deployed is read once a minute, whatever is called, and for ten refusals more', async () => {
  const own = await freshWorld(({ nango }) => {
    nango.onAction('hubspot', 'create-contact', () => ({ id: '7' }), { input: CONTACT });
  });
  try {
    const count = (path: string): number => own.nango.count((request) => request.path.startsWith(path));
    await own.execute(definedFanOut, connection, Array<string>(40).fill('a'));
    expect([count('/integrations/hubspot/functions'), count('/action/trigger')]).toEqual([1, 40]);
    const outcomes = await own.execute(definedFanOut, connection, Array<never>(100).fill(5 as never));
    expect(new Set(outcomes.map((one) => !one.ok && one.error.type))).toEqual(new Set(['Nango.InvalidRequest']));
    expect(count('/integrations/hubspot/functions')).toBeLessThanOrEqual(11);
    expect(count('/action/trigger')).toBe(40);
  } finally {
    await own.close();
  }
});

describe('an input is not checked, and the call goes through,', () => {
  const wrong = { email: 5 };

  test.each([
    ['where Nango has no schema', {}],
    ['where it is no schema', { input: { type: 'text', properties: 5 } }],
    ['where it refers to another document', { input: { $ref: 'https://example.com/contact.json' } }],
    ['where it refers to nothing', { input: { $ref: '#/definitions/Gone' } }],
    ['where it is never done with itself', { input: { allOf: [{ $ref: '#' }] } }],
    ['where it is of a draft that is not known', { input: { ...CONTACT, $schema: 'https://example.com/draft' } }],
    ['where it is too large', { input: { ...CONTACT, description: 'x'.repeat(300_000) } }],
  ])('%s', async (_, schemas: FunctionSchemas) => {
    deploy('hostile', schemas);
    // What the worker has kept is of before.
    const own = await freshWorld(({ nango }) => {
      nango.onAction('hubspot', 'hostile', () => 'ran', schemas);
    });
    try {
      expect(await own.execute(action, connection, 'hostile', wrong)).toBe('ran');
    } finally {
      await own.close();
    }
  });
});

test('defineAction: another integration is refused before any I/O, and an output comes back with its type', async () => {
  deploy('create-contact', { input: CONTACT });
  const before = world.nango.requests.length;
  const elsewhere = { integration: 'slack', connectionId: 'c-1' };
  expect(await failureOf(world.execute(defined, elsewhere, 'a'))).toEqual({
    type: 'Nango.InvalidRequest',
    field: 'connection.integration',
    message: 'Bad argument. connection.integration must be the one that the action is deployed to.',
  });
  expect(world.nango.requests.length).toBe(before);
  expect(await world.execute(defined, connection, 'a')).toMatchObject({ id: '7' });
  expect(await world.execute(defined, connection, 'a', { pick: ['/input/email'] })).toEqual({ '/input/email': 'a' });
  expect(await world.execute(definedOnQueue, connection, 'a', 'nango')).toBe('7');
  expect(await world.execute(defined, connection, 'a', { async: true })).toMatchObject({ id: '7' });
});

test('defineAction with schemas of the caller: what goes in is read before any I/O, what comes back after it', async () => {
  world.nango.onAction('hubspot', 'sum', (input) => {
    const { a, b } = input as { a: number; b: number };
    return a > 100 ? { [CANARY]: CANARY } : { sum: a + b };
  });
  expect(await world.execute(definedBySchemas, connection, { a: 1, b: 2 })).toBe(3);
  const before = world.nango.requests.length;
  expect(await failureOf(world.execute(definedBySchemas, connection, { a: 1 }))).toMatchObject({
    type: 'Nango.InvalidRequest',
    field: 'input.b',
  });
  expect(world.nango.requests.length).toBe(before);
  const late = await failureOf(world.execute(definedBySchemas, connection, { a: 101, b: 2 }));
  expect(late).toMatchObject({ type: 'Nango.BadResponse', status: 200 });
  expect(JSON.stringify(late)).not.toContain(CANARY);
});

describe('an output of megabytes', () => {
  test('that Nango hands on, up to 2 MB, is Nango.ResponseTooLarge, of an action that ran', async () => {
    world.nango.onAction('hubspot', 'create-contact', () => ({ id: 'x'.repeat(1_900_000) }), { input: CONTACT });
    expect(await failureOf(world.execute(defined, connection, 'a'))).toMatchObject({
      type: 'Nango.ResponseTooLarge',
      status: 200,
    });
    expect(await failureOf(world.execute(defined, connection, 'a', { async: true }))).toMatchObject({
      type: 'Nango.ResponseTooLarge',
      status: 200,
    });
    expect(await world.execute(defined, connection, 'a', { pick: ['/none'] })).toEqual({});
  });

  test('that Nango refuses, over its own limit of 2 MB, is Nango.ActionFailed', async () => {
    world.nango.onAction('hubspot', 'create-contact', () => ({ id: 'x'.repeat(3_000_000) }), { input: CONTACT });
    expect(await failureOf(world.execute(defined, connection, 'a'))).toMatchObject({
      type: 'Nango.ActionFailed',
      status: 500,
      code: 'script_internal_error',
    });
  });
});

test('of two integrations of one provider, each action is held against the schema of its own', async () => {
  const two = await freshWorld(({ nango }) => {
    nango.addIntegration({ key: 'hubspot-eu', provider: 'hubspot' });
    nango.addConnection({ ...connection, integration: 'hubspot-eu' });
    nango.onAction('hubspot-eu', 'create-contact', () => 'eu', { input: { type: 'object', required: ['region'] } });
    nango.onAction('hubspot', 'create-contact', () => 'us', { input: CONTACT });
  });
  try {
    const eu = { ...connection, integration: 'hubspot-eu' };
    expect(await two.execute(action, eu, 'create-contact', { region: 'x' })).toBe('eu');
    expect(await two.execute(action, connection, 'create-contact', { email: 'a' })).toBe('us');
    expect(await failureOf(two.execute(action, eu, 'create-contact', { email: 'a' }))).toMatchObject({
      field: 'call.input.region',
    });
  } finally {
    await two.close();
  }
});

describe('where what is deployed cannot be read, calls go through unchecked', () => {
  const schemas = { input: CONTACT };

  test('with a key that may not, and it is asked once a minute', async () => {
    const own = await freshWorld((it) => {
      it.nango.onAction('hubspot', 'create-contact', () => 'ran', schemas);
      it.config.secretKey = it.nango.addKey({
        scopes: ['environment:actions:execute', 'environment:connections:read'],
      });
    });
    try {
      for (const times of [1, 1]) {
        expect(await own.execute(action, connection, 'create-contact', {})).toBe('ran');
        expect(own.nango.count(({ path }) => path.startsWith('/integrations/hubspot/functions'))).toBe(times);
      }
    } finally {
      await own.close();
    }
  });

  test('with a limit that is used up, of which the list takes one request', async () => {
    const own = await freshWorld(({ nango }) => nango.onAction('hubspot', 'create-contact', () => 'ran', schemas), {
      rateLimitPerMinute: 1,
      rateLimitWindowMs: 3_000,
    });
    try {
      // The list has the room of the first window, or the call has it; a write that surely did not run is sent again.
      const both = [1, 2].map(() => own.execute(action, connection, 'create-contact', { email: 'a' }));
      expect(await Promise.all(both)).toEqual(['ran', 'ran']);
      expect(own.nango.count(({ path }) => path.startsWith('/integrations/hubspot/functions'))).toBeLessThanOrEqual(2);
    } finally {
      await own.close();
    }
  });

  test('by a worker that is not to check', async () => {
    const own = await World.open('dev', { workers: false });
    try {
      own.nango.addConnection(connection);
      own.nango.onAction('hubspot', 'create-contact', () => 'ran', schemas);
      await own.startUserWorker();
      const plugin = new NangoPlugin({ config: own.config, workflows: true, checkActionInputs: false });
      const worker = await Worker.create({
        connection: own.env.nativeConnection,
        taskQueue: 'nango',
        plugins: [plugin],
      });
      const ran = await worker.runUntil(own.execute(action, connection, 'create-contact', {}));
      expect(ran).toBe('ran');
      expect(own.nango.count(({ path }) => path.startsWith('/integrations/hubspot/functions'))).toBe(0);
    } finally {
      await own.close();
    }
  });
});
