import { randomUUID } from 'node:crypto';
import type { Connection, EnsureConnectionInput, Question, RequestView } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import { jsonResponse, startRelay } from '../support/relay';
import type { Relay, Relaying } from '../support/relay';
import { waitFor } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// Where a link cannot add scopes: the integration requests more by an operator's yes, and a new connection takes the place
// of the old one by its owner's. Without a yes nothing is deleted.

const BY = { by: 'ann@example.com' };
const METADATA = { folder: 'inbox' };
const HOOK = 'https://hooks.example.com/nango';

type Change = NonNullable<Relaying['change']>;

let world: World;
let relay: Relay;
let change: Change = (same) => same;
let person = 0;

beforeAll(async () => {
  process.env.APP_SECRET = 'secret';
  world = await World.open('dev', { workers: false });
  relay = await startRelay({ upstream: world.nango.url, change: (...relayed) => change(...relayed) });
  world.config.baseUrl = relay.url;
  await world.startWorkers();
  world.nango.addProvider({ name: 'fixed', authMode: 'OAUTH2', ignoresScopesOverride: true });
});

afterAll(async () => {
  delete process.env.APP_SECRET;
  await world?.close();
  await relay?.close();
});

afterEach(() => {
  change = (same) => same;
});

function key() {
  return { authorization: `Bearer ${world.nango.secretKey}` };
}

/** Somebody with a connection that was granted `read`, of an integration of their own. */
function granted({ requests = 'read' }: { requests?: string } = {}) {
  const id = `u_${++person}`;
  const integration = `fixed-${person}`;
  const connectionId = `c-${id}`;
  const tags = { end_user_id: id, team: 'red' };
  world.nango.addIntegration({ key: integration, provider: 'fixed' });
  const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: { scope: 'read' } };
  world.nango.addConnection({
    integration,
    connectionId,
    tags,
    metadata: METADATA,
    credentials,
  });
  return {
    id,
    integration,
    connectionId,
    tags,
    wanted: { integration, endUser: { id }, scopes: ['write'] },
    request: `nango/default/${integration}/u:${id}`,
    ready: async () => {
      await setScopes(integration, requests);
      await send('PATCH', `/connections/${connectionId}?provider_config_key=${integration}`, {
        webhook_url_override: HOOK,
      });
    },
  };
}

type Person = ReturnType<typeof granted>;

async function setScopes(integration: string, scopes: string): Promise<void> {
  const credentials = { type: 'OAUTH2', client_id: 'id', client_secret: 'secret', scopes };
  await send('PATCH', `/integrations/${integration}`, { credentials });
}

async function send(method: string, path: string, body: object): Promise<void> {
  const headers = { ...key(), 'content-type': 'application/json' };
  const response = await fetch(`${world.nango.url}${path}`, { method, headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}

async function scopesOf(integration: string): Promise<string> {
  const response = await fetch(`${world.nango.url}/integrations/${integration}?include=credentials`, {
    headers: key(),
  });
  return ((await response.json()) as { data: { credentials: { scopes: string } } }).data.credentials.scopes;
}

const doors: [string, (wanted: EnsureConnectionInput) => Promise<Connection>][] = [
  ['the function', (wanted) => world.execute(waitFor, wanted)],
  ['the client', byClient],
];

async function byClient(wanted: EnsureConnectionInput): Promise<Connection> {
  const request = await world.connections.ensureConnection(wanted);
  return request.kind === 'connection' ? request.connection : await request.result();
}

function viewOf({ request }: Person): Promise<RequestView> {
  return world.client.workflow.getHandle(request).query<RequestView>('nango.request');
}

async function asked(who: Person, kind: Question['kind']): Promise<RequestView> {
  return await eventually(async () => {
    const view = await viewOf(who).catch(() => undefined);
    return view?.question?.kind === kind ? view : undefined;
  });
}

async function requestOf(who: Person) {
  const { firstExecutionRunId = '' } = await viewOf(who);
  return world.connections.request({ id: who.request, firstExecutionRunId });
}

/** The person clicks and connects, and Nango's webhook says so. */
async function connect(who: Person, grant?: string[], as = 'anna'): Promise<string> {
  const link = await (await requestOf(who)).connectLink({ recreate: true });
  const made = world.nango.complete(link, { as, grant });
  await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...made });
  return made.connectionId;
}

