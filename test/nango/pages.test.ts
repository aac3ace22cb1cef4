import { detailsOf, findNangoFailure } from '../../src/contract/errors';
import type { Json, Pagination } from '../../src/contract/types';
import { linkAsEndpoint, linkIn, withoutCredentials } from '../../src/nango/paging/next-link';
import type { HttpResponse } from '../../src/nango/http/outcome';
import { readPage } from '../../src/nango/paging/page-response';
import { pageEndpoint, pageSize } from '../../src/nango/paging/page-request';
import { decodeState, encodeState } from '../../src/nango/paging/page-state';
import { valueAt } from '../../src/nango/response/pick';
import { paginationOf } from '../../src/nango/provider-facts';

// The arithmetic of pages: what is asked for, and what an answer says of the next one.

const CURSOR: Pagination = { type: 'cursor', cursorPath: '/next', cursorParam: 'after', itemsPath: '/items' };
const LINK: Pagination = { type: 'link' };
const LINKED: Pagination = { type: 'link', linkPath: '/next', itemsPath: '/items' };
const OFFSET: Pagination = { type: 'offset', offsetParam: 'skip', by: 'items' };
const PAGES: Pagination = { type: 'offset', offsetParam: 'page', by: 'page', start: 1 };

function response(body: Json, headers: Record<string, string> = {}): HttpResponse {
  const type = { 'content-type': 'application/json' };
  return { kind: 'response', status: 200, headers: { ...type, ...headers }, body: Buffer.from(JSON.stringify(body)) };
}

function failure(run: () => unknown): object {
  try {
    run();
  } catch (error) {
    const found = findNangoFailure(error);
    if (found !== undefined) return { type: found.type, ...detailsOf(found) };
    throw error;
  }
  throw new Error('did not fail');
}

describe('the request for a page', () => {
  test.each<[string, string, Pagination, number | undefined, Parameters<typeof pageEndpoint>[3], string]>([
    ['first by cursor', '/x', CURSOR, undefined, undefined, '/x'],
    ['first with a limit', '/x?a=1', { ...CURSOR, limitParam: '$top' }, 50, undefined, '/x?a=1&%24top=50'],
    ['a limit that cannot be told', '/x', CURSOR, 50, undefined, '/x'],
    [
      'next by cursor',
      '/x?a=1',
      CURSOR,
      undefined,
      { type: 'cursor', cursor: 'a&b=c/ü' },
      '/x?a=1&after=a%26b%3Dc%2F%C3%BC',
    ],
    ['a cursor replaces one', '/x?after=old&a=1', CURSOR, undefined, { type: 'cursor', cursor: 'n' }, '/x?a=1&after=n'],
    ['first by offset', '/x', OFFSET, undefined, undefined, '/x?skip=0'],
    ['first by page', '/x', PAGES, undefined, undefined, '/x?page=1'],
    ['next by offset', '/x?skip=0', OFFSET, undefined, { type: 'offset', offset: 40 }, '/x?skip=40'],
    [
      'a name in brackets',
      '/x?page%5Bn%5D=1',
      { ...PAGES, offsetParam: 'page[n]' },
      undefined,
      { type: 'offset', offset: 2 },
      '/x?page%5Bn%5D=2',
    ],
    ['next by link', '/x', LINK, 50, { type: 'link', endpoint: '/y?p=2' }, '/y?p=2'],
  ])('%s', (_, endpoint, paginate, limit, state, expected) => {
    expect(pageEndpoint(endpoint, paginate, limit, state)).toBe(expected);
  });

  test('how large a full page is, is said by the option, then by the endpoint, then by Nango', () => {
    const sized: Pagination = { ...CURSOR, limitParam: 'limit' };
    expect(pageSize('/x?limit=20', sized, 10, 100)).toBe(10);
    expect(pageSize('/x?limit=20', sized, undefined, 100)).toBe(20);
    expect(pageSize('/x?limit=all', sized, undefined, 100)).toBeUndefined();
    expect(pageSize('/x', sized, undefined, 100)).toBe(100);
    expect(pageSize('/x?limit=20', CURSOR, undefined, undefined)).toBeUndefined();
  });
});

