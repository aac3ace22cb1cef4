import { checkPointers } from './check-call';
import { wireEndpoint } from './endpoint';
import { invalid } from './errors';
import { MAX_PAGES } from './limits';
import type { PageInput } from './types';

/** What may be said of a list beside its connection and endpoint. */
export interface PagingOptions extends Pick<PageInput, 'paginate' | 'limit' | 'pick'> {
  /** `next` of a page that was had before: goes on behind it, also in another workflow */
  from?: string;
  /** default 1,000; at most 5,000 */
  maxPages?: number;
}

/**
 * Checks, before any I/O, how a list is to be read; the shape of `paginate` is checked where it is used.
 *
 * @throws Nango.InvalidRequest naming the field
 */
export function checkPaging(endpoint: string, { limit, pick, from, maxPages }: PagingOptions): void {
  wireEndpoint(endpoint);
  checkPointers(pick, 'pick');
  if (limit !== undefined && !isCount(limit)) throw invalid('limit', 'must be a whole number, 1 or more');
  if (maxPages !== undefined && !(isCount(maxPages) && maxPages <= MAX_PAGES)) {
    throw invalid('maxPages', `must be a whole number of 1 to ${MAX_PAGES}`);
  }
  if (from !== undefined && (typeof from !== 'string' || from === ''))
    throw invalid('from', 'must be what a page gave');
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
