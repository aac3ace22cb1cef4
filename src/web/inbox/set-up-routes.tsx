import { Hono } from 'hono';
import type { Context, Handler } from 'hono';
import { detailsOf, findNangoFailure } from '../../contract/errors';
import type { SetUpStatus, SetUpView } from '../../contract/types';
import type { IntegrationSetUp } from '../../requests/set-ups/integration-set-up';
import { Said } from '../said';
import { inboxTexts } from '../texts/current';
import type { InboxTexts } from '../texts/inbox';
import { within } from '../within';
import { setUpPath } from '../../requests/inbox-page';
import { readSetUpRef } from './address';
import { Confirm } from './confirm';
import { Done } from './done';
import { errorPage } from './errors';
import type { InboxEnv } from './operator';
import { showPage } from './page';
import { hasWorker } from './place';
import type { InboxPlace } from './place';
import { rootOf } from './root';
import { sendApp } from './send-app';
import { SetUpDetail } from './set-up-detail';
import { SetUpList } from './set-up-list';
import { WorkerWarning } from './worker-warning';

type C = Context<InboxEnv>;

const SET_UP = '/set-ups/:id/:run';
const VIEW_WITHIN_MS = 2_000;

/** The list of integrations that wait to be set up, the page of each, and what can be chosen there. */
export function setUpRoutes(place: InboxPlace): Hono<InboxEnv> {
  const { connections, config } = place;
  const app = new Hono<InboxEnv>();

  /** Serves set-ups of this environment that Temporal still knows. */
  const on = (
    serve: (c: C, setUp: IntegrationSetUp, view: SetUpView, here: string) => Promise<Response>,
  ): Handler<InboxEnv> => {
    return async (c) => {
      const ref = readSetUpRef(c.req.param(), config.environment);
      const setUp = ref && connections.setUp(ref);
      const view = await setUp?.describe();
      if (setUp === undefined || view === undefined) return errorPage(c, 'notFound', 404);
      return await serve(c, setUp, view, `${rootOf(c)}${setUpPath(setUp.ref)}`);
    };
  };

  /** The same for what is posted. Without a worker it would be heard much later, when nobody knows whether it is still meant. */
  const post = (
    name: string,
    run: (setUp: IntegrationSetUp, c: C) => Promise<keyof InboxTexts['setUps']['outcome']>,
  ): void => {
    app.post(
      `${SET_UP}/${name}`,
      on(async (c, setUp, _, here) => {
        if (!(await hasWorker(place))) return errorPage(c, 'noWorker', 503);
        const done = await run(setUp, c);
        return c.redirect(`${here}?done=${done}`, 303);
      }),
    );
  };

  app.get('/set-ups', async (c) => {
    const [open, isServed] = await Promise.all([connections.setUps(), hasWorker(place)]);
    return showPage(
      c,
      place,
      inboxTexts().setUps.title,
      <>
        <Done texts={inboxTexts().setUps.outcome} name={c.req.query('done')} />
        <h1>{inboxTexts().setUps.title}</h1>
        <div id="set-ups" data-live>
          {!isServed && <WorkerWarning taskQueue={config.taskQueue} />}
          <SetUpList open={open} root={rootOf(c)} now={Date.now()} />
        </div>
      </>,
      { list: 'setUps', setUps: open.length },
    );
  });

  app.get(
    SET_UP,
    on(async (c, setUp, shown, here) => {
      const title = inboxTexts().setUps.titleFor(shown.integration, shown.provider);
      const [isServed, view] = await Promise.all([hasWorker(place), withAllScopes(setUp, shown)]);
      return showPage(
        c,
        place,
        title,
        <>
          <Done texts={inboxTexts().setUps.outcome} name={c.req.query('done')} />
          <h1>
            <Said text={title} />
          </h1>
          {!isServed && <WorkerWarning taskQueue={config.taskQueue} />}
          <SetUpDetail view={view} here={here} sends={config.secretKey !== undefined} now={Date.now()} />
        </>,
      );
    }),
  );

  post('nango-app', (setUp, c) => decided(setUp.decide({ choice: 'nangoApp', by: c.var.operator.name })));
  post('made', (setUp, c) => decided(setUp.decide({ choice: 'made', by: c.var.operator.name })));
  post('decline', async (setUp, c) => {
    await setUp.decline({ by: c.var.operator.name });
    return 'declined';
  });

  app.post(
    `${SET_UP}/own`,
    on(async (c, setUp, _, here) => {
      if (!(await hasWorker(place))) return errorPage(c, 'noWorker', 503);
      try {
        await sendApp(await setUp.view(), c.var.form, config);
      } catch (error) {
        const failure = findNangoFailure(error);
        if (failure?.type === 'Nango.Forbidden') return errorPage(c, 'mayNotCreate', 503);
        if (failure?.type !== 'Nango.InvalidRequest' || detailsOf(failure).reason !== undefined) throw error;
        return errorPage(c, detailsOf(failure).field === 'credentials' ? 'credentials' : 'badForm', 400);
      }
      // It is there: the set-up hears of it now, and by whom. Should it have noticed by itself, all the better.
      await setUp.decide({ choice: 'made', by: c.var.operator.name }).catch((error: unknown) => {
        if (findNangoFailure(error)?.type !== 'Nango.InvalidRequest') throw error;
      });
      return c.redirect(`${here}?done=ready`, 303);
    }),
  );

  app.get(
    `${SET_UP}/decline`,
    on((c, _, view, here) => {
      const { title, what, yes } = inboxTexts().setUps.confirm;
      const way = { action: `${here}/decline`, back: here };
      const texts = { title, what: what(view.integration), yes };
      return Promise.resolve(showPage(c, place, title, <Confirm {...texts} {...way} />));
    }),
  );

  return app;
}

/** With all scopes, which a memo has no room for, if a worker tells them in time. */
async function withAllScopes(setUp: IntegrationSetUp, shown: SetUpView): Promise<SetUpView> {
  if (shown.question?.moreScopes === undefined) return shown;
  return await within(
    VIEW_WITHIN_MS,
    setUp.view().catch(() => shown),
    shown,
  );
}

/** What takes its time is still being carried out. */
async function decided(deciding: Promise<SetUpStatus>): Promise<'ready' | 'begun'> {
  return (await deciding) === 'ready' ? 'ready' : 'begun';
}
