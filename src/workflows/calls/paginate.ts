import { checkConnection } from '../../contract/rules/healing';
import { checkPaging } from '../../contract/rules/check-paging';
import type { PagingOptions } from '../../contract/rules/check-paging';
import { pathOf } from '../../contract/rules/endpoint';
import { checkTemporalName } from '../../contract/rules/check-shape';
import { nangoFailure } from '../../contract/errors';
import { jsonBytes } from '../../contract/rules/json';
import { DEFAULT_MAX_PAGES, MAX_FAN_OUT_BYTES, PROXY_TIMEOUT_MS } from '../../contract/limits';
import { checkText } from '../../contract/rules/text';
import type { ConnectionRef, Page } from '../../contract/types';
import { activitiesWith } from '../activity-proxies';
import { attempts } from './attempts';
import { callOptions } from './call-options';

const GO_ON = 'Continue as new, or start a workflow, with from: the `next` of the last page.';

/**
 * The pages of a list, one activity each, read when they are asked for.
 *
 * @throws Nango.BadResponse with the reason `pages_do_not_end` if a page leads back to where one was before;
 *   Nango.ResponseTooLarge past `maxPages`, or past 8 MB in all; and as `nango.get`
 */
export async function* paginate(
  connection: ConnectionRef & { provider?: string },
  endpoint: string,
  options: PagingOptions,
  taskQueue: string,
): AsyncGenerator<Page, void, undefined> {
  checkTemporalName(taskQueue, 'taskQueue');
  checkConnection(connection);
  if (connection.provider !== undefined) checkText(connection.provider, 'connection.provider');
  checkPaging(endpoint, options);
  const { paginate, limit, pick, from, maxPages = DEFAULT_MAX_PAGES } = options;
  const { provider } = connection;
  const list = { endpoint, paginate, limit, pick };
  const attempted = { connection, taskQueue, write: false, isGet: true };
  const summary = `a page of ${pathOf(endpoint)}`;
  const callAs = callOptions(connection, { write: false, timeoutMs: PROXY_TIMEOUT_MS, taskQueue, summary });
  const { 'nango.proxyPage': proxyPage } = activitiesWith(callAs);

  const seen = new Set<string | undefined>();
  let bytes = 0;
  for (let next = from, pages = 0; pages === 0 || next !== undefined; pages++) {
    if (seen.has(next)) throw nangoFailure('Nango.BadResponse', { reason: 'pages_do_not_end' });
    if (pages >= maxPages)
      throw nangoFailure('Nango.ResponseTooLarge', { hint: `At most ${maxPages} pages. ${GO_ON}` });
    seen.add(next);
    const page = await attempts(attempted, (ref) => proxyPage({ ...list, connection: { ...ref, provider }, next }));
    // What was read stays in the history, whether or not it is kept.
    bytes += jsonBytes(page);
    if (bytes > MAX_FAN_OUT_BYTES) {
      throw nangoFailure('Nango.ResponseTooLarge', { hint: `At most ${MAX_FAN_OUT_BYTES} bytes in all. ${GO_ON}` });
    }
    yield page;
    next = page.next;
  }
}
