import { randomUUID } from 'node:crypto';
import type { AddedIntegration } from '../../src/testing/fake-nango/options';
import { failureOf, World } from '../support/world';
import {
  actions,
  connections,
  functions,
  integrations,
  one,
  provider,
  refused,
  refusedConnections,
  survey,
} from '../support/discovery-workflows';

// What an environment has, from workflow code, on a real server.

let world: World;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker();
  await world.startUserWorker('./discovery-workflows');
  world.nango.addProvider({
    ...{ name: 'crm', displayName: 'The CRM', authMode: 'OAUTH2', baseUrl: 'https://crm.test/v3' },
    ...{ defaultScopes: ['read', 'write'], scopeSeparator: ',', docs: 'https://nango.dev/docs/crm' },
    paginate: {
      ...{ type: 'cursor', cursor_path_in_response: 'paging.after', cursor_name_in_request: 'after' },
      ...{ response_path: 'results', limit_name_in_request: 'limit', limit: 2 },
    },
  });
  world.nango.onAction('hubspot', 'create-contact', () => 1, {
    input: { type: 'object', required: ['email'], properties: { email: { type: 'string' } } },
  });
  world.nango.addSync('hubspot', 'contacts');
});

afterAll(async () => {
  await world?.close();
});

/** An integration of this test alone, whose name begins with what is given. */
function added(name: string, of: Partial<AddedIntegration> = {}): string {
  const key = `${name}-${randomUUID().slice(0, 8)}`;
  world.nango.addIntegration({ key, provider: 'hubspot', ...of });
  return key;
}

/** Requests since the last time, by their path. */
function counting(path: string): () => number {
  const count = (): number => world.nango.count((request) => request.path.startsWith(path));
  let before = count();
  return () => {
    const since = count() - before;
    before = count();
    return since;
  };
}

describe('integrations', () => {
  test('are those of the environment, in one activity', async () => {
    const { workflowId, ...handle } = await world.start(integrations, { fresh: true });
    expect(await world.client.workflow.getHandle(workflowId).result()).toContainEqual({
      ...{ integration: 'hubspot', provider: 'hubspot', displayName: 'HubSpot' },
    });
    expect(handle).toBeDefined();
    const events = await world.events(workflowId);
    expect(events.filter((event) => event === 'activityTaskScheduled')).toHaveLength(1);
  });

  test('are read once a minute, unless they are wanted fresh', async () => {
    await world.execute(integrations, { fresh: true });
    const reads = counting('/integrations');
    const key = added('new');
    const known = async (fresh?: boolean) =>
      (await world.execute(integrations, { fresh })).some(({ integration }) => integration === key);
    expect(await known()).toBe(false);
    expect(reads()).toBe(0);
    expect(await known(true)).toBe(true);
    expect(await known()).toBe(true);
    expect(reads()).toBe(1);
  });
});

