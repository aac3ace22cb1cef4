import { Playground } from './playground';

let world: Playground;

beforeEach(async () => {
  world = await Playground.open();
});

afterEach(async () => {
  await world.close();
});

test('a provider of which nothing is known shows its name, its mode, and where its documentation is', async () => {
  expect((await world.call('GET', '/providers/crm')).body).toEqual({
    data: {
      name: 'crm',
      display_name: 'crm',
      categories: ['other'],
      auth_mode: 'OAUTH2',
      docs: 'https://nango.dev/docs/integrations/all/crm',
      logo_url: `${world.nango.url}/images/template-logos/crm.svg`,
    },
  });
});

test('a logo is at the address that is named, for anybody; of an unknown provider there is none', async () => {
  const { body } = await world.call('GET', '/providers/crm');
  const { logo_url: address } = (body as { data: { logo_url: string } }).data;
  const logo = await fetch(address);
  expect([logo.status, logo.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  const text = await logo.text();
  expect(text).toMatch(/^<svg .*<\/svg>\n$/);
  expect(await (await fetch(address)).text()).toBe(text);
  const other = await fetch(address.replace('crm', 'nobody'));
  expect([other.status, other.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});

test('a provider shows everything that is known of it, in the words of the catalogue', async () => {
  const field = { title: 'Subdomain', description: 'Yours', pattern: '^[a-z]+$', example: 'acme', optional: true };
  world.nango.addProvider({
    name: 'p',
    authMode: 'OAUTH2',
    baseUrl: 'https://api.example.com',
    verifyPath: '/me',
    retry: { after: 'retry-after' },
    paginate: { type: 'link', link_rel_in_response_header: 'next' },
    authorizeUrl: 'https://example.com/authorize',
    tokenUrl: 'https://example.com/token',
    defaultScopes: ['read'],
    scopeSeparator: ',',
    connectionConfig: { subdomain: field },
    credentialFields: { apiKey: field },
    integrationConfig: { region: field },
    clientRegistration: 'static',
    categories: ['crm'],
    docs: 'https://example.com/docs',
    routesWebhooks: true,
  });
  expect((await world.call('GET', '/providers/p')).body).toEqual({
    data: {
      name: 'p',
      display_name: 'p',
      categories: ['crm'],
      auth_mode: 'OAUTH2',
      authorization_url: 'https://example.com/authorize',
      token_url: 'https://example.com/token',
      refresh_url: 'https://example.com/token',
      authorization_params: { response_type: 'code' },
      token_params: { grant_type: 'authorization_code' },
      refresh_params: { grant_type: 'refresh_token' },
      scope_separator: ',',
      default_scopes: ['read'],
      client_registration: 'static',
      proxy: {
        base_url: 'https://api.example.com',
        verification: { method: 'GET', endpoints: ['/me'] },
        retry: { after: 'retry-after' },
        paginate: { type: 'link', link_rel_in_response_header: 'next' },
      },
      webhook_routing_script: 'pWebhookRouting',
      connection_config: { subdomain: field },
      credentials: { apiKey: field },
      integration_config: { region: field },
      docs: 'https://example.com/docs',
      logo_url: `${world.nango.url}/images/template-logos/p.svg`,
    },
  });
});

test.each([
  ['HUB', ['github', 'hubspot']],
  ['^hub', ['hubspot']],
  ['crm|airtable', ['airtable-pat', 'crm']],
  ['nothing', []],
])('a search for %s is a regular expression of names in any case', async (search, names) => {
  const { body } = await world.call('GET', `/providers?search=${encodeURIComponent(search)}`);
  expect((body as { data: { name: string }[] }).data.map(({ name }) => name).toSorted()).toEqual(names);
});

test.each(['?nope=1', '?search=(', '?search=a&search=b'])('GET /providers%s is refused', async (query) => {
  expect(await world.call('GET', `/providers${query}`)).toMatchObject({
    status: 400,
    body: { error: { code: 'invalid_query_params', errors: [expect.anything()] } },
  });
});

test('what a connection is configured with is typed on the page, where the session does not settle it', async () => {
  world.nango.addProvider({
    name: 'p',
    authMode: 'OAUTH2',
    connectionConfig: {
      subdomain: { title: 'Subdomain' },
      region: { title: 'Region', default_value: 'eu' },
      instanceUrl: { title: 'Instance', automated: true },
    },
  });
  world.nango.addIntegration({ key: 'i', provider: 'p' });
  const { link } = await world.mint({
    ...{ tags: {}, allowed_integrations: ['i'] },
    integrations_config_defaults: { i: { connection_config: { region: 'us' } } },
  });
  const html = await (await fetch(link)).text();
  expect([...html.matchAll(/<label [^>]*>([^<]*)</g)].map(([, label]) => label)).toEqual(['Account', 'Subdomain']);
  const { connectionId } = world.nango.complete(link, { as: 'ann', typed: { subdomain: 'acme' } });
  expect(world.nango.connection('i', connectionId)).toMatchObject({
    connectionConfig: { subdomain: 'acme', region: 'us' },
  });
});

test('credentials that do not fit, or that the provider refuses, make no connection on the page', async () => {
  // Its own API stands for a provider's: it accepts its own key.
  world.nango.addProvider({ name: 'p', authMode: 'API_KEY', baseUrl: world.nango.url, verifyPath: '/connections' });
  world.nango.addIntegration({ key: 'i', provider: 'p' });
  const { link } = await world.mint({ tags: {}, allowed_integrations: ['i'] });
  const post = async (apiKey: string) =>
    (await fetch(link, { method: 'POST', body: new URLSearchParams({ integration: 'i', apiKey }) })).status;
  expect(await post('')).toBe(400);
  expect(await post('wrong')).toBe(400);
  expect((await world.call('GET', '/connections')).body).toEqual({ connections: [] });
  expect(await post(world.nango.secretKey)).toBe(200);
});
