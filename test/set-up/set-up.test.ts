import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import type { SetUpDecision, SetUpView } from '../../src/contract/types';
import type { IntegrationSetUp } from '../../src';
import { historyOf } from '../../src/requests/history';
import { eventually } from '../support/eventually';
import { jsonResponse, startRelay } from '../support/relay';
import type { Relay, RelayedResponse } from '../support/relay';
import { waitFor, waitForIntegration } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// A missing integration: who makes it, who is refused, and what of it is kept.

const SECRET = 'secret-of-the-worker';

let world: World;
let relay: Relay;
let count = 0;
/** Requests so far, by path. */
let before: { [path: string]: number } = {};
/** What stands between the worker and Nango; a test may put in something worse. */
let change: (response: RelayedResponse, request: IncomingMessage) => Promise<RelayedResponse> | RelayedResponse;
let respond: (request: IncomingMessage) => RelayedResponse | undefined;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  relay = await startRelay({
    upstream: world.nango.url,
    respond: (request) => respond(request),
    change: (response, request) => change(response, request),
  });
  world.config.baseUrl = relay.url;
  await world.startWorkers();
});

beforeEach(() => {
  process.env.SETUP_SECRET = SECRET;
  change = (same) => same;
  respond = () => undefined;
  before = {};
  before = Object.fromEntries(['/integrations', '/integrations/quickstart'].map((path) => [path, creations(path)]));
});

afterAll(async () => {
  delete process.env.SETUP_SECRET;
  await world?.close();
  await relay?.close();
});

/** A provider that nobody has an integration of. */
function provider(given: object = {}): string {
  const name = `p-${++count}`;
  world.nango.addProvider({ name, authMode: 'OAUTH2', ...given });
  return name;
}

const idOf = (integration: string) => `nango-integration/default/${integration}`;
const own = (by = 'ops'): SetUpDecision => ({
  choice: 'own',
  credentials: { clientId: 'cid', clientSecret: { fromEnv: 'SETUP_SECRET' } },
  by,
});

async function openSetUp(name = provider()): Promise<IntegrationSetUp> {
  const setUp = await world.connections.ensureIntegration({ provider: name });
  if (setUp.kind !== 'setUp') throw new Error(`a ${setUp.kind}`);
  // The server refuses an update for a moment where a notice returns while the workflow ends.
  await world.atRest(setUp.ref.id);
  return setUp;
}

/** The set-up of an integration, once an operator has to act. */
async function waitingSetUp(integration: string): Promise<IntegrationSetUp> {
  return await eventually(async () => {
    const open = (await world.connections.setUps()).find(({ view }) => view.integration === integration);
    if (open?.view.status !== 'waiting') return undefined;
    await world.atRest(open.id);
    return world.connections.setUp(open);
  });
}

/** How often Nango has been asked to make an integration since this test began. */
function creations(path = '/integrations'): number {
  return world.nango.count((request) => request.method === 'POST' && request.path === path) - (before[path] ?? 0);
}

/** What an integration was made of. */
async function credentialsOf(integration: string): Promise<unknown> {
  const response = await fetch(`${world.nango.url}/integrations/${integration}?include=credentials`, {
    headers: { authorization: `Bearer ${world.nango.secretKey}` },
  });
  return ((await response.json()) as { data: { credentials: unknown } }).data.credentials;
}

async function historyText(workflowId: string): Promise<string> {
  const { runId } = await world.client.workflow.getHandle(workflowId).describe();
  const events: string[] = [];
  for await (const event of historyOf(world.client, workflowId, runId)) {
    expect(event.workflowTaskFailedEventAttributes ?? undefined).toBeUndefined();
    events.push(JSON.stringify(event, (_, value: unknown) => (Buffer.isBuffer(value) ? value.toString() : value)));
  }
  return events.join('\n');
}