describe('connections', () => {
  test('of an integration, of an owner, with tags, of all of it', async () => {
    const key = added('filtered');
    const make = (connectionId: string, tags: Record<string, string>) =>
      world.nango.addConnection({ integration: key, connectionId, tags });
    make('a', { end_user_id: 'u_1', team: 'red' });
    make('b', { end_user_id: 'u_1', team: 'blue' });
    make('c', { end_user_id: 'u_2', organization_id: 'o_1', team: 'red' });
    const ids = async (options: object) => {
      const { pages, first } = await world.execute(connections, { integration: key, fresh: true, ...options });
      return [pages.reduce((sum, n) => sum + n, 0), first?.connectionId];
    };
    expect(await ids({})).toEqual([3, 'c']);
    expect(await ids({ endUser: { id: 'u_1' } })).toEqual([2, 'b']);
    expect(await ids({ endUser: { id: 'u_1' }, tags: { Team: 'red' } })).toEqual([1, 'a']);
    expect(await ids({ organization: { id: 'o_1' } })).toEqual([1, 'c']);
    expect(await ids({ tags: { team: 'RED' } })).toEqual([0, undefined]);
  });

  test('are none where there are none, and an unknown integration is an error all the same', async () => {
    const key = added('quiet');
    expect(await world.execute(connections, { integration: key })).toEqual({ pages: [0], distinct: 0 });
    expect(await failureOf(world.execute(connections, { integration: key.slice(0, -1) }))).toMatchObject({
      type: 'Nango.IntegrationNotFound',
      suggestions: [key],
      message: expect.stringContaining(`Did you mean ${key}?`) as string,
    });
  });

  test('that were not there a moment ago are there, since none is never kept', async () => {
    const key = added('awaited');
    const count = async () => (await world.execute(connections, { integration: key })).distinct;
    expect(await count()).toBe(0);
    world.nango.addConnection({ integration: key });
    expect(await count()).toBe(1);
    world.nango.addConnection({ integration: key });
    expect(await count()).toBe(1);
  });

  test('of ten thousand come in pages below 256 KB, each once, and from any page on', async () => {
    const key = added('many');
    const team = 'x'.repeat(255);
    for (let i = 0; i < 10_000; i++) {
      const tags = { team, number: String(i) };
      world.nango.addConnection({ integration: key, connectionId: `${key}-${i}`, tags });
    }
    const { pages, first, last, distinct } = await world.execute(connections, { integration: key });
    expect(distinct).toBe(10_000);
    expect(pages.reduce((sum, n) => sum + n, 0)).toBe(10_000);
    expect(first?.tags).toMatchObject({ number: '9999' });
    expect(last?.tags).toMatchObject({ number: '0' });
    const rest = await world.execute(connections, { integration: key, from: 9_999 });
    expect(rest).toMatchObject({ distinct: 1, last: { tags: { number: '0' } } });
    expect((await world.execute(connections, { integration: key, from: 20_000 })).distinct).toBe(0);
  });

  test('whose tags are as long as may be come in smaller pages', async () => {
    const key = added('heavy');
    const tags = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`t${i}`, 'y'.repeat(255)]));
    for (let i = 0; i < 200; i++) world.nango.addConnection({ integration: key, tags });
    const { pages, distinct } = await world.execute(connections, { integration: key });
    expect(distinct).toBe(200);
    expect(pages.length).toBeGreaterThan(1);
  });
});

describe('functions', () => {
  test('are what is deployed to an integration, with its schemas or without', async () => {
    const all = await world.execute(functions, 'hubspot', { fresh: true });
    expect(all).toEqual([
      {
        ...{ integration: 'hubspot', kind: 'sync', name: 'contacts', enabled: true },
        description: 'The sync contacts',
        output: {},
      },
      {
        ...{ integration: 'hubspot', kind: 'action', name: 'create-contact', enabled: true },
        description: 'The action create-contact',
        input: { type: 'object', required: ['email'], properties: { email: { type: 'string' } } },
        output: {},
      },
    ]);
    const brief = await world.execute(functions, 'hubspot', { schemas: false });
    expect(brief.map(({ name, input, output }) => [name, input, output])).toEqual([
      ['contacts', undefined, undefined],
      ['create-contact', undefined, undefined],
    ]);
  });

  test('of a connection are its actions', async () => {
    const found = await world.execute(actions, { integration: 'hubspot', connectionId: 'any' });
    expect(found.map(({ name }) => name)).toEqual(['create-contact']);
  });

  test('of an integration that has none are none, of one that there is not an error', async () => {
    expect(await world.execute(functions, added('bare'))).toEqual([]);
    expect(await failureOf(world.execute(functions, 'hubsopt'))).toMatchObject({
      type: 'Nango.IntegrationNotFound',
      suggestions: ['hubspot'],
    });
    expect(await failureOf(world.execute(functions, 'nothing-like-it'))).not.toHaveProperty('suggestions');
  });

  test('deployed a moment ago to an integration made a moment ago are there', async () => {
    await world.execute(functions, 'hubspot');
    await world.execute(integrations);
    const key = added('recent');
    world.nango.onAction(key, 'act', () => 1);
    expect((await world.execute(functions, key)).map(({ name }) => name)).toEqual(['act']);
  });

  test('with schemas larger than a payload are refused, and given without them', async () => {
    const key = added('vast');
    const description = 'z'.repeat(300_000);
    for (let i = 0; i < 10; i++) world.nango.onAction(key, `act-${i}`, () => 1, { input: { description } });
    expect(await failureOf(world.execute(functions, key, { fresh: true }))).toMatchObject({
      type: 'Nango.ResponseTooLarge',
      message: expect.stringContaining('schemas: false') as string,
    });
    expect(await world.execute(functions, key, { schemas: false })).toHaveLength(10);
    // Those of the others are as they were.
    expect(await world.execute(functions, 'hubspot')).toHaveLength(2);
  });
});

