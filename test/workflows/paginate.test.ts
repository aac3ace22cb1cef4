import type { Worker } from '@temporalio/worker';
import type { Pagination } from '../../src/workflow';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';
import { countAll, nextPage, pagesRead, readAll, readInRuns, readOnSignal } from '../support/paged-workflows';

// Lists in pages, on a real server.

const BASE = 'https://crm.test/v3';
const CURSOR: Pagination = { type: 'cursor', cursorPath: '/paging/after', cursorParam: 'after', itemsPath: '/results' };
const crm = { integration: 'crm', connectionId: 'c-1', provider: 'crm' };
let world: World;
let nangoWorker: Worker;
let userWorker: Worker;

/** How often the provider saw each path with its query. */
const seen = new Map<string, number>();

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  nangoWorker = await world.startNangoWorker();
  userWorker = await world.startUserWorker('./paged-workflows');
  world.nango.addProvider({
    ...{ name: 'crm', authMode: 'OAUTH2', baseUrl: BASE },
    paginate: {
      ...{ type: 'cursor', cursor_path_in_response: 'paging.after', cursor_name_in_request: 'after' },
      ...{ response_path: 'results', limit_name_in_request: 'limit', limit: 2 },
    },
  });
  world.nango.addIntegration({ key: 'crm', provider: 'crm' });
  world.nango.addConnection({ integration: 'crm', connectionId: 'c-1' });
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-1' });
  world.nango.onProxy('crm', ({ path }) => {
    const n = (seen.get(path) ?? 0) + 1;
    seen.set(path, n);
    const url = new URL(path, 'http://x');
    const number = (name: string, otherwise: number): number => Number(url.searchParams.get(name) ?? otherwise);
    const after = number('after', 0);
    const page = number('page', 1);
    switch (url.pathname) {
      // Five items, two a page.
      case '/contacts': {
        const results = [1, 2, 3, 4, 5].slice(after, after + 2).map((id) => ({ id, name: `n${id}` }));
        return { json: { results, paging: after + 2 < 5 ? { after: String(after + 2) } : undefined } };
      }
      case '/flaky':
        if (n === 1 && after === 2) return 'reset';
        return { json: { results: [after], paging: after < 4 ? { after: after + 2 } : {} } };
      case '/circle':
        return { json: { results: [after], paging: { after: after === 1 ? 2 : 1 } } };
      case '/endless':
        return { json: { results: [after], paging: { after: after + 1 } } };
      case '/large':
        return { json: { results: [{ id: after, text: 'x'.repeat(200_000) }], paging: { after: after + 1 } } };
      case '/huge':
        return { json: { results: [{ id: 1, text: 'x'.repeat(400_000) }], paging: {} } };
      case '/offset':
        return { json: [1, 2, 3, 4].slice(number('skip', 0), number('skip', 0) + 2) };
      // Chunked answers keep their headers.
      case '/linked':
        return {
          ...{ json: [page, page + 0.5], chunked: url.searchParams.has('chunked') },
          headers:
            page < 3 ? { link: `<${BASE}/linked?chunked&page=${page + 1}>; rel="next"` } : { link: '<x>; rel=prev' },
        };
      case '/keyed':
        return { json: { results: [page], next: page < 2 ? `${BASE}/keyed?access_token=canary-token&page=2` : null } };
      case '/away':
        return { json: { results: [1], next: 'https://evil.test/v3/x' } };
      case '/escape':
        return { json: { results: [1], next: `${BASE}/../../connections` } };
      default:
        return { status: 404, json: {} };
    }
  });
});

beforeEach(() => seen.clear());

afterAll(async () => {
  await world?.close();
});

const providerReads = (): number => world.nango.count(({ path }) => path.startsWith('/providers/'));
const connectionReads = (): number => world.nango.count(({ path }) => path.startsWith('/connections/'));