test('a workflow that names the provider waits for the operator, then for the person', async () => {
  const name = provider();
  const wanted = { integration: name, provider: name, endUser: { id: 'ann' }, scopes: ['read', 'write'] };
  const waiting = await world.start(waitFor, wanted);
  const setUp = await waitingSetUp(name);
  expect((await setUp.view()).question).toMatchObject({ kind: 'set-up-integration', scopes: ['read', 'write'] });
  expect(await setUp.decide(own())).toBe('ready');
  expect(await credentialsOf(name)).toMatchObject({
    ...{ type: 'OAUTH2', client_id: 'cid', client_secret: SECRET, scopes: 'read,write' },
  });

  const request = `nango/default/${name}/u:ann`;
  await world.request(request, 'waiting');
  const made = world.nango.addConnection({
    ...{ integration: name, connectionId: 'c', tags: { end_user_id: 'ann' } },
    credentials: { type: 'OAUTH2', access_token: 'a', raw: { scope: 'read write' } },
  });
  await world.client.workflow.getHandle(request).signal('nango.hint', { source: 'webhook', ...made });
  expect(await waiting.result()).toMatchObject(made);
  expect(await historyText(setUp.ref.id)).not.toContain(SECRET);
});

test('a workflow that names no provider fails as before', async () => {
  const name = provider();
  const failure = await failureOf(world.execute(waitFor, { integration: name, endUser: { id: 'ann' } }));
  expect(failure.type).toBe('Nango.IntegrationNotFound');
  await expect(world.client.workflow.getHandle(idOf(name)).describe()).rejects.toThrow();
});

test('many who want the same integration make one', async () => {
  const name = provider({ authMode: 'API_KEY' });
  const wanted = { provider: name, integration: `${name}-shared` };
  const all = await Promise.all([
    ...Array.from({ length: 5 }, () => world.execute(waitForIntegration, wanted)),
    world.connections.ensureIntegration(wanted),
  ]);
  for (const made of all) expect(made).toMatchObject(wanted);
  expect(creations()).toBe(1);
});

test('those who join a question are answered by one decision, and an integration of another provider is refused', async () => {
  const name = provider();
  const waiting = [await world.start(waitForIntegration, { provider: name }), await openSetUp(name)];
  await waitingSetUp(name);
  const other = failureOf(world.connections.ensureIntegration({ integration: name, provider: 'hubspot' }));
  expect(await other).toMatchObject({ type: 'Nango.InvalidRequest', field: 'provider' });
  await (waiting[1] as IntegrationSetUp).decide(own());
  for (const one of waiting) expect(await one.result()).toEqual({ integration: name, provider: name });
  expect(creations()).toBe(1);
});

test('a second page view with an earlier deadline shortens nothing', async () => {
  const name = provider();
  const deadline = Date.now() + 30 * 86_400_000;
  const setUp = await world.connections.ensureIntegration({ provider: name, deadline });
  if (setUp.kind !== 'setUp') throw new Error(`a ${setUp.kind}`);
  await openSetUp(name);
  expect((await setUp.view()).question?.deadline).toBe(deadline);
  await setUp.decline();
});

test('whoever is cancelled leaves, and the others go on; when nobody is left it is over', async () => {
  const name = provider();
  const [first, second] = [
    await world.start(waitForIntegration, { provider: name }),
    await world.start(waitForIntegration, { provider: name }),
  ];
  const setUp = await eventually(async () => {
    const open = await waitingSetUp(name);
    return (await open.view()).subscribers === 2 ? open : undefined;
  });
  await first.cancel();
  await expect(first.result()).rejects.toThrow();
  await eventually(async () => ((await setUp.view()).subscribers === 1 ? true : undefined));
  expect((await setUp.view()).status).toBe('waiting');
  await second.cancel();
  await expect(second.result()).rejects.toThrow();
  expect(await failureOf(setUp.result())).toMatchObject({ type: 'Nango.SetUpCancelled' });
});

test('an operator who declines ends it for all, and a workflow asks nobody again for a day', async () => {
  const name = provider();
  const waiting = await world.start(waitForIntegration, { provider: name });
  const setUp = await waitingSetUp(name);
  await setUp.decline({ by: 'ops' });
  const declined = { type: 'Nango.SetUpDeclined', coolDownUntil: expect.any(Number) as number };
  expect(await failureOf(waiting.result())).toMatchObject(declined);
  expect(await failureOf(setUp.result())).toMatchObject(declined);
  expect(await failureOf(world.execute(waitForIntegration, { provider: name }))).toMatchObject(declined);
  expect((await setUp.describe())?.status).toBe('declined');

  const again = await openSetUp(name);
  expect(again.ref.firstExecutionRunId).not.toBe(setUp.ref.firstExecutionRunId);
  await again.cancelForAll({ by: 'ops' });
});