describe('what a page says of the next', () => {
  const items = [1, 2, 3];

  test.each<[string, Json, Json | undefined]>([
    ['a text', 'c2', { type: 'cursor', cursor: 'c2' }],
    ['a number', 17, { type: 'cursor', cursor: '17' }],
    ...[null, '', false].map((end): [string, Json, undefined] => [`the end (${JSON.stringify(end)})`, end, undefined]),
  ])('a cursor: %s', (_, next, after) => {
    expect(readPage(response({ items, next }), CURSOR, undefined, undefined)).toEqual({ items, after });
  });

  test('a cursor goes on over an empty page', () => {
    const page = readPage(response({ items: [], next: 'c2' }), CURSOR, 100, undefined);
    expect(page).toEqual({ items: [], after: { type: 'cursor', cursor: 'c2' } });
  });

  test('an offset goes on by items or by page', () => {
    const by = (paginate: Pagination, offset: number) =>
      readPage(response(items), paginate, 3, { type: 'offset', offset }).after;
    expect(by(OFFSET, 6)).toEqual({ type: 'offset', offset: 9 });
    expect(by(PAGES, 6)).toEqual({ type: 'offset', offset: 7 });
    expect(readPage(response(items), PAGES, 3, undefined).after).toEqual({ type: 'offset', offset: 2 });
  });

  test('an offset ends at a page that is not full, and without a limit at an empty one', () => {
    expect(readPage(response(items), OFFSET, 4, undefined).after).toBeUndefined();
    expect(readPage(response(items), OFFSET, undefined, undefined).after).toEqual({ type: 'offset', offset: 3 });
    expect(readPage(response([]), OFFSET, undefined, undefined).after).toBeUndefined();
  });

  test('a link in the body', () => {
    const after = (next: Json) => readPage(response({ items, next }), LINKED, 3, undefined).after;
    expect(after('https://a/b')).toEqual({ type: 'rawLink', link: 'https://a/b' });
    expect(after(null)).toBeUndefined();
  });

  describe('a link in the header', () => {
    const more = { link: '<https://a/b?page=2>; rel="next"' };
    const last = { link: '<https://a/b?page=1>; rel="first"' };
    const state = { type: 'link', endpoint: '/b' } as const;

    test('leads on, and a header without it is the end', () => {
      expect(readPage(response(items, more), LINK, 3, undefined).after).toEqual({
        ...{ type: 'rawLink', link: 'https://a/b?page=2' },
      });
      expect(readPage(response(items, last), LINK, 3, undefined).after).toBeUndefined();
    });

    test.each<[string, Json[], number | undefined, typeof state | undefined]>([
      ['a full page', items, 3, undefined],
      ['a full later page', items, 3, state],
      ['a first page of unknown size', items, undefined, undefined],
    ])('that is missing from %s is never a silent end', (_, list, limit, at) => {
      expect(failure(() => readPage(response(list), LINK, limit, at))).toMatchObject({ type: 'Nango.BadResponse' });
    });

    test.each<[string, Json[], number | undefined, typeof state | undefined]>([
      ['a page that is not full', items, 4, undefined],
      ['an empty page', [], undefined, undefined],
      ['a later page of unknown size', items, undefined, state],
    ])('that is missing from %s is the end', (_, list, limit, at) => {
      expect(readPage(response(list), LINK, limit, at).after).toBeUndefined();
    });
  });

  test.each<[string, Json, Pagination]>([
    ['items that are no list', { items: { a: 1 } }, CURSOR],
    ['items that are not there', {}, CURSOR],
    ['a body that is no list', { items }, OFFSET],
    ['a cursor that is an object', { items, next: { a: 1 } }, CURSOR],
    ['a cursor that is a number of which digits are lost', { items, next: 2 ** 53 }, CURSOR],
    ['a link that is a number', { items, next: 1 }, LINKED],
  ])('%s: a bad response', (_, body, paginate) => {
    expect(failure(() => readPage(response(body), paginate, undefined, undefined))).toMatchObject({
      ...{ type: 'Nango.BadResponse', status: 200 },
    });
  });
});

describe('places', () => {
  const body = { paging: { next: { after: 'c' } }, '@odata.nextLink': 'l', list: [{ id: 1 }], 'a/b': 2 };

  test.each<[string, unknown]>([
    ['/paging/next/after', 'c'],
    ['paging.next.after', 'c'],
    ['@odata.nextLink', 'l'],
    ['list[0].id', 1],
    ['/a~1b', 2],
    ['a/b', 2],
    ['none.of.it', undefined],
    ['constructor.name', undefined],
    ['', body],
  ])('%s', (place, expected) => {
    expect(valueAt(body, place)).toEqual(expected);
  });
});