describe('a list', () => {
  test('comes page by page, as Nango is configured for the provider, one activity each', async () => {
    const running = await world.start(readAll, crm, '/contacts');
    const pages = (await running.result()) as { items: { id: number }[]; next?: string }[];
    expect(pages.map(({ items }) => items.map(({ id }) => id))).toEqual([[1, 2], [3, 4], [5]]);
    expect(pages.map(({ next }) => typeof next)).toEqual(['string', 'string', 'undefined']);
    expect([...seen.keys()]).toEqual(['/contacts?limit=2', '/contacts?limit=2&after=2', '/contacts?limit=2&after=4']);
    const events = await world.events(running.workflowId);
    expect(events.filter((type) => type === 'activityTaskScheduled')).toHaveLength(3);
  });

  test('the configuration is read once, and where the connection names its provider, nothing else is', async () => {
    const [providers, connections] = [providerReads(), connectionReads()];
    await world.execute(readAll, crm, '/contacts');
    expect([providerReads(), connectionReads()]).toEqual([providers, connections]);
    await world.execute(readAll, { ...crm, provider: undefined }, '/contacts');
    expect([providerReads(), connectionReads()]).toEqual([providers, connections + 1]);
  });

  test('the caller may say how it is handed out, and what of each item is wanted', async () => {
    const options = { paginate: CURSOR, pick: ['/name'] };
    const pages = await world.execute(readAll, crm, '/contacts?x=1', options);
    expect(pages.flatMap(({ items }) => items)).toEqual([1, 2, 3, 4, 5].map((id) => ({ '/name': `n${id}` })));
    expect([...seen.keys()][1]).toBe('/contacts?x=1&after=2');
  });

  test('by offset', async () => {
    const paginate: Pagination = { type: 'offset', offsetParam: 'skip', by: 'items' };
    expect(await world.execute(countAll, crm, '/offset', { paginate })).toEqual({ items: 4, pages: 3 });
  });

  test('by the links of a header, below the base URL of the provider', async () => {
    const pages = await world.execute(readAll, crm, '/linked?chunked', { paginate: { type: 'link' } });
    expect(pages.flatMap(({ items }) => items)).toEqual([1, 1.5, 2, 2.5, 3, 3.5]);
    expect([...seen.keys()].at(-1)).toBe('/linked?chunked&page=3');
  });

  test.each([{}, { limit: 2 }])(
    'whose Link header Nango keeps back does not end silently, with %j',
    async (options) => {
      const failure = await failureOf(
        world.execute(readAll, crm, '/linked', { paginate: { type: 'link' }, ...options }),
      );
      expect(failure).toMatchObject({ type: 'Nango.BadResponse', status: 200 });
      expect(failure.message).toContain('cursor');
    },
  );

  test.each(['/away', '/escape'])('a link that leads away from the provider (%s) is not followed', async (endpoint) => {
    const paginate: Pagination = { type: 'link', linkPath: '/next', itemsPath: '/results' };
    expect(await failureOf(world.execute(readAll, crm, endpoint, { paginate }))).toMatchObject({
      type: 'Nango.BadResponse',
    });
    expect([...seen.keys()]).toEqual([endpoint]);
  });

  test('a key that the provider writes into its links stays out of the history', async () => {
    const paginate: Pagination = { type: 'link', linkPath: '/next', itemsPath: '/results' };
    const [first, second] = await world.execute(readAll, crm, '/keyed', { paginate });
    expect(Buffer.from(first?.next ?? '', 'base64url').toString()).not.toContain('canary-token');
    expect(second).toEqual({ items: [2] });
    expect([...seen.keys()]).toEqual(['/keyed', '/keyed?page=2']);
  });

  test('a page that fails is read again, and no other', async () => {
    expect(await world.execute(countAll, crm, '/flaky', { paginate: CURSOR })).toEqual({ items: 3, pages: 3 });
    expect([...seen.values()]).toEqual([1, 2, 1]);
  });

  test('without a configuration, and without one of Nango, is refused', async () => {
    const hubspot = { integration: 'hubspot', connectionId: 'c-1' };
    for (const connection of [hubspot, { ...hubspot, provider: 'no-such-provider' }]) {
      expect(await failureOf(world.execute(readAll, connection, '/contacts'))).toMatchObject({
        ...{ type: 'Nango.InvalidRequest', field: 'paginate' },
      });
    }
  });

  test('of a connection that is gone is told as such', async () => {
    expect(await failureOf(world.execute(readAll, { ...crm, connectionId: 'gone' }, '/contacts'))).toMatchObject({
      type: 'Nango.ConnectionNotFound',
    });
  });

  test.each([
    ['endpoint', '/../x', {}],
    ['pick', '/x', { pick: ['name'] }],
    ['limit', '/x', { limit: 0 }],
    ['maxPages', '/x', { maxPages: 5_001 }],
    ['from', '/x', { from: '' }],
    ['from', '/x', { from: 'made-up', paginate: CURSOR }],
  ])('a wrong %s is refused before anything is sent', async (field, endpoint, options) => {
    const before = world.nango.requests.length;
    expect(await failureOf(world.execute(readAll, crm, endpoint, options))).toMatchObject({
      ...{ type: 'Nango.InvalidRequest', field },
    });
    expect(world.nango.requests.length).toBe(before);
  });
});