describe('a provider', () => {
  test('is described by what is of use, and nothing else', async () => {
    expect(await world.execute(provider, 'crm')).toEqual({
      ...{ provider: 'crm', displayName: 'The CRM', authMode: 'OAUTH2', docs: 'https://nango.dev/docs/crm' },
      ...{ defaultScopes: ['read', 'write'], scopeSeparator: ',', baseUrl: 'https://crm.test/v3' },
      pagination: {
        ...{ type: 'cursor', cursorPath: 'paging.after', cursorParam: 'after' },
        ...{ itemsPath: 'results', limitParam: 'limit' },
      },
    });
    expect(await world.execute(provider, 'unauthenticated')).toMatchObject({ authMode: 'NONE', defaultScopes: [] });
  });

  test('that Nango does not know is an error, with those that it may have been', async () => {
    expect(await failureOf(world.execute(provider, 'githib'))).toMatchObject({
      ...{ type: 'Nango.InvalidRequest', field: 'provider', suggestions: ['github'] },
      message: expect.stringContaining('Did you mean github?') as string,
    });
  });

  test('is read once a minute', async () => {
    await world.execute(provider, 'github');
    const reads = counting('/providers/github');
    await world.execute(provider, 'github');
    expect(reads()).toBe(0);
    await world.execute(provider, 'github', { fresh: true });
    expect(reads()).toBe(1);
  });
});

test.each<[Parameters<typeof refused>, string]>([
  [['integrations', [{ old: true }]], 'options'],
  [['integrations', [null]], 'options'],
  [['integrations', [{ fresh: 'yes' }]], 'fresh'],
  [['functions', ['']], 'integration'],
  [['functions', ['hub\nspot']], 'integration'],
  [['functions', ['hubspot', { schemas: 1 }]], 'schemas'],
  [['functions', ['hubspot', { kind: 'action' }]], 'options'],
  [['actions', [null]], 'connection'],
  [['actions', [{ integration: 'hubspot' }]], 'connection.connectionId'],
  [['provider', ['../x']], 'provider'],
  [['provider', [1]], 'provider'],
])('%j is refused before any I/O, naming %s', async (args, field) => {
  expect(await failureOf(world.execute(refused, ...args))).toMatchObject({ type: 'Nango.InvalidRequest', field });
});

test.each<[object, string]>([
  [{ integration: '' }, 'integration'],
  [{ tags: { 'a b': 'x' } }, 'tags'],
  [{ tags: { a: 'x', A: 'y' } }, 'tags'],
  [{ tags: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`t${i}`, 'x'])) }, 'tags'],
  [{ endUser: { id: '' } }, 'endUser.id'],
  [{ from: -1 }, 'from'],
  [{ from: 1.5 }, 'from'],
  [{ limit: 10 }, 'options'],
])('connections by %j are refused before any I/O, naming %s', async (options, field) => {
  expect(await failureOf(world.execute(refusedConnections, options))).toMatchObject({
    ...{ type: 'Nango.InvalidRequest', field },
  });
});

describe('a call of what there is not', () => {
  const connectionOf = (integration: string) => ({
    integration,
    connectionId: world.nango.addConnection({ integration }).connectionId,
  });

  test('an action: says which may have been meant', async () => {
    const call = { action: 'create-contacts' };
    expect(await failureOf(world.execute(one, connectionOf('hubspot'), call))).toMatchObject({
      ...{ type: 'Nango.ActionNotFound', suggestions: ['create-contact'], status: 404 },
      message: expect.stringContaining('Did you mean create-contact?') as string,
    });
  });

  test('an integration: says which may have been meant', async () => {
    const connection = { integration: 'hubspt', connectionId: 'c' };
    expect(await failureOf(world.execute(one, connection, { method: 'GET', endpoint: '/x' }))).toMatchObject({
      ...{ type: 'Nango.IntegrationNotFound', suggestions: expect.arrayContaining(['hubspot']) as string[] },
    });
  });
});

test('all of it together surveys an integration', async () => {
  const key = added('surveyed', { provider: 'crm' });
  world.nango.onAction(key, 'sum', () => 1);
  world.nango.addConnection({ integration: key });
  await world.execute(integrations, { fresh: true });
  await world.execute(functions, key, { fresh: true });
  expect(await world.execute(survey, key)).toEqual({
    ...{ docs: 'https://nango.dev/docs/crm', authMode: 'OAUTH2', actions: ['sum'], working: 1 },
  });
});
