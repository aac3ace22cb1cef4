import type { Provider } from '../../src/testing/fake-nango';
import { Playground } from './playground';

let world: Playground;

beforeEach(async () => {
  world = await Playground.open();
});

afterEach(async () => {
  await world.close();
});

/** An integration `i` whose provider requests two scopes by default. */
function add(provider: Partial<Provider> = {}): void {
  world.nango.addProvider({ name: 'p', authMode: 'OAUTH2', defaultScopes: ['read', 'write'], ...provider });
  world.nango.addIntegration({ key: 'i', provider: 'p' });
}

const session = (override?: string) => ({
  tags: {},
  ...(override !== undefined && {
    integrations_config_defaults: { i: { connection_config: { oauth_scopes_override: override } } },
  }),
});

const mint = async (override?: string) => await world.mint({ ...session(override), allowed_integrations: ['i'] });

function scopeOf(connectionId: string): unknown {
  const { credentials } = world.nango.connection('i', connectionId) ?? {};
  return credentials && 'raw' in credentials ? (credentials.raw as { scope?: unknown }).scope : 'no connection';
}

describe('the token response', () => {
  test('says what was requested, where the person changes nothing', async () => {
    add();
    const { link } = await mint();
    expect(scopeOf(world.nango.complete(link, { as: 'ann' }).connectionId)).toBe('read write');
  });

  test.each([
    ['fewer', ['read']],
    ['more', ['read', 'write', 'admin']],
    ['none', []],
  ])('says %s scopes, where the person grants them', async (_, grant) => {
    add();
    const { link } = await mint();
    expect(scopeOf(world.nango.complete(link, { as: 'ann', grant }).connectionId)).toBe(grant.join(' '));
  });

  test('says them in the way of the provider', async () => {
    add({ scopeSeparator: ',' });
    const { link } = await mint();
    expect(scopeOf(world.nango.complete(link, { as: 'ann' }).connectionId)).toBe('read,write');
  });

  test('says nothing of scopes, where nobody has requested any', async () => {
    add({ defaultScopes: undefined });
    const { link } = await mint();
    expect(scopeOf(world.nango.complete(link, { as: 'ann' }).connectionId)).toBeUndefined();
  });

  test('says nothing of scopes, where the provider never does', async () => {
    add({ saysScope: false });
    const { link } = await mint();
    expect(scopeOf(world.nango.complete(link, { as: 'ann', grant: ['read'] }).connectionId)).toBeUndefined();
  });

  test('of a connection that a test puts there says what the test grants, made up or not', () => {
    add();
    const { nango } = world;
    expect(scopeOf(nango.addConnection({ integration: 'i', grant: ['read'] }).connectionId)).toBe('read');
    const credentials = { type: 'OAUTH2' as const, access_token: 't', raw: { team: 'T1' } };
    const typed = nango.addConnection({ integration: 'i', credentials, grant: ['read', 'admin'] });
    expect(nango.connection('i', typed.connectionId)).toMatchObject({
      credentials: { access_token: 't', raw: { team: 'T1', scope: 'read admin' } },
    });
  });
});

describe('the page of a link', () => {
  test('has a field for scopes, in which a person grants others', async () => {
    add();
    const { link } = await mint();
    expect(await (await fetch(link)).text()).toContain('name="grant" value="read write"');
    const form = new URLSearchParams({ integration: 'i', as: 'ann', grant: 'read' });
    await fetch(link, { method: 'POST', body: form });
    const { body } = await world.call('GET', '/connections');
    const [{ connection_id } = { connection_id: '' }] = (body as { connections: { connection_id: string }[] })
      .connections;
    expect(scopeOf(connection_id)).toBe('read');
  });

  test('sends a browser to the provider with scopes in the way of the provider', async () => {
    add({ authorizeUrl: 'http://provider.invalid/authorize', scopeSeparator: ',' });
    const { token } = await mint();
    const url = `${world.nango.url}/oauth/connect/i?connect_session_token=${token}`;
    const location = (await fetch(url, { redirect: 'manual' })).headers.get('location');
    expect(new URL(location ?? '').searchParams.get('scope')).toBe('read,write');
  });
});

describe('a refresh', () => {
  const refreshed = async (grant: string[]) => {
    const { link } = await mint();
    const { connectionId } = world.nango.complete(link, { as: 'ann', grant });
    world.nango.refresh(connectionId, 'fine');
    await world.call('GET', `/connections/${connectionId}?provider_config_key=i`);
    expect(world.nango.connection('i', connectionId)).toHaveProperty('credentials.access_token', "access of ann'");
    return scopeOf(connectionId);
  };

  test('says the same scopes again', async () => {
    add();
    expect(await refreshed(['read'])).toBe('read');
  });

  test('may say nothing of them any more', async () => {
    add({ saysScopeOnRefresh: false });
    expect(await refreshed(['read'])).toBeUndefined();
  });
});

describe('a reconnect that overrides the scopes', () => {
  const reconnected = async () => {
    const first = world.nango.complete((await mint()).link, { as: 'ann', grant: ['read'] });
    const body = { connection_id: first.connectionId, integration_id: 'i', ...session('read,write,admin') };
    const { link } = await world.mint(body, '/reconnect');
    expect(world.nango.complete(link, { as: 'ann' })).toEqual(first);
    return scopeOf(first.connectionId);
  };

  test('is granted the new ones', async () => {
    add();
    expect(await reconnected()).toBe('read write admin');
  });

  test('is granted the old ones again, by a provider that ignores that', async () => {
    add({ ignoresScopesOverride: true });
    expect(await reconnected()).toBe('read');
  });
});