describe('a list that never ends', () => {
  test('in a circle is told as such', async () => {
    expect(await failureOf(world.execute(readAll, crm, '/circle', { paginate: CURSOR }))).toMatchObject({
      ...{ type: 'Nango.BadResponse', reason: 'pages_do_not_end' },
    });
    expect(Math.max(...seen.values())).toBe(1);
  });

  test('ends after so many pages', async () => {
    const failure = await failureOf(world.execute(readAll, crm, '/endless', { paginate: CURSOR, maxPages: 7 }));
    expect(failure).toMatchObject({ type: 'Nango.ResponseTooLarge' });
    expect(seen.size).toBe(7);
  });

  test('a list of just so many pages is a whole list', async () => {
    expect(await world.execute(countAll, crm, '/contacts', { maxPages: 3 })).toEqual({ items: 5, pages: 3 });
  });

  test('pages over 8 MB in all end it, with advice to continue as new', async () => {
    const failure = await failureOf(world.execute(countAll, crm, '/large', { paginate: CURSOR }));
    expect(failure).toMatchObject({ type: 'Nango.ResponseTooLarge' });
    expect(failure.message).toContain('from');
    expect(seen.size).toBe(42);
  });

  test('a page over 256 KB fails with advice; pick makes it small', async () => {
    const failure = await failureOf(world.execute(readAll, crm, '/huge', { paginate: CURSOR }));
    expect(failure).toMatchObject({ type: 'Nango.ResponseTooLarge', status: 200 });
    expect(failure.message).toContain('pick');
    const pages = await world.execute(readAll, crm, '/huge', { paginate: CURSOR, pick: ['/id'] });
    expect(pages).toEqual([{ items: [{ '/id': 1 }] }]);
  });
});

describe('a long read', () => {
  test('goes on in the next run, and in another workflow, where it was', async () => {
    const ids = await world.execute(readInRuns, crm, '/contacts', { pick: ['/id'] });
    expect(ids).toEqual([1, 2, 3, 4, 5].map((id) => ({ '/id': id })));
    expect([...seen.values()]).toEqual([1, 1, 1]);
    const [first] = await world.execute(readAll, crm, '/contacts');
    expect(await world.execute(countAll, crm, '/contacts', { from: first?.next })).toEqual({ items: 3, pages: 2 });
  });

  test('goes on at the same page after all workers were replaced', async () => {
    const running = await world.start(readOnSignal, crm, '/contacts', { pick: ['/id'] });
    await eventually(async () => ((await running.query(pagesRead)) === 1 ? true : undefined));
    for (const worker of [nangoWorker, userWorker]) {
      worker.shutdown();
      await eventually(() => Promise.resolve(worker.getState() === 'STOPPED' || undefined));
    }
    await running.signal(nextPage);
    await running.signal(nextPage);
    nangoWorker = await world.startNangoWorker();
    userWorker = await world.startUserWorker('./paged-workflows');
    expect(await running.result()).toEqual([1, 2, 3, 4, 5].map((id) => ({ '/id': id })));
    expect([...seen.values()]).toEqual([1, 1, 1]);
  });
});
