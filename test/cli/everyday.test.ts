import type { ConnectionRequest } from '../../src/requests/connection-request';
import { eventually } from '../support/eventually';
import { World } from '../support/world';
import { Program } from './program';
import {
  connectionShape,
  ensureShape,
  errorShape,
  functionsShape,
  integrationsShape,
  operationShape,
  providerDetailShape,
  providersShape,
  requestDetailShape,
  requestsShape,
  schedulesShape,
} from './shapes';

// The built command line against a Temporal and a fake Nango.

let world: World;
let cli: Program;
let person = 0;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  cli = new Program({
    TEMPORAL_ADDRESS: world.env.address,
    NANGO_SERVER_URL: world.nango.url,
    NANGO_TOOLBOX_SECRET_KEY: world.nango.secretKey,
  });
});

afterAll(async () => {
  await cli.close();
  await world.close();
});

const LINKS = {
  TEMPORAL_NANGO_LINK_KEYS: 'k'.repeat(32),
  TEMPORAL_NANGO_PUBLIC_URL: 'https://connect.example.com',
};

/** Somebody whose connection was granted this. */
function granted(scope: string | undefined): { user: string; connectionId: string } {
  const user = someone();
  const connectionId = `of-${user}`;
  grant(connectionId, user, scope);
  return { user, connectionId };
}

function grant(connectionId: string, user: string, scope: string | undefined): void {
  const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: { scope } };
  world.nango.addConnection({ integration: 'hubspot', connectionId, tags: { end_user_id: user }, credentials });
}

function someone(): string {
  return `u_${++person}`;
}

/** A request of somebody, who is being asked. */
async function openRequest(): Promise<{ id: string; user: string; request: ConnectionRequest }> {
  const user = someone();
  const request = await world.connections.ensureConnection({ integration: 'hubspot', endUser: { id: user } });
  if (request.kind !== 'request') throw new Error('expected a pending request');
  await world.request(request.ref.id, 'waiting');
  return { id: `hubspot/u:${user}`, user, request };
}

/** What a command that failed says, and how it ends. */
async function failure(args: string[], env: Record<string, string | undefined> = {}) {
  const { code, value, stderr } = await cli.json(args, { env });
  expect(stderr).not.toMatch(/\n\s+at /);
  return { exitCode: code, ...errorShape.parse(value).error };
}