/** Up to the question for the operator. */
async function approvedInVain(who: Person): Promise<RequestView> {
  await who.ready();
  await asked(who, 'approve-scopes');
  expect(await connect(who)).toBe(who.connectionId);
  return await asked(who, 'update-integration-scopes');
}

async function update(who: Person, change: object = {}): Promise<void> {
  const credentials = { clientId: 'id', clientSecret: { fromEnv: 'APP_SECRET' }, ...change };
  await (await requestOf(who)).updateScopes(credentials, BY);
}

/** In the order they were made. */
async function connectionsOf({ integration }: Person) {
  const response = await fetch(`${world.nango.url}/connections?integrationId=${integration}`, { headers: key() });
  const { connections } = (await response.json()) as { connections: { connection_id: string }[] };
  return connections.map(({ connection_id: id }) => world.nango.connection(integration, id)!).toReversed();
}

test.each(doors)(
  '%s: an operator has the integration request more, the owner makes a new connection, the old one goes',
  async (_, ensure) => {
    const who = granted();
    const waiting = ensure(who.wanted);
    const view = await approvedInVain(who);
    expect(view.question?.scopes).toEqual({ granted: ['read'], missing: ['write'], toRequest: ['read', 'write'] });
    await world.notified(who.request, 'opened', 1);

    await update(who);
    expect(await scopesOf(who.integration)).toBe('read,write');
    await asked(who, 'recreate-connection');
    const id = await connect(who);
    expect(id).not.toBe(who.connectionId);

    expect(await waiting).toMatchObject({ connectionId: id, grantedScopes: ['read', 'write'] });
    expect((await connectionsOf(who)).map(({ connectionId }) => connectionId)).toEqual([id]);
    const made = world.nango.connection(who.integration, id)!;
    expect(made).toMatchObject({ metadata: METADATA, webhookUrlOverride: HOOK });
    expect(made.tags).toMatchObject({ ...who.tags, tn_replaces: who.connectionId });

    // Whoever holds the old id gets the new one.
    expect(await world.execute(waitFor, { ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: id });
    expect(await world.execute(waitFor, { ...who.wanted, reconnect: who.connectionId })).toMatchObject({
      connectionId: id,
    });
    expect(await byClient({ ...who.wanted, reconnect: who.connectionId })).toMatchObject({ connectionId: id });
  },
);

test('where the integration requests everything already, the owner is asked at once', async () => {
  const who = granted({ requests: 'read,write' });
  const waiting = world.execute(waitFor, who.wanted);
  await who.ready();
  await asked(who, 'approve-scopes');
  await connect(who);
  await asked(who, 'recreate-connection');
  const id = await connect(who);
  expect(await waiting).toMatchObject({ connectionId: id });
  expect(await connectionsOf(who)).toHaveLength(1);
});

test("while the new connection is not accepted it is nobody's, and the old one is everybody's", async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const { firstExecutionRunId = '' } = await viewOf(who);
  const link = await world.connections
    .request({ id: who.request, firstExecutionRunId })
    .connectLink({ recreate: true });
  const made = world.nango.complete(link, { as: 'anna' });
  for (const ensure of [byClient, (wanted: EnsureConnectionInput) => world.execute(waitFor, wanted)]) {
    expect(await ensure({ ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: who.connectionId });
  }
  expect(await world.connections.extras({ integration: who.integration, endUser: { id: who.id } })).toEqual([]);
  await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...made });
  expect(await waiting.result()).toMatchObject({ connectionId: made.connectionId });
});

