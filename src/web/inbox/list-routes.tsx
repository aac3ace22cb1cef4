import { Hono } from 'hono';
import { countBulkRuns } from '../../bulk/list';
import { INBOX } from '../texts';
import { FilterForm } from './filter-form';
import { matches, mostOverdueFirst, readFilter } from './filter';
import { List } from './list';
import type { InboxEnv } from './operator';
import { showPage } from './page';
import { hasWorker } from './place';
import type { InboxPlace } from './place';
import { rootOf } from './root';
import { WorkerWarning } from './worker-warning';

/** The list of open requests. */
export function listRoutes(place: InboxPlace): Hono<InboxEnv> {
  const { client, connections, config } = place;
  return new Hono<InboxEnv>().get('/', async (c) => {
    const root = rootOf(c);
    const filter = readFilter(c.req.query());
    const [all, bulkRuns, isServed] = await Promise.all([
      connections.requests(),
      countBulkRuns({ client, taskQueue: config.taskQueue }),
      hasWorker(place),
    ]);
    const requests = mostOverdueFirst(all.filter((request) => matches(request, filter)));
    return showPage(
      c,
      place,
      INBOX.title,
      <>
        <h1>{INBOX.title}</h1>
        <FilterForm filter={filter} integrations={all.map(({ integration }) => integration)} root={root} />
        <div id="open" data-live>
          {!isServed && <WorkerWarning taskQueue={config.taskQueue} />}
          <List requests={requests} all={all.length} filter={filter} root={root} now={Date.now()} />
        </div>
      </>,
      { list: 'requests', bulkRuns },
    );
  });
}
