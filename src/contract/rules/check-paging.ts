import { checkPointers } from './check-call';
import { checkObject } from './check-shape';
import { wireEndpoint } from './endpoint';
import { invalid } from '../errors';
import { checkJson } from './json';
import { MAX_PAGES, MAX_PLACES_BYTES } from '../limits';
import type { Pagination } from '../types';

/** What may be said of a list beside its connection and endpoint. */
export interface PagingOptions {
  /** how the provider hands the list out; default: as Nango is configured for it */
  paginate?: Pagination;
  /** items of a page, 1 or more; default: the endpoint's own, then Nango's */
  limit?: number;
  /** JSON pointers: only these parts of each item come back, as `{ [pointer]: value }`; default: whole items */
  pick?: string[];
  /** `next` of a page that was had before: goes on behind it, also in another workflow; default: the first page */
  from?: string;
  /** how many pages this loop may read; default 1,000; at most 5,000 */
  maxPages?: number;
}

/**
 * Checks, before any I/O, how a list is to be read; the shape of `paginate` is checked where it is used.
 *
 * @throws Nango.InvalidRequest naming the field
 */
export function checkPaging(endpoint: unknown, options: unknown): void {
  wireEndpoint(endpoint);
  checkObject(options, 'options');
  const { paginate, limit, pick, from, maxPages } = options;
  checkPointers(pick, 'pick');
  if (paginate !== undefined) checkObject(paginate, 'paginate');
  checkJson(paginate, 'paginate');
  if (limit !== undefined && !isCount(limit)) throw invalid('limit', 'must be a whole number, 1 or more');
  if (maxPages !== undefined && !(isCount(maxPages) && maxPages <= MAX_PAGES)) {
    throw invalid('maxPages', `must be a whole number of 1 to ${MAX_PAGES}`);
  }
  const isPlace = typeof from === 'string' && from !== '' && from.length <= MAX_PLACES_BYTES;
  if (from !== undefined && !isPlace) throw invalid('from', 'must be what a page gave');
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
