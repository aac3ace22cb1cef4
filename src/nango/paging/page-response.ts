import { nangoFailure } from '../../contract/errors';
import type { Json, Pagination } from '../../contract/types';
import { decode } from '../response/read-response';
import { linkIn } from './next-link';
import type { HttpResponse } from '../http/outcome';
import { offsetOf } from './page-request';
import type { PageState } from './page-state';
import { valueAt } from '../response/pick';

/** What a page says of the one after it: a place to go on from, or a link as the provider wrote it. */
type After = PageState | { type: 'rawLink'; link: string };

/**
 * Items of a page, and what it says of the next.
 *
 * @param limit how many items a full page has, where that is known
 * @param state where this page began; absent: it is the first
 * @throws Nango.BadResponse if there is no list, or if it cannot be told whether the list goes on
 */
export function readPage(
  response: HttpResponse,
  paginate: Pagination,
  limit: number | undefined,
  state: PageState | undefined,
): { items: Json[]; after?: After } {
  const body = decode(response);
  const items = valueAt(body, paginate.itemsPath ?? '');
  if (!Array.isArray(items)) throw bad(response, 'There is no list at itemsPath.');
  switch (paginate.type) {
    case 'cursor':
      return { items, after: afterCursor(response, valueAt(body, paginate.cursorPath)) };
    case 'offset':
      return { items, after: afterOffset(items.length, paginate, limit, state) };
    case 'link': {
      const { linkPath, linkRel = 'next' } = paginate;
      if (linkPath === undefined) return { items, after: afterHeader(response, linkRel, items.length, limit, state) };
      return { items, after: afterLink(response, valueAt(body, linkPath)) };
    }
  }
}

function afterCursor(response: HttpResponse, cursor: Json | undefined): After | undefined {
  if (isNothing(cursor)) return undefined;
  if (typeof cursor !== 'string' && typeof cursor !== 'number')
    throw bad(response, 'There is no cursor at cursorPath.');
  // JavaScript has rounded it: it leads to another place of the list.
  if (Number.isInteger(cursor) && !Number.isSafeInteger(cursor))
    throw bad(response, 'The cursor is a number over 2^53, of which digits are lost: name one that is a text.');
  return { type: 'cursor', cursor: String(cursor) };
}

function afterLink(response: HttpResponse, link: Json | undefined): After | undefined {
  if (isNothing(link)) return undefined;
  if (typeof link !== 'string') throw bad(response, 'There is no link at linkPath.');
  return { type: 'rawLink', link };
}

/**
 * Nango drops this header from most responses. So its absence ends a list only where nothing speaks against it: not a
 * full page, nor a first page of which it is not known whether it is full.
 */
function afterHeader(
  response: HttpResponse,
  rel: string,
  count: number,
  limit: number | undefined,
  state: PageState | undefined,
): After | undefined {
  const { link: header } = response.headers;
  if (header !== undefined) {
    const link = linkIn(header, rel);
    return link === undefined ? undefined : { type: 'rawLink', link };
  }
  const mayGoOn = limit === undefined ? state === undefined && count > 0 : count >= limit;
  if (!mayGoOn) return undefined;
  throw bad(response, 'Nango has kept the Link header back, if there was one: name a cursor, an offset or a linkPath.');
}

/** A page with fewer items than it may have is the last one; without a limit only an empty one is. */
function afterOffset(
  count: number,
  paginate: Pagination & { type: 'offset' },
  limit: number | undefined,
  state: PageState | undefined,
): After | undefined {
  if (count === 0 || (limit !== undefined && count < limit)) return undefined;
  return { type: 'offset', offset: offsetOf(paginate, state) + (paginate.by === 'page' ? 1 : count) };
}

/** How providers say that there is no more. */
function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || value === false;
}

function bad({ status }: HttpResponse, hint: string) {
  return nangoFailure('Nango.BadResponse', { status, hint });
}