describe('links', () => {
  test.each<[string, string, string | undefined]>([
    ['<https://a/?p=2>; rel="next"', 'next', 'https://a/?p=2'],
    ['<https://a/?p=1>; rel="prev", <https://a/?p=3>; rel="next"', 'next', 'https://a/?p=3'],
    ['<https://a/?q=1,2>; title="a, b"; rel=next', 'next', 'https://a/?q=1,2'],
    ['<https://a/>; rel="last NEXT"', 'next', 'https://a/'],
    ['<https://a/>; rel="nextish"', 'next', undefined],
    ['nonsense', 'next', undefined],
  ])('in a header: %s', (header, rel, expected) => {
    expect(linkIn(header, rel)).toBe(expected);
  });

  test.each<[string, string | undefined, string | undefined]>([
    ['https://api.crm.test/v2/items?page=2', 'https://api.crm.test/v2', '/items?page=2'],
    ['https://API.crm.test/v2/items?page=2', 'https://api.crm.test/v2/', '/items?page=2'],
    ['https://api.crm.test/v2?page=2', 'https://api.crm.test/v2', '/?page=2'],
    ['https://acme.desk.test/api/t?page=2', 'https://${connectionConfig.subdomain}.desk.test', '/api/t?page=2'],
    ['https://eu.force.test/data/q', '${connectionConfig.instance_url}', '/data/q'],
    ['https://b.test/x', 'https://${connectionConfig.host} || https://b.test', '/x'],
    ['/v2/items?page=2', 'https://api.crm.test/v2', '/items?page=2'],
    ['/items?page=2', 'https://api.crm.test/v2', '/items?page=2'],
    ['/items?page=2', undefined, '/items?page=2'],
    ['?page=2', undefined, '/now?page=2'],
    // elsewhere
    ['https://evil.test/v2/items', 'https://api.crm.test/v2', undefined],
    ['https://api.crm.test.evil.test/v2/items', 'https://api.crm.test/v2', undefined],
    ['https://api.crm.test@evil.test/v2/items', 'https://api.crm.test/v2', undefined],
    ['https://evil.test/.desk.test/x', 'https://${connectionConfig.subdomain}.desk.test', undefined],
    ['https://evil.test#.desk.test/x', 'https://${connectionConfig.subdomain}.desk.test', undefined],
    ['http://api.crm.test/v2/items', 'https://api.crm.test/v2', undefined],
    ['https://api.crm.test/v3/items', 'https://api.crm.test/v2', undefined],
    ['https://api.crm.test/v22/items', 'https://api.crm.test/v2', undefined],
    ['https://api.crm.test/v2/items', undefined, undefined],
    ['items?page=2', 'https://api.crm.test/v2', undefined],
  ])('%s below %s is %s', (link, base, expected) => {
    expect(linkAsEndpoint(link, base, '/now?page=1')).toBe(expected);
  });
});

test.each([
  ['/x?access_token=t&after=c', '/x?after=c'],
  ['/x?API_KEY=t', '/x'],
  ['/x?page_token=c&token=c', '/x?page_token=c&token=c'],
  ['/access_token=x', '/access_token=x'],
])('a credential in a link is left out: %s', (endpoint, expected) => {
  expect(withoutCredentials(endpoint)).toBe(expected);
});

describe('what is kept of a place', () => {
  test.each([
    { type: 'cursor', cursor: 'ü/"' },
    { type: 'offset', offset: 0 },
    { type: 'link', endpoint: '/x?p=2' },
  ] as const)('$type comes back', (state) => {
    const kept = encodeState(state);
    expect(kept).toMatch(/^[\w-]+$/);
    expect(decodeState(kept, state.type)).toEqual(state);
  });

  const forged = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  test.each([
    ['nothing that was given', '%%%', 'cursor'],
    ['of another kind of list', forged({ type: 'offset', offset: 1 }), 'cursor'],
    ['with something added', forged({ type: 'cursor', cursor: 'c', endpoint: '/x' }), 'cursor'],
    ['a negative offset', forged({ type: 'offset', offset: -1 }), 'offset'],
    ['a link that leaves the proxy', forged({ type: 'link', endpoint: '/../connections' }), 'link'],
    ['a link to another host', forged({ type: 'link', endpoint: 'https://evil.test/' }), 'link'],
  ] as const)('%s is refused', (_, next, type) => {
    expect(failure(() => decodeState(next, type))).toMatchObject({ type: 'Nango.InvalidRequest', field: 'from' });
  });
});

describe("Nango's configuration of a provider", () => {
  test.each<[string, { [name: string]: unknown }, Pagination | undefined]>([
    [
      'by cursor',
      {
        ...{ type: 'cursor', cursor_path_in_response: 'paging.next.after', cursor_name_in_request: 'after' },
        ...{ limit_name_in_request: 'limit', limit: 100, response_path: 'results' },
      },
      {
        ...{ type: 'cursor', cursorPath: 'paging.next.after', cursorParam: 'after' },
        ...{ itemsPath: 'results', limitParam: 'limit' },
      },
    ],
    [
      'by a link in the header',
      { type: 'link', link_rel_in_response_header: 'next', limit_name_in_request: 'per_page', response_path: '' },
      { type: 'link', linkRel: 'next', limitParam: 'per_page' },
    ],
    [
      'by a link in the body',
      { type: 'link', link_path_in_response_body: '@odata.nextLink', response_path: 'value' },
      { type: 'link', linkPath: '@odata.nextLink', itemsPath: 'value' },
    ],
    [
      'by page',
      { type: 'offset', offset_name_in_request: 'page', offset_start_value: 1, offset_calculation_method: 'per-page' },
      { type: 'offset', offsetParam: 'page', by: 'page', start: 1 },
    ],
    [
      'by items',
      { type: 'offset', offset_name_in_request: 'skip' },
      { type: 'offset', offsetParam: 'skip', by: 'items' },
    ],
    ['in the body of a POST', { type: 'offset', offset_name_in_request: 'skip', in_body: true }, undefined],
    ['of a kind that is not known', { type: 'scroll' }, undefined],
    ['without what is needed', { type: 'cursor' }, undefined],
    ['none', {}, undefined],
  ])('%s', (_, configured, expected) => {
    expect(paginationOf(configured)).toEqual(expected);
  });
});