describe('an operator', () => {
  test('who has changed the integration elsewhere is believed once it is so', async () => {
    const who = granted();
    const waiting = world.execute(waitFor, who.wanted);
    await approvedInVain(who);
    const request = await requestOf(who);
    expect(await failureOf(request.scopesUpdated(BY))).toMatchObject({
      type: 'Nango.InvalidRequest',
      reason: 'not_requested',
    });
    expect((await viewOf(who)).question?.kind).toBe('update-integration-scopes');
    await setScopes(who.integration, 'read,write,more');
    await request.scopesUpdated(BY);
    await asked(who, 'recreate-connection');
    const id = await connect(who);
    expect(await waiting).toMatchObject({ connectionId: id });
  });

  test('who says no ends it: whoever needs more is told so, and nothing is deleted', async () => {
    const who = granted();
    const waiting = world.execute(waitFor, who.wanted);
    await approvedInVain(who);
    await (await requestOf(who)).decide('no', BY);
    expect(await failureOf(waiting)).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
    expect(await connectionsOf(who)).toMatchObject([
      { connectionId: who.connectionId, tags: who.tags, metadata: METADATA },
    ]);
    expect(await scopesOf(who.integration)).toBe('read');
  });

  test('whose yes is being carried out is the only one: a no meanwhile is refused, and the yes counts', async () => {
    const who = granted();
    const waiting = world.execute(waitFor, who.wanted);
    await approvedInVain(who);
    const request = await requestOf(who);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const begun = new Promise<void>((begin) => {
      change = async (response, { method, url }) => {
        if (method !== 'PATCH' || url !== `/integrations/${who.integration}`) return response;
        begin();
        await held;
        return response;
      };
    });
    const yes = update(who);
    await begun;
    for (const other of [() => request.decide('no', BY), () => request.scopesUpdated(BY), () => update(who)]) {
      expect(await failureOf(other())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'no_open_question' });
    }
    release();
    await yes;
    await asked(who, 'recreate-connection');
    const id = await connect(who);
    expect(await waiting).toMatchObject({ connectionId: id, grantedScopes: ['read', 'write'] });
  });

  test('whose yes could not be carried out may say no', async () => {
    const who = granted();
    const waiting = world.execute(waitFor, who.wanted);
    await approvedInVain(who);
    expect(await failureOf(update(who, { clientId: 'other' }))).toMatchObject({ field: 'credentials.clientId' });
    await (await requestOf(who)).decide('no', BY);
    expect(await failureOf(waiting)).toMatchObject({ type: 'Nango.ScopesMissing' });
  });

  test.each([
    [
      'a secret in the place of its name',
      { clientSecret: { fromEnv: 's3cr3t-value' } },
      'credentials.clientSecret.fromEnv',
    ],
    ['a key of this package', { clientSecret: { fromEnv: 'NANGO_SECRET_KEY' } }, 'credentials.clientSecret.fromEnv'],
    ['the id of another app', { clientId: 'other' }, 'credentials.clientId'],
    ['a variable that is not there', { clientSecret: { fromEnv: 'NOT_THERE' } }, 'credentials.clientSecret.fromEnv'],
    ['a secret itself', { clientSecret: 'secret' }, 'credentials.clientSecret'],
  ])('who gives %s is told which field is wrong', async (_, change, field) => {
    const who = granted();
    const waiting = await world.start(waitFor, who.wanted);
    await approvedInVain(who);
    expect(await failureOf(update(who, change))).toMatchObject({ field });
    expect(await scopesOf(who.integration)).toBe('read');
    await waiting.cancel();
  });

  test.each([
    ['yes', {}],
    ['', {}],
    ['update', {}],
    ['updated', { credentials: { clientId: 'id', clientSecret: { fromEnv: 'APP_SECRET' } } }],
    ['update', { credentials: { clientId: 'id', clientSecret: { fromEnv: 's3cr3t' } } }],
  ])('what is none of the choices leaves nothing in the history: %j', async (choice, more) => {
    const who = granted();
    const waiting = await world.start(waitFor, who.wanted);
    await approvedInVain(who);
    const handle = world.client.workflow.getHandle(who.request);
    const given = { choice, ...BY, ...more };
    expect(await failureOf(handle.executeUpdate('nango.decide', { args: [given] }))).toMatchObject({
      type: 'Nango.InvalidRequest',
    });
    const history = JSON.stringify(await handle.fetchHistory());
    expect(history).not.toContain(Buffer.from(JSON.stringify(given)).toString('base64'));
    await waiting.cancel();
  });
});

