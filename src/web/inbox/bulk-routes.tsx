import { Hono } from 'hono';
import type { Context, Handler } from 'hono';
import { isBulkRun } from '../../bulk/is-bulk-run';
import type { BulkRun } from '../../bulk/bulk-run';
import { inboxTexts } from '../texts/current';
import { bulkPathOf, readBulkRef } from './address';
import { BulkList } from './bulk-list';
import { BULK_OPERATIONS } from './bulk-operations';
import type { BulkOperation } from './bulk-operations';
import { Confirm } from './confirm';
import { Done } from './done';
import { errorPage } from './errors';
import type { InboxEnv } from './operator';
import { showPage } from './page';
import { hasWorker } from './place';
import type { InboxPlace } from './place';
import { rootOf } from './root';
import { WorkerWarning } from './worker-warning';

type C = Context<InboxEnv>;

const RUN = '/bulk/:id/:run';

/** The list of bulk runs, and what can be done to them. */
export function bulkRoutes(place: InboxPlace): Hono<InboxEnv> {
  const { client, connections, config } = place;
  const app = new Hono<InboxEnv>();

  /** Serves what concerns a bulk run of this queue only: no other workflow is told anything. */
  const on = (serve: (c: C, run: BulkRun) => Promise<Response>): Handler<InboxEnv> => {
    return async (c) => {
      const ref = readBulkRef(c.req.param());
      const isKnown = ref !== undefined && (await isBulkRun({ client, taskQueue: config.taskQueue }, ref.id));
      return isKnown ? await serve(c, connections.bulkRun(ref)) : errorPage(c, 'notFound', 404);
    };
  };

  app.get('/bulk', async (c) => {
    const [runs, isServed] = await Promise.all([connections.bulkRuns(), hasWorker(place)]);
    return showPage(
      c,
      place,
      inboxTexts().bulk.title,
      <>
        <Done texts={inboxTexts().bulk.outcome} name={c.req.query('done')} />
        <h1>{inboxTexts().bulk.title}</h1>
        <div id="runs" data-live>
          {!isServed && <WorkerWarning taskQueue={config.taskQueue} />}
          <BulkList runs={runs} root={rootOf(c)} now={Date.now()} />
        </div>
      </>,
      { list: 'bulk', bulkRuns: runs.length },
    );
  });

  for (const [name, operation] of Object.entries<BulkOperation>(BULK_OPERATIONS)) {
    app.post(
      `${RUN}/${name}`,
      on(async (c, run) => {
        // Without one the run would hear of it much later, when nobody knows whether it is still meant.
        if (!(await hasWorker(place))) return errorPage(c, 'noWorker', 503);
        await operation.run(run, c.var.operator.name);
        return c.redirect(`${rootOf(c)}bulk?done=${operation.done}`, 303);
      }),
    );
  }

  app.get(
    `${RUN}/stop`,
    on((c, { ref }) => {
      const { title, what, yes } = inboxTexts().bulk.confirm;
      const root = rootOf(c);
      const way = { action: `${root}${bulkPathOf(ref)}/stop`, back: `${root}bulk` };
      return Promise.resolve(
        showPage(c, place, title, <Confirm title={title} what={what(ref.id)} yes={yes} {...way} />),
      );
    }),
  );

  return app;
}
