import { wireEndpoint } from '../../contract/rules/endpoint';
import { invalid, nangoFailure } from '../../contract/errors';
import { MAX_PAYLOAD_BYTES } from '../../contract/limits';
import type { Page, PageInput } from '../../contract/types';
import { bytesOf, orStore } from '../response/read-response';
import type { Bounds } from '../http/bounds';
import type { NangoApi } from '../http/http';
import { linkAsEndpoint, withoutCredentials } from './next-link';
import { readPage } from './page-response';
import { pageEndpoint, pageSize } from './page-request';
import { decodeState, encodeState } from './page-state';
import type { PageState } from './page-state';
import { pick } from '../response/pick';
import type { ProviderCatalog, ProviderFacts } from '../provider-facts';
import { proxied } from '../proxy';

/** For each of the requests of a page that are not the page itself. */
const LOOKUP_MS = 10_000;

/**
 * Reads one page of a list through Nango's proxy. All it needs to know of the pages before is in `next`. How the list is
 * handed out is said by the caller, or by Nango's configuration of the provider.
 *
 * @param maxBytes of the page as JSON; default: what may stand in a history itself
 * @throws Nango.InvalidRequest naming `paginate` if neither says it; Nango.BadResponse for a page without a list, or
 *   with a link that leads away from the provider; Nango.ResponseTooLarge over `maxBytes`; and what a proxied GET throws
 */
export async function readOnePage(
  api: NangoApi,
  catalog: ProviderCatalog,
  input: PageInput,
  bounds: Bounds,
  maxBytes: number = MAX_PAYLOAD_BYTES,
): Promise<Page> {
  const { connection, endpoint, next, limit: wanted, pick: pointers } = input;
  const until = Date.now() + bounds.deadlineMs;
  const within = (most = Infinity): Bounds => ({ ...bounds, deadlineMs: Math.min(most, until - Date.now()) });
  const facts = (): Promise<ProviderFacts> => catalog.factsOf(connection, within(LOOKUP_MS));

  const known = input.paginate === undefined ? await facts() : {};
  const paginate = input.paginate ?? known.pagination;
  if (paginate === undefined) throw invalid('paginate', 'must be given: Nango does not know how this provider does it');

  const limit = pageSize(endpoint, paginate, wanted, known.limit);
  const state = next === undefined ? undefined : decodeState(next, paginate.type);
  const current = pageEndpoint(endpoint, paginate, limit, state);
  const response = await proxied(api, { connection, call: { method: 'GET', endpoint: current } }, within());

  const { status } = response;
  const { items, after } = readPage(response, paginate, limit, state);
  const place = after?.type === 'rawLink' ? below(after.link, (await facts()).baseUrl, current) : after;
  if (place !== undefined) checkReachable(pageEndpoint(endpoint, paginate, limit, place));
  const page = {
    items: pointers === undefined ? items : items.map((item) => pick(item, pointers)),
    next: place && encodeState(place),
  };
  if (bytesOf(page.items, status) + (page.next?.length ?? 0) <= maxBytes) return page;
  throw nangoFailure('Nango.ResponseTooLarge', {
    status,
    hint: `At most ${maxBytes} bytes a page; set a smaller limit, select parts of the items with pick${orStore(maxBytes)}.`,
  });

  function below(link: string, baseUrl: string | undefined, from: string): PageState {
    const found = linkAsEndpoint(link, baseUrl, from);
    if (found !== undefined) return { type: 'link', endpoint: withoutCredentials(found) };
    throw nangoFailure('Nango.BadResponse', {
      status,
      hint: "The link to the next page leads away from the provider's base URL.",
    });
  }

  function checkReachable(place: string): void {
    try {
      wireEndpoint(place);
    } catch {
      throw nangoFailure('Nango.BadResponse', { status, hint: 'What leads to the next page is no endpoint.' });
    }
  }
}