test('a link is made only once the integration is set up', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  const request = await requestOf(who);
  expect(await failureOf(request.connectLink({ recreate: true }))).toMatchObject({ reason: 'no_open_question' });
  await waiting.cancel();
});

test('without a yes to the deletion there is no link, and what is missing is named', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const request = await requestOf(who);
  for (const link of [() => request.connectLink(), () => request.connectSession({ verifyOwner: true })]) {
    const failure = await failureOf(link());
    expect(failure).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'other_question' });
    expect(failure.message).toContain('{ recreate: true }');
    expect(failure.message).toContain('permanentLink()');
  }
  expect((await viewOf(who)).question?.kind).toBe('recreate-connection');
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: who.connectionId }]);
  await waiting.cancel();
});

test.each([
  ['loses some', ['write']],
  ['has no more', ['read']],
])('a new connection that %s is dropped, and the old one stays', async (_, grant) => {
  const who = granted();
  const waiting = world.execute(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  await connect(who, grant);
  expect(await failureOf(waiting)).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
  await eventually(async () => (await connectionsOf(who)).length === 1 || undefined);
  expect(await connectionsOf(who)).toMatchObject([
    { connectionId: who.connectionId, tags: who.tags, metadata: METADATA },
  ]);
});

describe('half-way', () => {
  async function halfWay(wanted: object = {}) {
    const who = granted();
    const waiting = await world.start(waitFor, { ...who.wanted, ...wanted });
    await approvedInVain(who);
    await update(who);
    await asked(who, 'recreate-connection');
    const request = await requestOf(who);
    const link = await request.connectLink({ recreate: true });
    // Nobody is told: no webhook comes.
    world.nango.complete(link, { as: 'anna' });
    expect(await connectionsOf(who)).toHaveLength(2);
    return { who, waiting, request };
  }

  test.each([
    [
      'a person who declines',
      'Nango.ConnectionDeclined',
      (request: Awaited<ReturnType<typeof requestOf>>) => request.decline(),
    ],
    [
      'an operator who cancels',
      'Nango.RequestCancelled',
      (request: Awaited<ReturnType<typeof requestOf>>) => request.cancelForAll(BY),
    ],
  ])('%s: the old connection stays, and the new one goes', async (_, type, end) => {
    const { who, waiting, request } = await halfWay();
    await end(request);
    expect(await failureOf(waiting.result())).toMatchObject({ type });
    await world.client.workflow.getHandle(who.request).result();
    expect(await connectionsOf(who)).toMatchObject([
      { connectionId: who.connectionId, tags: who.tags, metadata: METADATA },
    ]);
  });

  test('a deadline: the same, as missing scopes', async () => {
    const { who, waiting, request } = await halfWay();
    await request.extend(Date.now() + 3_000);
    expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.ScopesMissing' });
    await world.client.workflow.getHandle(who.request).result();
    expect(await connectionsOf(who)).toMatchObject([{ connectionId: who.connectionId }]);
  });
});

describe('a new connection that is made after the request has ended', () => {
  async function madeLate() {
    const who = granted();
    const waiting = await world.start(waitFor, who.wanted);
    await approvedInVain(who);
    await update(who);
    await asked(who, 'recreate-connection');
    const link = await (await requestOf(who)).connectLink({ recreate: true });
    // By another process than the one that has made the link, and could revoke it.
    await world.client.workflow.getHandle(who.request).executeUpdate('nango.decline', { args: [{}] });
    await failureOf(waiting.result());
    await world.client.workflow.getHandle(who.request).result();
    const made = world.nango.complete(link, { as: 'anna' });
    const owner = { integration: who.integration, endUser: { id: who.id } };
    expect(await byClient({ ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: who.connectionId });
    return { who, made, owner };
  }

  test('is listed as an extra, and deleted as one', async () => {
    const { who, made, owner } = await madeLate();
    expect(await world.connections.extras(owner)).toMatchObject([made]);
    await world.connections.deleteExtra(made);
    expect(await connectionsOf(who)).toMatchObject([{ connectionId: who.connectionId }]);
  });

  test('goes with the old one when that is disconnected, and never becomes the connection', async () => {
    const { who, owner } = await madeLate();
    await world.connections.disconnect({ integration: who.integration, connectionId: who.connectionId });
    expect(await connectionsOf(who)).toEqual([]);
    expect((await world.connections.ensureConnection(owner)).kind).toBe('request');
  });
});

test('to disconnect the old connection once more leaves the new one', async () => {
  const who = granted({ requests: 'read,write' });
  const waiting = await world.start(waitFor, who.wanted);
  await who.ready();
  await asked(who, 'approve-scopes');
  await connect(who);
  await asked(who, 'recreate-connection');
  const id = await connect(who);
  await waiting.result();
  await world.connections.disconnect({ integration: who.integration, connectionId: who.connectionId });
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: id }]);
});

