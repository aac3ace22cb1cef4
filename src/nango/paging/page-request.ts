import type { Pagination } from '../../contract/types';
import type { PageState } from './page-state';

/**
 * Path and query of one page. Parameters of the list replace those of the same name in the endpoint; a link has its own.
 *
 * @param endpoint as its caller wrote it, checked
 * @param limit how many items to ask for, where the provider can be told
 */
export function pageEndpoint(
  endpoint: string,
  paginate: Pagination,
  limit: number | undefined,
  state: PageState | undefined,
): string {
  if (state?.type === 'link') return state.endpoint;
  const { limitParam } = paginate;
  const sized =
    limit === undefined || limitParam === undefined ? endpoint : withParam(endpoint, limitParam, `${limit}`);
  switch (paginate.type) {
    case 'link':
      return sized;
    case 'cursor':
      return state?.type === 'cursor' ? withParam(sized, paginate.cursorParam, state.cursor) : sized;
    case 'offset':
      return withParam(sized, paginate.offsetParam, `${offsetOf(paginate, state)}`);
  }
}

/** Which items, or which page, an offset asks for. */
export function offsetOf(paginate: Pagination & { type: 'offset' }, state: PageState | undefined): number {
  return state?.type === 'offset' ? state.offset : (paginate.start ?? 0);
}

/** How many items a page has: as the caller says, in the option or in the endpoint, or else as Nango knows it. */
export function pageSize(
  endpoint: string,
  { limitParam }: Pagination,
  limit: number | undefined,
  known: number | undefined,
): number | undefined {
  if (limit !== undefined || limitParam === undefined) return limit ?? known;
  const given = pairsOf(endpoint).find((pair) => nameOf(pair) === limitParam);
  if (given === undefined) return known;
  const count = Number(given.slice(given.indexOf('=') + 1));
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}

function withParam(endpoint: string, name: string, value: string): string {
  const [path] = endpoint.split('?', 1);
  const kept = pairsOf(endpoint).filter((pair) => nameOf(pair) !== name);
  return `${path}?${[...kept, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join('&')}`;
}

function pairsOf(endpoint: string): string[] {
  const at = endpoint.indexOf('?');
  return at < 0
    ? []
    : endpoint
        .slice(at + 1)
        .split('&')
        .filter((pair) => pair !== '');
}

function nameOf(pair: string): string {
  return decodeURIComponent(pair.split('=', 1)[0]!.replaceAll('+', ' '));
}