test('whoever minds no cool-down has an operator asked, though Nango was away at the first attempt', async () => {
  const name = provider();
  const declined = await openSetUp(name);
  await declined.decline();
  let isAway = true;
  respond = ({ method, url }) =>
    isAway && method === 'GET' && url === '/integrations'
      ? { status: 503, headers: { 'content-type': 'text/plain' }, body: Buffer.from('away') }
      : undefined;
  const waiting = await world.start(waitForIntegration, { provider: name, ignoreCoolDown: true });
  await eventually(async () => {
    const { raw } = await world.client.workflow.getHandle(waiting.workflowId).describe();
    return (raw.pendingActivities ?? []).some(({ attempt }) => (attempt ?? 0) > 1) || undefined;
  });
  isAway = false;
  const again = await waitingSetUp(name);
  expect((await again.view()).subscribers).toBe(1);
  await again.cancelForAll({ by: 'ops' });
});

test.each([
  ['to a workflow', (name: string) => world.execute(waitForIntegration, { provider: name })],
  ['to a backend', (name: string) => world.connections.ensureIntegration({ provider: name })],
])('a provider that Nango does not know is an argument that is wrong: %s', async (_, ensure) => {
  expect(await failureOf(ensure('nobody'))).toMatchObject({ type: 'Nango.InvalidRequest', field: 'provider' });
});

describe('an answer is refused with the reason, and nothing of it is kept:', () => {
  const secret = 'pasted-by-mistake';
  const credentials = { clientId: 'cid', clientSecret: { fromEnv: 'SETUP_SECRET' } };
  test.each<[string, unknown, string]>([
    ['none of the choices', { choice: 'theirs', by: 'ops' }, 'choice'],
    ['no choice', { by: 'ops' }, 'choice'],
    ['nobody', { choice: 'made' }, 'by'],
    ['credentials that are missing', { choice: 'own', by: 'ops' }, 'credentials'],
    [
      'half of the credentials',
      { choice: 'own', by: 'ops', credentials: { clientId: 'c' } },
      'credentials.clientSecret',
    ],
    [
      'a secret as a text',
      { choice: 'own', by: 'ops', credentials: { ...credentials, clientSecret: secret } },
      'credentials.clientSecret',
    ],
    [
      'a secret for the name of a variable',
      { choice: 'own', by: 'ops', credentials: { ...credentials, clientSecret: { fromEnv: secret } } },
      'credentials.clientSecret.fromEnv',
    ],
    [
      "a key of the worker's own",
      { choice: 'own', by: 'ops', credentials: { ...credentials, clientSecret: { fromEnv: 'NANGO_SECRET_KEY' } } },
      'credentials.clientSecret.fromEnv',
    ],
    [
      'credentials of another kind',
      { choice: 'own', by: 'ops', credentials: { ...credentials, privateKey: { fromEnv: 'SETUP_SECRET' } } },
      'credentials',
    ],
    ['credentials with a choice that takes none', { choice: 'nangoApp', by: 'ops', credentials }, 'credentials'],
    ['more than there is to say', { choice: 'made', by: 'ops', note: secret }, 'input'],
  ])('%s', async (_, decision, field) => {
    const setUp = await openSetUp();
    await world.atRest(setUp.ref.id);
    const before = await world.events(setUp.ref.id);
    const failure = await failureOf(
      world.client.workflow.getHandle(setUp.ref.id).executeUpdate('nango.decideSetUp', { args: [decision] }),
    );
    expect(failure).toMatchObject({ type: 'Nango.InvalidRequest', field });
    expect(failure.message).not.toContain(secret);
    expect(await world.events(setUp.ref.id)).toEqual(before);
    await setUp.decline();
  });

  test('one to a set-up that has ended, or to an earlier one of the same integration', async () => {
    const name = provider();
    const first = await openSetUp(name);
    await first.decline();
    const closed = { type: 'Nango.InvalidRequest', reason: 'request_closed' };
    expect(await failureOf(first.decide(own()))).toMatchObject(closed);
    const second = await openSetUp(name);
    await world.atRest(second.ref.id);
    const before = await world.events(second.ref.id);
    expect(await failureOf(first.decide(own()))).toMatchObject(closed);
    expect(await failureOf(first.decline())).toMatchObject(closed);
    expect(await world.events(second.ref.id)).toEqual(before);
    await second.decline();
  });

  test('a second one, while the first is being carried out', async () => {
    const setUp = await openSetUp();
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const begun = new Promise<void>((begin) => {
      change = async (response, { method, url }) => {
        if (method !== 'POST' || url !== '/integrations') return response;
        begin();
        await held;
        return response;
      };
    });
    const first = setUp.decide(own('first'));
    await begun;
    expect(await failureOf(setUp.decide(own('second')))).toMatchObject({
      type: 'Nango.InvalidRequest',
      reason: 'no_open_question',
    });
    release?.();
    expect(await first).toBe('ready');
    expect((await setUp.view()).decision).toMatchObject({ choice: 'own', by: 'first' });
    expect(creations()).toBe(1);
  });

  test('of two at one moment one is carried out', async () => {
    const setUp = await openSetUp();
    const { integration } = await setUp.view();
    const both = await Promise.allSettled([setUp.decide(own('a')), setUp.decide(own('b'))]);
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(await setUp.result()).toMatchObject({ integration });
    expect(creations()).toBe(1);
  });
});