describe('a server is missing: exit 3', () => {
  const gone = 'http://127.0.0.1:1';

  test('no worker', async () => {
    expect(await failure(['ensure', 'hubspot', '--end-user', someone()])).toMatchObject({
      exitCode: 3,
      type: 'Nango.NoWorker',
      hint: expect.stringContaining('temporal-nango worker') as string,
    });
    const call = ['proxy', 'hubspot', 'GET', '/x', '--connection', 'c'];
    expect(await failure(call)).toMatchObject({ exitCode: 3, type: 'Nango.NoWorker' });
  });

  test.each([[['integrations']], [['connections']], [['functions']]])('%j without a Nango', async (args) => {
    expect(await failure(args, { NANGO_SERVER_URL: gone })).toMatchObject({ exitCode: 3, type: 'Nango.Unavailable' });
  });

  test('no Temporal', async () => {
    const said = await failure(['requests', 'list'], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(said).toMatchObject({ exitCode: 3, type: 'Nango.TemporalUnavailable' });
  });
});

test.each([
  [['requests', 'list']],
  [['ensure', 'hubspot', '--end-user', 'u']],
  [['proxy', '--resume', 'x']],
  [['schedule', 'list']],
  [['worker']],
])('%j in a namespace that does not exist: exit 2', async (args) => {
  const said = await failure(args, { TEMPORAL_NAMESPACE: 'none' });
  expect(said).toMatchObject({ exitCode: 2, type: 'Cli.Usage' });
  expect(said.hint).toContain('TEMPORAL_NAMESPACE');
});

describe('what is there', () => {
  test('integrations', async () => {
    const { code, value } = await cli.json(['integrations']);
    expect(code).toBe(0);
    expect(integrationsShape.parse(value)).toEqual([{ key: 'hubspot', provider: 'hubspot', displayName: 'HubSpot' }]);
    const { stdout } = await cli.run(['integrations']);
    expect(stdout).toBe('KEY      PROVIDER  NAME\nhubspot  hubspot   HubSpot\n');
  });

  test('connections of an owner or an integration, without anything secret', async () => {
    const user = someone();
    const tags = { end_user_id: user };
    const { connectionId } = world.nango.addConnection({ integration: 'hubspot', connectionId: `of-${user}`, tags });
    world.nango.addConnection({
      integration: 'hubspot',
      connectionId: `other-${user}`,
      tags: { organization_id: 'o' },
    });
    const { code, value } = await cli.json(['connections', '--end-user', user]);
    expect(code).toBe(0);
    expect(connectionShape.array().parse(value)).toMatchObject([{ integration: 'hubspot', connectionId, tags }]);
    const byBoth = await cli.json(['connections', '--integration', 'hubspot', '--organization', 'o']);
    expect(byBoth.value).toMatchObject([{ connectionId: `other-${user}` }]);
    const unknown = await failure(['connections', '--integration', 'hubspod']);
    expect(unknown).toMatchObject({ exitCode: 1, type: 'Nango.IntegrationNotFound', suggestions: ['hubspot'] });
    expect(unknown.hint).toContain('Did you mean hubspot?');
    expect((await cli.run(['connections', '--end-user', user])).stdout).toContain(`hubspot      of-${user}`);
  });

  test('connections with a tag, page by page, and what is no page', async () => {
    const team = someone();
    for (let i = 0; i < 3; i++) {
      world.nango.addConnection({ integration: 'hubspot', connectionId: `${team}-${i}`, tags: { team } });
    }
    const page = async (number: string) => {
      const { value } = await cli.json(['connections', '--tag', `Team=${team}`, '--limit', '2', '--page', number]);
      return connectionShape
        .array()
        .parse(value)
        .map(({ connectionId }) => connectionId);
    };
    expect(await page('1')).toEqual([`${team}-2`, `${team}-1`]);
    expect(await page('2')).toEqual([`${team}-0`]);
    expect(await page('3')).toEqual([]);
    expect((await cli.run(['connections', '--tag', `team=${team}`, '--limit', '2'])).stderr).toContain('--page 2');
    for (const wrong of [
      ['--limit', '0'],
      ['--limit', '1001'],
      ['--page', '0'],
      ['--page', 'x'],
      ['--tag', 'team'],
    ]) {
      expect(await failure(['connections', ...wrong])).toMatchObject({ exitCode: 2, type: 'Cli.Usage' });
    }
  });

  test('providers by name, and those that a search finds', async () => {
    const one = await cli.json(['providers', 'github']);
    expect(providerDetailShape.parse(one.value)).toMatchObject({ provider: 'github', authMode: 'OAUTH2' });
    expect((await cli.run(['providers', 'github'])).stdout).toContain('auth mode        OAUTH2');
    const found = await cli.json(['providers', '--search', '^AIRTABLE']);
    expect(providersShape.parse(found.value)).toMatchObject([{ provider: 'airtable-pat' }]);
    expect((await cli.json(['providers', '--search', 'no-such'])).value).toEqual([]);
    const unknown = await failure(['providers', 'gihub']);
    expect(unknown).toMatchObject({ exitCode: 2, type: 'Nango.InvalidRequest', suggestions: ['github'] });
    for (const wrong of [[], ['github', '--search', 'x'], ['--search', '('], ['--search', '']]) {
      expect(await failure(['providers', ...wrong])).toMatchObject({ exitCode: 2, type: 'Cli.Usage' });
    }
  });

  test('functions that are deployed', async () => {
    world.nango.onAction('hubspot', 'create-contact', () => null);
    world.nango.addSync('hubspot', 'contacts');
    const { code, value } = await cli.json(['functions', '--integration', 'hubspot']);
    expect(code).toBe(0);
    expect(functionsShape.parse(value)).toMatchObject([
      { integration: 'hubspot', kind: 'sync', name: 'contacts', enabled: true },
      { integration: 'hubspot', kind: 'action', name: 'create-contact', enabled: true },
    ]);
    world.nango.addIntegration({ key: 'bare', provider: 'hubspot' });
    expect((await cli.json(['functions', '--integration', 'bare'])).value).toEqual([]);
    const said = await failure(['functions', '--integration', 'baer']);
    expect(said).toMatchObject({ exitCode: 1, type: 'Nango.IntegrationNotFound', suggestions: ['bare'] });
  });

  test('a key that Nango does not know is a failure that it answered: exit 1', async () => {
    const said = await failure(['integrations'], { NANGO_TOOLBOX_SECRET_KEY: '5a9a5dbc-0000-4000-8000-000000000000' });
    expect(said).toMatchObject({ exitCode: 1, type: 'Nango.Misconfigured' });
  });

  test.each(['NANGO_SECRET_KEY', 'NANGO_TOOLBOX_SECRET_KEY'])(
    'a wrong key is told by the name it has: %s',
    async (name) => {
      const { hint } = await failure(['integrations'], {
        NANGO_TOOLBOX_SECRET_KEY: undefined,
        [name]: '5a9a5dbc-0000-4000-8000-000000000000',
      });
      expect(hint).toMatch(new RegExp(`^Nango does not know the key in ${name}\\.`));
    },
  );

  test('a key without the scope: exit 1, and which scope', async () => {
    const key = world.nango.addKey({ scopes: ['environment:integrations:list'] });
    const said = await failure(['connections'], { NANGO_TOOLBOX_SECRET_KEY: key });
    expect(said).toMatchObject({ exitCode: 1, type: 'Nango.Forbidden' });
    expect(said.hint).toContain('environment:connections:list');
  });

  test('text of others cannot colour or move the terminal', async () => {
    world.nango.addProvider({ name: 'odd', displayName: 'Odd\u001b[31m\u0007\u202eName', authMode: 'API_KEY' });
    world.nango.addIntegration({ key: 'odd', provider: 'odd' });
    const { stdout } = await cli.run(['integrations']);
    expect(stdout).toContain('Odd [31m  Name');
  });
});

describe('with a worker', () => {
  beforeAll(async () => {
    await world.startNangoWorker();
  });

  const ensure = (user: string, ...more: string[]) => ['ensure', 'hubspot', '--end-user', user, ...more];

  describe('ensure', () => {
    test('without link keys it prints a link made now, and when that dies; then the connection', async () => {
      const user = someone();
      const { code, value } = await cli.json(ensure(user));
      expect(code).toBe(0);
      const pending = ensureShape.parse(value);
      if (pending.status !== 'pending') throw new Error('expected a pending request');
      expect(pending.request.id).toBe(`nango/default/hubspot/u:${user}`);
      expect(Date.parse(pending.linkExpiresAt ?? '')).toBeGreaterThan(Date.now());
      expect((await cli.run(ensure(user))).stdout).toContain('good for 30 minutes');

      const made = world.nango.complete(pending.link ?? '', { as: user });
      await world.client.workflow.getHandle(pending.request.id).signal('nango.hint', { source: 'webhook', ...made });
      await world.connections.request(pending.request).result();
      const connected = ensureShape.parse((await cli.json(ensure(user))).value);
      expect(connected).toMatchObject({ status: 'connected', connection: made });
      expect((await cli.run(ensure(user))).stdout).toBe(`Connected: hubspot connection ${made.connectionId}.\n`);
    });

    test('with them it prints the permanent link, which holds no token', async () => {
      const { value } = await cli.json(ensure(someone()), { env: LINKS });
      const { link, linkExpiresAt } = ensureShape.parse(value) as { link: string; linkExpiresAt: string | null };
      expect(link).toMatch(/^https:\/\/connect\.example\.com\/connect\/1\./);
      expect(linkExpiresAt).toBeNull();
    });

    test('where no link can be made the request stands, and it says what to set', async () => {
      const { code, value } = await cli.json(ensure(someone()), { env: { NANGO_TOOLBOX_SECRET_KEY: undefined } });
      expect(code).toBe(0);
      expect(ensureShape.parse(value)).toMatchObject({ status: 'pending', link: null });
    });

    test('--wait says whom it waits for, and answers once the person has connected', async () => {
      const user = someone();
      const waiting = cli.start(ensure(user, '--wait', '--json'), LINKS);
      await waiting.wrote(new RegExp(`Waiting for ${user} to connect hubspot, until 20`));
      expect(await waiting.wrote(/(https:\/\/connect\.example\.com\/connect\/\S+)/)).toBeDefined();
      const id = `nango/default/hubspot/u:${user}`;
      const ref = (await world.connections.describeRequest(id))?.ref ?? { id, firstExecutionRunId: '' };
      const made = world.nango.complete(await world.connections.request(ref).connectLink(), { as: user });
      await world.client.workflow.getHandle(id).signal('nango.hint', { source: 'webhook', ...made });
      const { code, stdout } = await waiting.ended;
      expect(code).toBe(0);
      expect(ensureShape.parse(JSON.parse(stdout))).toMatchObject({ status: 'connected', connection: made });
    });

    test.each([
      ['declined', 'Nango.ConnectionDeclined', (request: ConnectionRequest) => request.decline()],
      ['cancelled', 'Nango.RequestCancelled', (request: ConnectionRequest) => request.cancelForAll({ by: 'ops' })],
    ])('a request that is %s ends the waiting with exit 1: %s', async (_, type, end) => {
      const { user, request } = await openRequest();
      const waiting = cli.start(ensure(user, '--wait', '--json'));
      await waiting.wrote(/Waiting for/);
      await end(request);
      const { code, stdout } = await waiting.ended;
      expect({ exitCode: code, ...errorShape.parse(JSON.parse(stdout)).error }).toMatchObject({ exitCode: 1, type });
    });

    test('a deadline that passes ends it with exit 1', async () => {
      const said = await failure(ensure(someone(), '--wait', '--deadline', '8s'));
      expect(said).toMatchObject({ exitCode: 1, type: 'Nango.ConnectionTimedOut' });
    });

    test('Ctrl-C leaves the request waiting and says so', async () => {
      const { id, user, request } = await openRequest();
      const waiting = cli.start(ensure(user, '--wait'));
      await waiting.wrote(/Waiting for/);
      waiting.child.kill('SIGINT');
      const { code, stdout, stderr } = await waiting.ended;
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('Interrupted. The request goes on waiting.');
      expect(stderr).toContain(`temporal-nango requests show nango/default/${id}`);
      expect((await request.describe())?.view.status).toBe('waiting');
    });

    test('so does --timeout', async () => {
      const { user, request } = await openRequest();
      const said = await failure(ensure(user, '--wait', '--timeout', '10s'));
      expect(said).toMatchObject({ exitCode: 1, type: 'Cli.TimedOut' });
      expect(said.message).toContain('goes on waiting');
      expect((await request.describe())?.view.status).toBe('waiting');
    });

    test('scopes that were not granted: which, and a link to grant them; with --wait they are waited for', async () => {
      const { user, connectionId } = granted('read profile');
      const scopes = ['--scope', 'read', '--scope', 'write'];
      const { value } = await cli.json(ensure(user, ...scopes), { env: LINKS });
      expect(ensureShape.parse(value)).toMatchObject({
        status: 'pending',
        question: { kind: 'approve-scopes', scopes: { granted: ['read', 'profile'], missing: ['write'] } },
      });
      const { stdout } = await cli.run(ensure(user, ...scopes), { env: LINKS });
      expect(stdout).toMatch(/^Link to grant what the connection lacks \(write\), good until the request ends:\n/);

      expect((await cli.run(['requests', 'list', '--end-user', user])).stdout).toContain('  scopes missing  ');
      const shown = await cli.run(['requests', 'show', `hubspot/u:${user}`]);
      expect(shown.stdout).toMatch(/^Granted +read profile\nMissing +write\n/m);
      expect(shown.stdout).toMatch(/^Asked +to grant hubspot more scopes, since /m);
      expect(shown.stdout).toContain('scopes found missing');

      const waiting = cli.start(ensure(user, ...scopes, '--wait', '--json'), LINKS);
      await waiting.wrote(new RegExp(`Waiting for ${user} to grant hubspot more scopes, until 20`));
      grant(connectionId, user, 'read profile write');
      await world.client.workflow
        .getHandle(`nango/default/hubspot/u:${user}`)
        .signal('nango.hint', { source: 'webhook', integration: 'hubspot', connectionId });
      const ended = ensureShape.parse(JSON.parse((await waiting.ended).stdout));
      expect(ended).toMatchObject({
        status: 'connected',
        connection: { connectionId, grantedScopes: ['read', 'profile', 'write'] },
      });
    });

    test('--fresh-scopes believes nothing that was read before', async () => {
      const { user, connectionId } = granted('read write');
      const stateOf = async (...more: string[]) => {
        return ensureShape.parse((await cli.json(ensure(user, '--scope', 'write', ...more))).value).status;
      };
      expect(await stateOf()).toBe('connected');
      grant(connectionId, user, 'read');
      expect(await stateOf()).toBe('connected');
      expect(await stateOf('--fresh-scopes')).toBe('pending');
    });

    test('where nobody can know what was granted it says so', async () => {
      const { user, connectionId } = granted(undefined);
      const command = ensure(user, '--scope', 'write');
      expect(ensureShape.parse((await cli.json(command)).value)).toMatchObject({
        connection: { connectionId, scopesChecked: false },
      });
      expect((await cli.run(command)).stdout).toContain('What it was granted is not known');
    });

    test('an integration that does not exist: exit 1', async () => {
      const said = await failure(['ensure', 'none', '--end-user', someone()]);
      expect(said).toMatchObject({ exitCode: 1, type: 'Nango.IntegrationNotFound' });
    });

    test("a worker's key that may not look: which scope it lacks, and that doctor says more", async () => {
      const { secretKey } = world.nango;
      world.nango.addKey({ key: secretKey, scopes: ['environment:proxy'] });
      const user = someone();
      const said = await failure(ensure(user));
      const { stderr } = await cli.run(ensure(user));
      world.nango.addKey({ key: secretKey, scopes: ['environment:*'] });
      const scope = 'environment:connections:list';
      expect(said).toMatchObject({ exitCode: 1, type: 'Nango.Forbidden', status: 403, code: 'forbidden', scope });
      expect(stderr).toMatch(
        /^Error: The Nango key lacks a scope\. \(HTTP 403, code forbidden\)\nIt needs environment:connections:list\. /,
      );
      expect(stderr).toContain('`temporal-nango doctor`');
    });

    test('two connections that fit: what tells them apart', async () => {
      const user = someone();
      for (const place of ['berlin', 'paris']) {
        const tags = { end_user_id: user, place };
        world.nango.addConnection({ integration: 'hubspot', connectionId: `${place}-${user}`, tags });
      }
      const choosy = [...ensure(user), '--several', 'fail'];
      const said = await failure(choosy);
      expect(said).toMatchObject({ exitCode: 1, type: 'Nango.ConnectionAmbiguous' });
      expect(said.connections?.map(({ connectionId, tags }) => [connectionId, tags])).toEqual([
        [`berlin-${user}`, { place: 'berlin' }],
        [`paris-${user}`, { place: 'paris' }],
      ]);
      const row = (place: string) => `${place}-${user} +20\\S+ \\S+Z +ok +place=${place}\\n`;
      expect((await cli.run(choosy)).stderr).toMatch(new RegExp(`${row('berlin')}${row('paris')}$`));
      const chosen = ensureShape.parse((await cli.json([...ensure(user), '--choose', 'place=paris'])).value);
      expect(chosen).toMatchObject({ status: 'connected', connection: { connectionId: `paris-${user}` } });
    });
  });

  describe('requests', () => {
    test('are listed and filtered', async () => {
      const { id, user } = await openRequest();
      const { code, value } = await cli.json(['requests', 'list', '--end-user', user]);
      expect(code).toBe(0);
      const [listed] = requestsShape.length(1).parse(value);
      expect(listed).toMatchObject({ id: `nango/default/${id}`, status: 'waiting', owner: { endUser: { id: user } } });
      const { stdout } = await cli.run(['requests', 'list', '--end-user', user]);
      expect(stdout).toMatch(new RegExp(`^REQUEST .*\\nnango/default/${id} +waiting +${user} `));
      expect((await cli.json(['requests', 'list', '--integration', 'none'])).value).toEqual([]);
    });

    test('one that does not exist is a failure: exit 1', async () => {
      const said = await failure(['requests', 'show', 'hubspot/u:nobody']);
      expect(said).toMatchObject({ exitCode: 1, type: 'Cli.NotFound' });
    });

    test('are reminded, extended and declined, and show what happened and who did it', async () => {
      const { id } = await openRequest();
      const until = '2027-01-01T00:00:00.000Z';
      const operate = async (name: string, ...more: string[]) => {
        const { code, value } = await cli.json(['requests', name, id, '--by', `who ${name}s`, ...more]);
        expect(code).toBe(0);
        return operationShape.parse(value);
      };
      await operate('remind');
      expect(await failure(['requests', 'remind', id])).toMatchObject({
        exitCode: 1,
        type: 'Nango.InvalidRequest',
        message: 'The person was reminded within the last hour.',
        reason: 'reminded_lately',
      });
      expect(await operate('extend', '--until', until)).toMatchObject({ deadline: Date.parse(until) });
      const { value: open } = await cli.json(['requests', 'show', `nango/default/${id}`]);
      expect(requestDetailShape.parse(open)).toMatchObject({
        status: 'waiting',
        question: { deadline: Date.parse(until) },
      });
      await operate('decline');
      const { value } = await cli.json(['requests', 'show', id]);
      const shown = requestDetailShape.parse(value);
      expect(shown.status).toBe('declined');
      expect(shown.timeline).toContainEqual(expect.objectContaining({ what: 'extended', by: 'who extends', until }));
      expect(shown.timeline).toContainEqual(expect.objectContaining({ what: 'declined', by: 'who declines' }));
      expect((await cli.run(['requests', 'show', id])).stdout).toMatch(/declined +who declines/);
      expect(await failure(['requests', 'decline', id])).toMatchObject({ exitCode: 1, type: 'Nango.InvalidRequest' });
    });

    test('are cancelled, in the name of whoever is logged in', async () => {
      const { id, request } = await openRequest();
      const { value } = await cli.json(['requests', 'cancel', id]);
      expect(operationShape.parse(value).by).not.toBe('');
      expect((await eventually(async () => await ended(request))).view.status).toBe('cancelled');
    });

    test('that ask no question cannot be answered: exit 1', async () => {
      const { id } = await openRequest();
      const said = await failure(['requests', 'answer', id, '--allow', '--by', 'ops']);
      expect(said).toMatchObject({ exitCode: 1, type: 'Nango.InvalidRequest' });
    });

    test('that ask about another account are answered', async () => {
      const user = someone();
      const identity = { endpoint: '/me', pointer: '/id' };
      const tags = { end_user_id: user, tn_account: 'old' };
      const { connectionId } = world.nango.addConnection({ integration: 'hubspot', connectionId: `r-${user}`, tags });
      world.nango.onProxy('hubspot', () => ({ json: { id: 'new' } }));
      const wanted = { integration: 'hubspot', endUser: { id: user }, reconnect: connectionId, identity };
      const request = await world.connections.ensureConnection(wanted);
      if (request.kind !== 'request') throw new Error('expected a pending request');
      const made = world.nango.complete(await request.connectLink(), { as: 'new' });
      await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
      await eventually(async () => (await request.describe())?.view.question?.accountChange);
      const { code, value } = await cli.json(['requests', 'answer', request.ref.id, '--allow', '--by', 'ops']);
      expect({ code, ...operationShape.parse(value) }).toMatchObject({ code: 0, choice: 'yes', by: 'ops' });
      expect(await request.result()).toMatchObject({ connectionId });
    });
  });

  test('of those who have connected one is refused, and the owner confirmed', async () => {
    const user = someone();
    const request = await world.connections.ensureConnection({ integration: 'hubspot', endUser: { id: user } });
    if (request.kind !== 'request') throw new Error('expected a pending request');
    const connect = async (as: string): Promise<string> => {
      const { connectLink, nonce } = await request.connectSession({ verifyOwner: true });
      const made = world.nango.complete(connectLink, { as });
      await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
      await eventually(async () => {
        const { unconfirmed = [] } = (await request.describe())?.view.question ?? {};
        return unconfirmed.some((one) => one.nonce === nonce) || undefined;
      });
      return made.connectionId;
    };
    const id = `hubspot/u:${user}`;
    const theirs = await connect('stranger');
    const own = await connect('anna');
    expect((await cli.run(['requests', 'list', '--end-user', user])).stdout).toMatch(/ not confirmed /);
    expect(await failure(['requests', 'confirm', id, 'c-none', '--by', 'ops'])).toMatchObject({ type: 'Cli.NotFound' });
    const refused = await cli.json(['requests', 'refuse', id, theirs, '--by', 'ops']);
    expect({ code: refused.code, ...operationShape.parse(refused.value) }).toMatchObject({
      code: 0,
      connectionId: theirs,
    });
    const { stdout } = await cli.run(['requests', 'show', id]);
    expect(stdout).toMatch(new RegExp(`Refused +${theirs}, by ops`));
    expect(stdout).toMatch(new RegExp(`Not confirmed +${own}, connected .*requests confirm`));
    requestDetailShape.parse((await cli.json(['requests', 'show', id])).value);

    expect((await cli.run(['requests', 'confirm', id, own, '--by', 'ops'])).stdout).toBe(`Confirmed: ${own}.\n`);
    expect(await request.result()).toMatchObject({ connectionId: own });
    expect((await cli.run(['requests', 'show', id])).stdout).toMatch(new RegExp(`confirmed: ${own} +ops`));
  });

  test('between several connections one is chosen, and the choice forgotten', async () => {
    const user = someone();
    for (const place of ['berlin', 'paris']) {
      const tags = { end_user_id: user, place };
      world.nango.addConnection({ integration: 'hubspot', connectionId: `${place}-${user}`, tags });
    }
    const id = `hubspot/u:${user}`;
    const wanted = ['ensure', 'hubspot', '--end-user', user];
    const asked = ensureShape.parse((await cli.json(wanted)).value);
    expect(asked).toMatchObject({ status: 'pending', question: { kind: 'choose-connection' }, link: null });
    expect((await cli.run(wanted)).stdout).toContain('`temporal-nango requests choose`');
    const { stdout } = await cli.run(['requests', 'show', id]);
    expect(stdout).toMatch(new RegExp(`berlin-${user} +20\\S+ \\S+Z +ok +place=berlin\\nparis-${user} `));
    expect((await cli.run(['requests', 'list', '--end-user', user])).stdout).toMatch(/ several fit /);
    expect(await failure(['requests', 'choose', id, 'c-none', '--by', 'ops'])).toMatchObject({
      exitCode: 1,
      type: 'Nango.InvalidRequest',
      reason: 'not_a_candidate',
    });
    const { code, value } = await cli.json(['requests', 'choose', id, `paris-${user}`, '--by', 'ops']);
    expect({ code, ...operationShape.parse(value) }).toMatchObject({
      code: 0,
      connectionId: `paris-${user}`,
      by: 'ops',
    });
    const connected = await eventually(async () => {
      const shown = requestDetailShape.parse((await cli.json(['requests', 'show', id])).value);
      return shown.status === 'connected' ? shown : undefined;
    });
    expect(connected.timeline).toContainEqual(
      expect.objectContaining({ what: 'decided', by: 'ops', connectionId: `paris-${user}` }),
    );
    expect((await cli.run(['requests', 'show', id])).stdout).toMatch(new RegExp(`answered paris-${user} +ops`));
    expect((await cli.run(['requests', 'forget', 'hubspot', '--end-user', user])).stdout).toBe(
      `Forgotten: paris-${user}.\n`,
    );
    expect((await cli.json(['requests', 'forget', 'hubspot', '--end-user', user])).value).toEqual({ forgotten: [] });
  });

  test('worker: drains at SIGTERM; its log is on standard error, and the answer alone on standard output', async () => {
    const worker = cli.start(['worker', '--json']);
    await worker.wrote(/"state":"RUNNING"|Worker state changed/);
    await eventually(async () => {
      const workers = (await world.connections.workers()) ?? [];
      return workers.some(({ identity }) => identity.includes(`${worker.child.pid}@`)) ? true : undefined;
    });
    worker.child.kill('SIGTERM');
    const { code, stdout, stderr } = await worker.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"drained":true}\n' });
    expect(stderr).not.toContain(world.nango.secretKey);
  });
});

