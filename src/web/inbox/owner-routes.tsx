import { Hono } from 'hono';
import type { Handler } from 'hono';
import { SIGNAL } from '../../contract/names';
import { changesHands } from '../../contract/rules/changes-hands';
import type { RequestRef, RequestView } from '../../contract/types';
import { inboxTexts } from '../texts/current';
import { Confirm } from './confirm';
import { errorPage } from './errors';
import { findLeftBehind, isStillTheirs, readLeftBehind } from './left-behind';
import type { LeftBehind } from './left-behind';
import type { InboxEnv } from './operator';
import { showPage } from './page';
import { hasWorker } from './place';
import type { InboxPlace } from './place';
import type { ServeRequest } from './request-routes';
import { unconfirmedOf } from './unconfirmed';

type OnKnown = (serve: ServeRequest) => Handler<InboxEnv>;

/** What becomes of a connection of which nobody knows whether it was the owner who made it. @param request their path */
export function ownerRoutes(place: InboxPlace, request: string, onKnown: OnKnown): Hono<InboxEnv> {
  const { connections } = place;
  const app = new Hono<InboxEnv>();

  for (const name of ['confirm-owner', 'refuse-owner'] as const) {
    app.get(
      `${request}/${name}`,
      onKnown(async (c, { view }, here) => {
        const { link = '' } = c.req.query();
        const unconfirmed = unconfirmedOf(view, link);
        if (unconfirmed === undefined) return errorPage(c, 'no_open_question', 409);
        const { title, what, yes } = inboxTexts().owner[name];
        const confirm = { title, what: what(unconfirmed.connectionId), yes, back: here, fields: { link } };
        return await Promise.resolve(showPage(c, place, title, <Confirm {...confirm} action={`${here}/${name}`} />));
      }),
    );
  }

  app.get(
    `${request}/disconnect`,
    onKnown(async (c, description, here) => {
      const { link = '' } = c.req.query();
      const { view, closedAt } = description;
      const theirs = closedAt === undefined ? strangersOf(view, link) : await leftBy(link, findLeftBehind(place, view));
      if (theirs === undefined) return errorPage(c, 'no_open_question', 409);
      const { disconnect } = inboxTexts().owner;
      const { title, what, yes } = closedAt === undefined ? disconnect : disconnect.ended;
      const confirm = { title, what: what(theirs.connectionId), yes, back: here, fields: { link } };
      return showPage(c, place, title, <Confirm {...confirm} action={`${here}/disconnect`} />);
    }),
  );

  // It is read once more first: its owner may have it back.
  app.post(
    `${request}/disconnect`,
    onKnown(async (c, description, here) => {
      if (!(await hasWorker(place))) return errorPage(c, 'noWorker', 503);
      const { ref, view, closedAt, replacedBy } = description;
      const { integration } = view;
      const link = c.var.form['link'] ?? '';
      const shown = closedAt === undefined ? strangersOf(view, link) : await leftBy(link, readLeftBehind(place, view));
      if (shown === undefined) return errorPage(c, 'no_open_question', 409);
      if (closedAt === undefined && !(await isStillTheirs(place, integration, shown))) {
        await hint(ref, shown);
        return errorPage(c, 'no_open_question', 409);
      }
      await connections.disconnect({ integration, connectionId: shown.connectionId });
      // An open request ends, too: it would connect anew what is no longer there.
      if (closedAt === undefined) await connections.request(ref).cancelForAll({ by: c.var.operator.name });
      else if (replacedBy !== undefined) await hint(replacedBy, shown);
      return c.redirect(`${here}?done=disconnected`, 303);
    }),
  );

  /** Has an open request read it: it may not know what has become of it. */
  async function hint({ id, firstExecutionRunId }: RequestRef, { connectionId }: LeftBehind): Promise<void> {
    const handle = place.client.workflow.getHandle(id, undefined, { firstExecutionRunId });
    // It may have ended meanwhile, and is hinted at in vain then.
    await handle.signal(SIGNAL.hint, { source: 'watch', connectionId }).catch(() => undefined);
  }

  return app;
}

/** What may be disconnected while the request is open: what somebody has said no to, and nobody says yes to. */
function strangersOf(view: RequestView, link: string): LeftBehind | undefined {
  const { question } = view;
  const unconfirmed = unconfirmedOf(view, link);
  if (unconfirmed?.refusedBy === undefined || question === undefined) return undefined;
  return changesHands(question) && question.confirmed === undefined ? unconfirmed : undefined;
}

/** After its end: what it has left. */
async function leftBy(link: string, found: Promise<LeftBehind | undefined>): Promise<LeftBehind | undefined> {
  const left = await found;
  return left?.nonce === link ? left : undefined;
}
