import { Hono } from 'hono';
import type { Context, Handler } from 'hono';
import type { Child } from 'hono/jsx';
import type { RequestRef } from '../../contract/types';
import type { RequestDescription } from '../../requests/description';
import { inboxTexts } from '../texts/current';
import { withAllScopes } from '../../requests/all-scopes';
import { requestPath } from '../../requests/inbox-page';
import { readId, readRef } from './address';
import { Confirm } from './confirm';
import { Detail } from './detail';
import { Done } from './done';
import { errorPage } from './errors';
import { Extras, findExtras } from './extras';
import { Headline } from './headline';
import { findLeftBehind } from './left-behind';
import { OPERATIONS } from './operations';
import type { Operation } from './operations';
import { ownerRoutes } from './owner-routes';
import type { InboxEnv } from './operator';
import { showPage } from './page';
import { hasWorker } from './place';
import type { InboxPlace } from './place';
import { rootOf } from './root';
import { WorkerWarning } from './worker-warning';
import { whoOf } from './words';

type C = Context<InboxEnv>;

/** Makes a page of a request that Temporal still knows. @param here the way to the request's page */
export type ServeRequest = (c: C, description: RequestDescription, here: string) => Promise<Response>;

const REQUEST = '/requests/:id/:run';

/** The pages of one request, and what can be done on them. */
export function requestRoutes(place: InboxPlace): Hono<InboxEnv> {
  const { client, connections, config, faces } = place;
  const app = new Hono<InboxEnv>();

  /** Serves pages of requests of this environment only. */
  const on = (serve: (c: C, ref: RequestRef) => Promise<Response>): Handler<InboxEnv> => {
    return async (c) => {
      const ref = readRef(c.req.param(), config.environment);
      return ref === undefined ? errorPage(c, 'notFound', 404) : await serve(c, ref);
    };
  };

  /** The same, of those that Temporal still knows. */
  const onKnown = (serve: ServeRequest): Handler<InboxEnv> => {
    return on(async (c, ref) => {
      const description = await connections.request(ref).describe();
      if (description === undefined) return errorPage(c, 'notFound', 404);
      return await serve(c, description, `${rootOf(c)}${requestPath(ref)}`);
    });
  };

  const page = (c: C, title: string, content: Child): Response => showPage(c, place, title, content);

  app.get('/requests/:id', async (c) => {
    const id = readId(c.req.param('id'), config.environment);
    const latest = id === undefined ? undefined : await connections.describeRequest(id);
    if (latest === undefined) return errorPage(c, 'notFound', 404);
    return c.redirect(`${rootOf(c)}${requestPath(latest.ref)}`, 302);
  });

  app.get(
    REQUEST,
    onKnown(async (c, known) => {
      const request = connections.request(known.ref);
      const [events, isServed, face, description, left] = await Promise.all([
        request.timeline(),
        hasWorker(place),
        faces.of(known.view.integration),
        withAllScopes(client, request, known),
        known.closedAt === undefined ? undefined : findLeftBehind(place, known.view),
      ]);
      const root = rootOf(c);
      const title = titleOf(description, face.name);
      return page(
        c,
        title,
        <>
          <Done texts={inboxTexts().done} name={c.req.query('done')} />
          <Headline title={title} face={face} root={root} description={description} now={Date.now()} />
          {description.closedAt === undefined && !isServed && <WorkerWarning taskQueue={config.taskQueue} />}
          <Detail description={description} events={events} left={left} config={config} root={root} now={Date.now()} />
        </>,
      );
    }),
  );

  for (const [name, operation] of Object.entries<Operation>(OPERATIONS)) {
    app.post(
      `${REQUEST}/${name}`,
      on(async (c, ref) => {
        // Without one the request would hear of it much later, when nobody knows whether it is still meant.
        if (!(await hasWorker(place))) return errorPage(c, 'noWorker', 503);
        await operation.run(connections.request(ref), c.var.form, c.var.operator.name, config);
        return c.redirect(`${rootOf(c)}${requestPath(ref)}?done=${operation.done}`, 303);
      }),
    );
  }

  for (const name of ['decline', 'cancel'] as const) {
    app.get(
      `${REQUEST}/${name}`,
      onKnown((c, description, here) => {
        const { confirm } = inboxTexts();
        const title = confirm[`${name}Title`];
        const texts = { title, what: confirm[name], yes: confirm[`${name}Yes`] };
        return Promise.resolve(page(c, title, <Confirm {...texts} action={`${here}/${name}`} back={here} />));
      }),
    );
  }

  app.route('/', ownerRoutes(place, REQUEST, onKnown));

  app.get(
    `${REQUEST}/extras`,
    onKnown(async (c, { view }, here) => {
      const { title, explained } = inboxTexts().extras;
      const extras = await findExtras(client, connections, view);
      const content = (
        <>
          <h1>{title}</h1>
          <p>{explained}</p>
          <Extras extras={extras} here={here} />
          <p>
            <a href={here}>{inboxTexts().back}</a>
          </p>
        </>
      );
      return page(c, title, content);
    }),
  );

  app.get(
    `${REQUEST}/extras/delete`,
    onKnown((c, description, here) => {
      const connection = c.req.query('connection') ?? '';
      const { confirm } = inboxTexts();
      const title = confirm.deleteTitle;
      const texts = { title, what: confirm.delete(connection), yes: confirm.deleteYes };
      const way = { action: `${here}/extras/delete`, back: `${here}/extras`, fields: { connection } };
      return Promise.resolve(page(c, title, <Confirm {...texts} {...way} />));
    }),
  );

  app.post(
    `${REQUEST}/extras/delete`,
    onKnown(async (c, { view }, here) => {
      const { connection = '' } = c.var.form;
      if (!(await hasWorker(place))) return errorPage(c, 'noWorker', 503);
      if (connection === '') return errorPage(c, 'badForm', 400);
      await connections.deleteExtra({ integration: view.integration, connectionId: connection });
      return c.redirect(`${here}?done=deleted`, 303);
    }),
  );

  return app;
}

function titleOf({ view }: RequestDescription, integration: string): string {
  return inboxTexts().detail.title(whoOf(view.owner), inboxTexts().integration(integration, view.slot));
}