test('where Nango lends no app, the question turns into the other half', async () => {
  const setUp = await openSetUp();
  const lent = await failureOf(setUp.decide({ choice: 'nangoApp', by: 'ops' }));
  expect(lent).toMatchObject({ type: 'Nango.InvalidRequest', field: 'nangoApp' });
  expect(await setUp.view()).toMatchObject({
    question: { choices: ['own', 'made'] },
    problem: { type: 'Nango.InvalidRequest', field: 'nangoApp' },
  });
  // A page from before still shows the first half.
  expect(await failureOf(setUp.decide({ choice: 'nangoApp', by: 'ops' }))).toMatchObject({ field: 'choice' });
  expect(await setUp.decide(own())).toBe('ready');
});

test('unattended, the question is opened only where Nango lends no app', async () => {
  const name = provider();
  const setUp = await world.connections.ensureIntegration({ provider: name, allowNangoApp: true });
  expect(await (setUp as IntegrationSetUp).view()).toMatchObject({ question: { choices: ['own', 'made'] } });
  expect(creations('/integrations/quickstart')).toBe(1);
  await (setUp as IntegrationSetUp).decline();
});

describe('what an operator answers while an app to lend is tried for somebody who joins is tried next', () => {
  const refuses = (): RelayedResponse => jsonResponse(402, { error: { code: 'resource_capped', message: 'no' } });

  /** Nango's answer about its app comes once an operator has said something else. */
  async function answered(setUp: IntegrationSetUp, decision: SetUpDecision, answer: typeof change) {
    let tries = 0;
    let decided: Promise<unknown> = Promise.resolve();
    change = async (same, request) => {
      if (!request.url?.endsWith('/quickstart') || tries++ > 0) return same;
      decided = setUp.decide(decision).catch((error: unknown) => failureOf(Promise.reject(error as Error)));
      await eventually(async () => ((await setUp.view()).decision === undefined ? undefined : true));
      return await answer(same, request);
    };
    await world.connections.ensureIntegration({ provider: (await setUp.view()).provider, allowNangoApp: true });
    await eventually(() => Promise.resolve(tries > 0 || undefined));
    return await decided;
  }

  test.each([
    ['Nango lends none', (same: RelayedResponse) => same],
    ['it is refused', refuses],
  ])('%s: an app of their own', async (_, answer) => {
    const setUp = await openSetUp();
    expect(await answered(setUp, own(), answer)).toBe('ready');
    expect(await setUp.result()).toMatchObject({ integration: expect.any(String) as string });
  });

  test.each([
    ['Nango lends none', (same: RelayedResponse) => same, ['own', 'made']],
    ['it is refused', refuses, ['nangoApp', 'own', 'made']],
  ])('%s: that it is there, and it is not', async (_, answer, choices) => {
    const setUp = await openSetUp();
    const failure = await answered(setUp, { choice: 'made', by: 'ops' }, answer);
    expect(failure).toMatchObject({ type: 'Nango.IntegrationNotFound' });
    expect(await setUp.view()).toMatchObject({ question: { choices }, problem: { type: 'Nango.IntegrationNotFound' } });
    expect(creations('/integrations/quickstart')).toBe(1);
    await setUp.decline();
  });

  test('that Nango lends one, and it does not', async () => {
    const setUp = await openSetUp();
    const failure = await answered(setUp, { choice: 'nangoApp', by: 'ops' }, (same) => same);
    expect(failure).toMatchObject({ type: 'Nango.InvalidRequest', field: 'nangoApp' });
    await setUp.decline();
  });
});

