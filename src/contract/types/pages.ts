import type { ConnectionRef } from './connections';
import type { Json } from './json';

/**
 * What every way to hand out a list has in common. A place in a body is a JSON pointer (`/paging/next/after`), or has
 * dots, as Nango's own configurations are written (`paging.next.after`); a key that itself holds the dots wins.
 */
export interface PaginationBase {
  /** place of the items; default: the body is the list */
  itemsPath?: string;
  /** query parameter that sets how many items a page has, 1 to 255 characters; default: none */
  limitParam?: string;
}

/** Pages by a cursor: each response holds what to ask for the next page with. */
export interface CursorPagination extends PaginationBase {
  /** says which of the three it is */
  type: 'cursor';
  /** place of the next cursor, a JSON pointer or a path with dots; the last page has none */
  cursorPath: string;
  /** query parameter that takes the cursor, 1 to 255 characters */
  cursorParam: string;
}

/** Pages by a link: each response holds the address of the next page. */
export interface LinkPagination extends PaginationBase {
  /** says which of the three it is */
  type: 'link';
  /** place of the link in the body, a JSON pointer or with dots; default: the `Link` header, which Nango may drop */
  linkPath?: string;
  /** relation of the link in the `Link` header; default `next` */
  linkRel?: string;
}

/** Pages by a number that counts up. */
export interface OffsetPagination extends PaginationBase {
  /** says which of the three it is */
  type: 'offset';
  /** query parameter that takes the number, 1 to 255 characters */
  offsetParam: string;
  /** what is counted */
  by: 'items' | 'page';
  /** number of the first page, 0 or more; default 0 */
  start?: number;
}

/** How a provider hands out a list in pages. */
export type Pagination = CursorPagination | LinkPagination | OffsetPagination;

/** A connection whose list is read. */
export interface PagingConnection extends ConnectionRef {
  /** Nango's name of the provider, by which its configuration is found; default: Nango is asked for it */
  provider?: string;
}

/** Which page of which list. */
export interface PageInput {
  /** whose account is used */
  connection: Omit<PagingConnection, 'accountChanged' | 'heal'>;
  /** path and query of the list below the provider's base URL, beginning with `/` */
  endpoint: string;
  /** how the provider hands the list out; default: as Nango is configured for it */
  paginate?: Pagination;
  /** items of a page, 1 or more; default: the endpoint's own, then Nango's */
  limit?: number;
  /** `next` of the page before; default: the first page */
  next?: string;
  /** JSON pointers: only these parts of each item come back, as `{ [pointer]: value }`; default: whole items */
  pick?: string[];
}

/** One page of a list. */
export interface Page {
  /** in the provider's order; 256 KB as JSON at most */
  items: Json[];
  /** what leads to the page after it: opaque, safe to store; the last page has none */
  next?: string;
}