async function ended(request: ConnectionRequest) {
  const description = await request.describe();
  return description?.closedAt === undefined ? undefined : description;
}

describe('schedule', () => {
  const create = ['schedule', 'create', 'sync-u_1', '--workflow', 'syncContacts', '--task-queue', 'nobody'];

  test('may run once a month', async () => {
    const monthly = [
      'schedule',
      'create',
      'monthly',
      '--workflow',
      'digest',
      '--task-queue',
      'nobody',
      '--every',
      '30d',
    ];
    expect(await cli.json(monthly)).toMatchObject({ code: 0, value: { everyMs: 2_592_000_000 } });
    expect((await cli.json(['schedule', 'delete', 'monthly'])).code).toBe(0);
  });

  test.each([2, 4, 6])('is not made where argument %i is empty: exit 2', async (i) => {
    expect(await failure(create.with(i, ''))).toMatchObject({ exitCode: 2, type: 'Nango.InvalidRequest' });
  });

  test('is made, listed, paused, resumed and deleted', async () => {
    const made = await cli.json([...create, '--args', '["u_1", 2]', '--every', '2h', '--note', 'contacts']);
    expect(made).toMatchObject({ code: 0, value: { id: 'sync-u_1', everyMs: 7_200_000 } });
    const { action } = await world.client.schedule.getHandle('sync-u_1').describe();
    expect(action).toMatchObject({ workflowType: 'syncContacts', taskQueue: 'nobody', args: ['u_1', 2] });
    expect(await failure(create)).toMatchObject({ exitCode: 2, type: 'Cli.Usage' });

    const listed = () =>
      eventually(async () => {
        const { value } = await cli.json(['schedule', 'list']);
        return schedulesShape.parse(value).find(({ id }) => id === 'sync-u_1');
      });
    expect(await listed()).toMatchObject({ workflow: 'syncContacts', everyMs: 7_200_000, paused: false });
    expect((await cli.json(['schedule', 'pause', 'sync-u_1', '--note', 'holidays'])).code).toBe(0);
    await eventually(async () => ((await listed()).paused ? true : undefined));
    expect((await cli.run(['schedule', 'list'])).stdout).toMatch(/sync-u_1 +syncContacts +2h +yes/);
    expect((await cli.json(['schedule', 'resume', 'sync-u_1'])).value).toEqual({ id: 'sync-u_1', paused: false });
    expect((await cli.json(['schedule', 'delete', 'sync-u_1'])).value).toEqual({ id: 'sync-u_1', deleted: true });
    expect(await failure(['schedule', 'pause', 'sync-u_1'])).toMatchObject({ exitCode: 1, type: 'Cli.NotFound' });
  });

  test('made by something else is neither listed nor touched', async () => {
    const foreign = await world.client.schedule.create({
      scheduleId: 'foreign',
      spec: { intervals: [{ every: '1 day' }] },
      action: { type: 'startWorkflow', workflowType: 'w', taskQueue: 'nobody' },
    });
    expect(await failure(['schedule', 'delete', 'foreign'])).toMatchObject({ exitCode: 1, type: 'Cli.NotFound' });
    expect((await foreign.describe()).scheduleId).toBe('foreign');
    expect((await cli.run(['schedule', 'list'])).stdout).not.toContain('foreign');
  });
});