describe('the account of the new connection', () => {
  const identity = { endpoint: '/me', pointer: '/id' };

  /** Up to a new connection of this account, where `anna` is on record. */
  async function madeBy(as: string) {
    const who = granted();
    world.nango.onProxy(who.integration, ({ credentials }) => {
      const token = credentials.type === 'OAUTH2' ? credentials.access_token : '';
      return { json: { id: accounts.get(token) ?? 'anna' } };
    });
    await send('PATCH', `/connections/${who.connectionId}?provider_config_key=${who.integration}`, {
      tags: { ...who.tags, tn_account: 'anna' },
    });
    const waiting = await world.start(waitFor, { ...who.wanted, identity });
    await approvedInVain(who);
    await update(who);
    await asked(who, 'recreate-connection');
    const id = await connectAs(who, as);
    return { who, waiting, id };
  }

  const accounts = new Map<string, string>();

  async function connectAs(who: Person, as: string): Promise<string> {
    const link = await (await requestOf(who)).connectLink({ recreate: true });
    const made = world.nango.complete(link, { as });
    const { credentials } = world.nango.connection(who.integration, made.connectionId)!;
    if (credentials.type === 'OAUTH2') accounts.set(credentials.access_token, as);
    await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...made });
    return made.connectionId;
  }

  async function accountQuestion(who: Person) {
    await world.notified(who.request, 'accountChanged');
    return await requestOf(who);
  }

  test('the same: it is recorded with the new one', async () => {
    const { who, waiting, id } = await madeBy('anna');
    expect(await waiting.result()).toMatchObject({ connectionId: id, tags: { tn_account: 'anna' } });
    expect(await connectionsOf(who)).toHaveLength(1);
  });

  test('another, and a yes: it takes the place, with that account', async () => {
    const { who, waiting, id } = await madeBy('ben');
    const request = await accountQuestion(who);
    expect(world.nango.connection(who.integration, who.connectionId)).toBeDefined();
    await request.decide('yes', BY);
    expect(await waiting.result()).toMatchObject({ connectionId: id, tags: { tn_account: 'ben' } });
    expect(await connectionsOf(who)).toHaveLength(1);
  });

  test('another, and a no: it goes, the old one stays, and the next may be right', async () => {
    const { who, waiting, id } = await madeBy('ben');
    await (await accountQuestion(who)).decide('no', BY);
    await eventually(() => Promise.resolve(world.nango.connection(who.integration, id) === undefined || undefined));
    expect(await connectionsOf(who)).toMatchObject([{ connectionId: who.connectionId }]);
    const right = await connectAs(who, 'anna');
    expect(await waiting.result()).toMatchObject({ connectionId: right, tags: { tn_account: 'anna' } });
    expect(await connectionsOf(who)).toHaveLength(1);
  });

  test('another, and nobody says: whoever only reads keeps the old one, and the new one goes with the request', async () => {
    const { who, waiting } = await madeBy('ben');
    const request = await accountQuestion(who);
    expect(await byClient({ ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: who.connectionId });
    await request.extend(Date.now() + 3_000);
    expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.AccountChanged' });
    await world.client.workflow.getHandle(who.request).result();
    expect(await connectionsOf(who)).toMatchObject([{ connectionId: who.connectionId }]);
  });
});