test('a server that is older than the apps that Nango lends lends none', async () => {
  respond = ({ url }) =>
    url?.endsWith('/quickstart')
      ? { status: 404, headers: { 'content-type': 'text/html' }, body: Buffer.from('<html>') }
      : undefined;
  const setUp = await openSetUp();
  expect(await failureOf(setUp.decide({ choice: 'nangoApp', by: 'ops' }))).toMatchObject({ field: 'nangoApp' });
  await setUp.decline();
});

test('a variable that is not set is named, and the question stays open', async () => {
  delete process.env.SETUP_SECRET;
  const setUp = await openSetUp();
  const failure = await failureOf(setUp.decide(own()));
  expect(failure).toMatchObject({ type: 'Nango.Misconfigured', field: 'SETUP_SECRET' });
  expect(failure.message).toContain('SETUP_SECRET is not set');
  process.env.SETUP_SECRET = SECRET;
  expect(await setUp.decide(own())).toBe('ready');
});

test('credentials that Nango refuses are said to be, and the value is nowhere', async () => {
  const name = provider({ authMode: 'APP' });
  const setUp = await openSetUp(name);
  const credentials = { appId: '7', appLink: 'https://example.com', privateKey: { fromEnv: 'SETUP_SECRET' } };
  const failure = await failureOf(setUp.decide({ choice: 'own', credentials, by: 'ops' }));
  expect(failure).toMatchObject({ type: 'Nango.InvalidRequest', field: 'credentials' });
  expect(failure.message).not.toContain(SECRET);
  expect((await setUp.view()).status).toBe('waiting');
  await setUp.decline();
  expect(await historyText(setUp.ref.id)).not.toContain(SECRET);
});

test('an operator who says that it is made is believed once it is there', async () => {
  const setUp = await openSetUp();
  const { integration } = await setUp.view();
  const made = { choice: 'made', by: 'ops' } as const;
  expect(await failureOf(setUp.decide(made))).toMatchObject({ type: 'Nango.IntegrationNotFound' });
  world.nango.addIntegration({ key: integration, provider: 'hubspot' });
  expect(await setUp.decide(made)).toBe('ready');
  expect(await setUp.result()).toEqual({ integration, provider: 'hubspot' });
});

test('a creation whose response was lost is looked up, and not repeated', async () => {
  const name = provider({ authMode: 'API_KEY' });
  let lost = 0;
  change = (response, { method, url }) => {
    if (method !== 'POST' || url !== '/integrations' || lost > 0) return response;
    lost++;
    throw new Error('lost');
  };
  expect(await world.connections.ensureIntegration({ provider: name })).toMatchObject({ kind: 'integration' });
  expect(lost).toBe(1);
  expect(creations()).toBe(1);
});

test('one that somebody else has made a moment before is as good', async () => {
  const name = provider({ authMode: 'API_KEY' });
  respond = ({ method, url }) => {
    if (method === 'POST' && url === '/integrations') world.nango.addIntegration({ key: name, provider: name });
    return undefined;
  };
  expect(await world.connections.ensureIntegration({ provider: name })).toMatchObject({ integration: name });
});

