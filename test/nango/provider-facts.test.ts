import type { HttpRequest, NangoApi } from '../../src/nango/http/http';
import type { HttpOutcome } from '../../src/nango/http/outcome';
import { ProviderCatalog } from '../../src/nango/provider-facts';

const paths: string[] = [];
/** As in Nango's catalogue: a header that is none, and one in capitals. */
const RETRY = { at: 'X-Crm-Reset', after: 5, remaining: 'x-crm-left', error_code: '420' };
const api = {
  send({ path }: HttpRequest): Promise<HttpOutcome> {
    paths.push(path);
    const body = Buffer.from(
      JSON.stringify({ data: { proxy: { base_url: `https://${path.length}.test`, retry: RETRY } } }),
    );
    return Promise.resolve({ kind: 'response', status: 200, headers: { 'content-type': 'application/json' }, body });
  },
} as unknown as NangoApi;

const read = (catalog: ProviderCatalog, provider: string) =>
  catalog.factsOf({ integration: 'crm', connectionId: 'c', provider }, { deadlineMs: 1_000 });

beforeEach(() => paths.splice(0));

test('what is known of a provider is read once', async () => {
  const catalog = new ProviderCatalog(api);
  const facts = await read(catalog, 'crm');
  expect(facts).toMatchObject({ baseUrl: 'https://14.test' });
  expect(await read(catalog, 'crm')).toEqual(facts);
  expect(paths).toEqual(['/providers/crm']);
});

test('the headers by which a provider says that its limit is reached are known by their names in lower case', async () => {
  const catalog = new ProviderCatalog(api);
  expect((await read(catalog, 'crm')).retry).toEqual({ at: 'x-crm-reset', after: undefined, remaining: 'x-crm-left' });
});

test('the one that was asked for longest ago is forgotten when there are too many', async () => {
  const catalog = new ProviderCatalog(api);
  for (let i = 0; i < 1_001; i++) await read(catalog, String(i));
  paths.splice(0);
  await read(catalog, '1');
  await read(catalog, '0');
  expect(paths).toEqual(['/providers/0']);
});