test("a key that may not delete leaves the old connection, which goes on being everybody's", async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const request = await requestOf(who);
  const all = ['connections:list', 'connections:read_credentials', 'connections:update', 'integrations:list'];
  const scopes = [...all, 'connect_sessions:write', 'integrations:read_credentials'].map((one) => `environment:${one}`);
  world.nango.addKey({ key: world.nango.secretKey, scopes });
  try {
    const id = await connect(who);
    const refused = () =>
      world.nango.count(({ method, path }) => method === 'DELETE' && path.includes(who.connectionId)) > 0;
    await eventually(() => Promise.resolve(refused() || undefined));
    expect(await byClient({ ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: who.connectionId });
    await request.extend(Date.now() + 3_000);
    expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
    await world.client.workflow.getHandle(who.request).result();
    for (const one of [who.connectionId, id]) expect(world.nango.connection(who.integration, one)).toBeDefined();
    expect(await byClient({ ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: who.connectionId });
  } finally {
    world.nango.addKey({ key: world.nango.secretKey, scopes: ['environment:*'] });
  }
});

test.each([
  ['a deadline', (request: Awaited<ReturnType<typeof requestOf>>) => request.extend(Date.now() + 3_000)],
  ['a no', (request: Awaited<ReturnType<typeof requestOf>>) => request.decline()],
])('once the new connection was accepted the old one goes all the same, after %s', async (_, end) => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const request = await requestOf(who);
  const all = ['connections:list', 'connections:read_credentials', 'connections:update', 'integrations:list'];
  const scopes = [...all, 'connect_sessions:write', 'integrations:read_credentials'].map((one) => `environment:${one}`);
  world.nango.addKey({ key: world.nango.secretKey, scopes });
  const id = await connect(who);
  const refused = () =>
    world.nango.count(({ method, path }) => method === 'DELETE' && path.includes(who.connectionId)) > 0;
  await eventually(() => Promise.resolve(refused() || undefined));
  world.nango.addKey({ key: world.nango.secretKey, scopes: ['environment:*'] });
  // It is tried again in a minute: until then the request is between the two.
  await end(request);
  await failureOf(waiting.result());
  await world.client.workflow.getHandle(who.request).result();
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: id, metadata: METADATA }]);
  expect(await world.execute(waitFor, who.wanted)).toMatchObject({ connectionId: id });
});

test.each([
  ['environment:integrations:update', ['connections:read_credentials', 'integrations:read_credentials']],
  ['environment:integrations:read_credentials', ['connections:read_credentials', 'integrations:read']],
])('a worker whose key lacks %s says so to the operator', async (scope, more) => {
  const who = granted();
  await who.ready();
  const waiting = await world.start(waitFor, who.wanted);
  await asked(who, 'approve-scopes');
  const all = ['connections:list', 'connections:update', 'integrations:list', 'connect_sessions:write', ...more];
  world.nango.addKey({ key: world.nango.secretKey, scopes: all.map((one) => `environment:${one}`) });
  try {
    await connect(who);
    await asked(who, 'update-integration-scopes');
    expect(await failureOf(update(who))).toMatchObject({ type: 'Nango.Forbidden', scope });
  } finally {
    world.nango.addKey({ key: world.nango.secretKey, scopes: ['environment:*'] });
  }
  expect(await scopesOf(who.integration)).toBe('read');
  await update(who);
  await asked(who, 'recreate-connection');
  await waiting.cancel();
});