test('Nango being down holds it up, and ends nothing', async () => {
  const name = provider({ authMode: 'API_KEY' });
  let refusals = 0;
  respond = ({ url }) => (url?.startsWith('/providers/') && refusals++ < 2 ? jsonResponse(503, {}) : undefined);
  expect(await world.connections.ensureIntegration({ provider: name })).toMatchObject({ integration: name });
  expect(refusals).toBeGreaterThan(2);
});

test('what Nango wants and we know nothing of is left to the dashboard', async () => {
  const name = provider({ authMode: 'API_KEY' });
  respond = ({ method, url }) =>
    method === 'POST' && url === '/integrations'
      ? jsonResponse(400, { error: { code: 'invalid_body', message: 'something new' } })
      : undefined;
  const setUp = await openSetUp(name);
  expect((await setUp.view()).question).toMatchObject({ choices: ['made'], fields: [] });
  await setUp.decline();
});

test('anything at all, by every update and signal: no workflow task fails, and whoever waits is answered', async () => {
  const name = provider();
  const waiting = await world.start(waitForIntegration, { provider: name });
  const setUp = await waitingSetUp(name);
  const handle = world.client.workflow.getHandle(setUp.ref.id);
  const user = world.client.workflow.getHandle(waiting.workflowId);
  const json = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, [], {}, '', -1, 'constructor', 'made'));
  const nearly = fc.record(
    Object.fromEntries(
      ['joinId', 'provider', 'deadline', 'scopes', 'subscriber', 'by', 'until', 'choice', 'credentials'].map(
        (field) => [field, json],
      ),
    ),
    { requiredKeys: [] },
  );
  const resolution = fc.record({ joinId: fc.string(), status: fc.constantFrom('ready', 'x'), made: json });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('joinSetUp', 'decideSetUp', 'leave', 'extend', 'decline', 'cancel'),
      fc.oneof(json, nearly, resolution),
      async (update, given) => {
        await user.signal('nango.resolveSetUp', given);
        const another =
          typeof given === 'object' && given !== null && ['decline', 'cancel', 'leave'].includes(update)
            ? { ...given, firstExecutionRunId: 'another' }
            : given;
        const sent = handle.executeUpdate(`nango.${update}`, { args: [another] });
        await sent.catch(async () => expect(await failureOf(sent)).toMatchObject({ type: 'Nango.InvalidRequest' }));
      },
    ),
    { numRuns: 100, seed: 20_261_129 },
  );
  await setUp.decide(own());
  expect(await waiting.result()).toEqual({ integration: name, provider: name });
  await historyText(setUp.ref.id);
  await historyText(waiting.workflowId);
});

test('a set-up that is begun with what is none completes, and says why', async () => {
  const handle = await world.client.workflow.start('integrationSetUp', {
    ...{ workflowId: idOf('odd'), taskQueue: 'nango' },
    args: [{ integration: 'odd', provider: 'no such provider' }],
  });
  expect(await handle.result()).toMatchObject({ status: 'cancelled', failure: { field: 'provider' } });
});

test('a list and a description need no worker, and hold what the operator has to know', async () => {
  const docs = 'https://example.com/docs';
  const name = provider({ docs, defaultScopes: ['read', 'odd scope'] });
  const setUp = await openSetUp(name);
  const expected: Partial<SetUpView> = { status: 'waiting', integration: name, provider: name, subscribers: 1 };
  const question = { docs, scopes: ['read', 'odd', 'scope'], callbackUrl: `${relay.url}/oauth/callback` };
  expect(await setUp.describe()).toMatchObject({ ...expected, question });
  const listed = (await world.connections.setUps()).find(({ id }) => id === setUp.ref.id);
  expect(listed).toMatchObject({ ...setUp.ref, view: { ...expected, question } });
  await setUp.cancel();
  expect(await failureOf(setUp.result())).toMatchObject({ type: 'Nango.SetUpCancelled' });
});
