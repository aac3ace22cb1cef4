import { Hono } from 'hono';
import { countBulkRuns } from '../../bulk/list';
import { countEndedRequests } from '../../requests/list';
import { countSetUps } from '../../requests/set-ups/list';
import { inboxTexts } from '../texts/current';
import { Counts } from './counts';
import { facesOf } from './faces-of';
import { FilterForm } from './filter-form';
import { isFiltered, matches, mostUrgentFirst, readFilter } from './filter';
import { FirstScreen } from './first-screen';
import { List } from './list';
import type { InboxEnv } from './operator';
import { showPage } from './page';
import { hasWorker } from './place';
import type { InboxPlace } from './place';
import { rootOf } from './root';
import { WorkerWarning } from './worker-warning';

/** The list of open requests. */
export function listRoutes(place: InboxPlace): Hono<InboxEnv> {
  const { client, connections, config, faces } = place;
  return new Hono<InboxEnv>().get('/', async (c) => {
    const root = rootOf(c);
    const filter = readFilter(c.req.query());
    const [all, bulkRuns, setUps, isServed] = await Promise.all([
      connections.requests(),
      countBulkRuns({ client, taskQueue: config.taskQueue }),
      countSetUps({ client, environment: config.environment }),
      hasWorker(place),
    ]);
    const requests = mostUrgentFirst(all.filter((request) => matches(request, filter)));
    const integrations = requests.map(({ integration }) => integration);
    const faceOf = await facesOf(faces, integrations);
    const isEmpty = all.length === 0 && !isFiltered(filter);
    const ended = isEmpty ? await countEndedRequests({ client, environment: config.environment }) : 0;
    return showPage(
      c,
      place,
      inboxTexts().title,
      <>
        <h1>{inboxTexts().title}</h1>
        <div id="counts" data-live>
          {!isServed && <WorkerWarning taskQueue={config.taskQueue} />}
          {all.length > 0 && <Counts requests={all} filter={filter} root={root} />}
        </div>
        <FilterForm filter={filter} integrations={all.map(({ integration }) => integration)} root={root} />
        <div id="open" data-live>
          {isEmpty ? (
            <FirstScreen ended={ended} />
          ) : (
            <List requests={requests} all={all.length} faceOf={faceOf} root={root} now={Date.now()} />
          )}
        </div>
      </>,
      { list: 'requests', bulkRuns, setUps },
    );
  });
}