test('a link that is used twice leaves one connection', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const link = await (await requestOf(who)).connectLink({ recreate: true });
  const first = world.nango.complete(link, { as: 'anna' });
  const second = world.nango.complete(link, { as: 'anna' });
  await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...first });
  const { connectionId } = (await waiting.result()) as Connection;
  expect([first.connectionId, second.connectionId]).toContain(connectionId);
  expect(await connectionsOf(who)).toMatchObject([{ connectionId }]);
});

test('one that an earlier request has left behind does not make the next ambiguous', async () => {
  const who = granted();
  const tags = { ...who.tags, managed_by: 'temporal-nango', tn_nonce: 'earlier.9', tn_replaces: who.connectionId };
  const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: { scope: 'read write' } };
  world.nango.addConnection({ integration: who.integration, connectionId: `stray-${who.id}`, tags, credentials });
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const id = await connect(who);
  expect(await waiting.result()).toMatchObject({ connectionId: id });
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: id }]);
});

test('the request that has made the old connection replaces it, too', async () => {
  const id = `u_${++person}`;
  const integration = `fixed-${person}`;
  world.nango.addIntegration({ key: integration, provider: 'fixed' });
  await setScopes(integration, 'read');
  const wanted = { integration, endUser: { id }, scopes: ['write'] };
  const who = { ...granted(), id, integration, wanted, request: `nango/default/${integration}/u:${id}` };
  const waiting = await world.start(waitFor, wanted);
  await asked(who, 'connect');
  const old = await connect(who);
  await asked(who, 'approve-scopes');
  await connect(who);
  await asked(who, 'update-integration-scopes');
  await update(who);
  await asked(who, 'recreate-connection');
  const made = await connect(who);
  expect(made).not.toBe(old);
  expect(await waiting.result()).toMatchObject({ connectionId: made, grantedScopes: ['read', 'write'] });
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: made }]);
});

test('somebody who names a scope that the integration does not request opens the question for an operator again', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const more = await world.start(waitFor, { ...who.wanted, scopes: ['delete'] });
  const view = await asked(who, 'update-integration-scopes');
  expect(view.question?.scopes?.toRequest).toEqual(['read', 'write', 'delete']);
  await world.notified(who.request, 'opened', 2);
  await update(who);
  await asked(who, 'recreate-connection');
  const id = await connect(who);
  expect(await waiting.result()).toMatchObject({ connectionId: id });
  expect(await more.result()).toMatchObject({ connectionId: id, grantedScopes: ['read', 'write', 'delete'] });
});

test('whoever joins once the owner has gone to make the new connection is refused what it lacks', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const link = await (await requestOf(who)).connectLink({ recreate: true });
  const late = await world.start(waitFor, { ...who.wanted, scopes: ['admin'] });
  await asked(who, 'update-integration-scopes');
  const made = world.nango.complete(link, { as: 'anna' });
  await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...made });
  expect(await waiting.result()).toMatchObject({
    connectionId: made.connectionId,
    grantedScopes: ['read', 'write'],
  });
  expect(await failureOf(late.result())).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['admin'] });
  await world.client.workflow.getHandle(who.request).result();
  expect(await connectionsOf(who)).toMatchObject([made]);
});

test('an earlier link that has requested nothing of what is missing says nothing of what links add', async () => {
  const who = granted({ requests: 'read,write' });
  await who.ready();
  const waiting = await world.start(waitFor, who.wanted);
  await asked(who, 'approve-scopes');
  const request = await requestOf(who);
  const [one, other] = [await request.connectLink(), await request.connectLink()];
  const late = await world.start(waitFor, { ...who.wanted, scopes: ['admin'] });
  await eventually(async () => (await viewOf(who)).subscribers === 2 || undefined);
  const { connectionId } = who;
  const complete = async (link: string) => {
    world.nango.complete(link, { as: 'anna', grant: ['read', 'write'] });
    await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', connectionId });
  };
  await complete(one);
  expect(await waiting.result()).toMatchObject({ grantedScopes: ['read', 'write'] });
  await world.notified(who.request, 'opened', 2);
  await complete(other);
  await world.notified(who.request, 'opened', 3);
  expect((await viewOf(who)).question).toMatchObject({ kind: 'approve-scopes', scopes: { missing: ['admin'] } });
  await connect(who, ['read', 'write', 'admin']);
  expect(await late.result()).toMatchObject({ connectionId, grantedScopes: ['read', 'write', 'admin'] });
});

test('a new connection that goes with the old one while it is compared leaves room for the next', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const link = await (await requestOf(who)).connectLink({ recreate: true });
  const made = world.nango.complete(link, { as: 'anna' });
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const begun = new Promise<void>((begin) => {
    let comparing: 'not yet' | 'begun' | 'held' = 'not yet';
    change = async (response, { method, url = '' }) => {
      const reads = (connectionId: string) => method === 'GET' && url.startsWith(`/connections/${connectionId}`);
      if (comparing === 'not yet' && reads(who.connectionId)) comparing = 'begun';
      if (comparing !== 'begun' || !reads(made.connectionId)) return response;
      comparing = 'held';
      begin();
      await held;
      const later = await fetch(`${world.nango.url}${url}`, { headers: key() });
      return jsonResponse(later.status, await later.json());
    };
  });
  await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...made });
  await begun;
  await world.connections.disconnect({ integration: who.integration, connectionId: who.connectionId });
  expect(await connectionsOf(who)).toEqual([]);
  release();
  const next = await connect(who);
  expect(await waiting.result()).toMatchObject({ connectionId: next, grantedScopes: ['read', 'write'] });
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: next, metadata: METADATA }]);
});

test('a connection whose tags are full gives up that of the environment only', async () => {
  const who = granted();
  const own = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`own_${i}`, 'x']));
  const tags = {
    end_user_id: who.id,
    managed_by: 'temporal-nango',
    tn_nonce: 'earlier.1',
    tn_environment: 'default',
    ...own,
  };
  await who.ready();
  await send('PATCH', `/connections/${who.connectionId}?provider_config_key=${who.integration}`, { tags });
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const id = await connect(who);
  await waiting.result();
  const { tags: now } = world.nango.connection(who.integration, id)!;
  expect(now).toEqual({
    ...{ end_user_id: who.id, managed_by: 'temporal-nango', ...own },
    ...{ tn_nonce: now.tn_nonce, tn_replaces: who.connectionId },
  });
});

test('a connection whose tags leave no room ends as before', async () => {
  const who = granted();
  const tags = { end_user_id: who.id, ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`own_${i}`, 'x'])) };
  await who.ready();
  await send('PATCH', `/connections/${who.connectionId}?provider_config_key=${who.integration}`, { tags });
  const waiting = world.execute(waitFor, who.wanted);
  await asked(who, 'approve-scopes');
  await connect(who);
  expect(await failureOf(waiting)).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
});

test("an app of Nango's own requests what it requests: the end is as before", async () => {
  const who = granted();
  world.nango.addProvider({
    name: 'lent',
    authMode: 'OAUTH2',
    ignoresScopesOverride: true,
    developerApp: { scopes: ['read'] },
  });
  const lentKey = `lent-${randomUUID()}`;
  await send('POST', '/integrations/quickstart', { provider: 'lent', unique_key: lentKey });
  const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: { scope: 'read' } };
  world.nango.addConnection({
    integration: lentKey,
    connectionId: `c-${lentKey}`,
    tags: { end_user_id: who.id },
    credentials,
  });
  const lent = { ...who, integration: lentKey, request: `nango/default/${lentKey}/u:${who.id}` };
  const waiting = world.execute(waitFor, { ...who.wanted, integration: lentKey });
  await asked(lent, 'approve-scopes');
  await connect(lent);
  expect(await failureOf(waiting)).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
});
