import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Hono } from 'hono';
import type { Context, MiddlewareHandler } from 'hono';
import { NangoConnections } from '../../client';
import type { NangoConfig } from '../../config';
import { reasonOf, findNangoFailure, nangoFailure } from '../../contract/errors';
import { currentBrand } from '../brand/current-brand';
import { show } from '../layout';
import type { Question, RequestView } from '../../contract/types';
import type { ConnectionRequest } from '../../requests/connection-request';
import { sameOrigin } from '../same-origin';
import { publicTexts } from '../texts/current';
import type { AddressOf } from '../client-address';
import type { Authorize } from './authorize';
import { forgetClicks, linksClicked, rememberClick } from './click-cookie';
import type { Clicker } from './click-cookie';
import { confirmable, hasComeOf, nonceOf, numberIn } from './confirmable';
import { DeclinePage } from './decline-page';
import type { IntegrationFaces } from '../logos/integration-faces';
import { describeInTime, findRequest, say } from './found-request';
import type { FoundEnv } from './found-request';
import { RateLimit } from '../rate-limit';
import { NO_FORM_STATUS, readForm } from '../read-form';
import type { Form } from '../read-form';
import { refusedBy, tooManyVisits } from './refusals';
import { isForPerson, RequestPage } from './request-page';

const GETS_PER_MINUTE = 120;
const POSTS_PER_MINUTE = 20;
const MAX_FORM_BYTES = 1_024;
const SHOWN_WITHIN_MS = 3_000;
const SHOWN_EVERY_MS = 150;
/** Recorded with the request, beside what operators do by name. */
const BY_PERSON = 'the connect page';

/** Only of who has answered this is a connection deleted. */
const RECREATES: Question['kind'] = 'recreate-connection';

interface ConnectParts {
  client: Client;
  config: NangoConfig;
  faces: IntegrationFaces;
  authorize?: Authorize;
  /** whoever connects has to confirm it in the browser that has clicked */
  verifyOwner: boolean;
  addressOf: AddressOf;
}

const BUTTONS = ['connect', 'decline', 'confirm', 'refuse'] as const;
type Button = (typeof BUTTONS)[number];

/**
 * What a permanent link leads to. Reading it costs the request nothing and makes no link, since chats fetch addresses to
 * preview them; connecting and declining are forms of the page itself.
 */
export function connectRoutes(parts: ConnectParts): Hono<FoundEnv> {
  const { client, config, faces, authorize, verifyOwner, addressOf } = parts;
  const connections = new NangoConnections(client, { config });
  const page = at('../', './');
  const read = limitTo(GETS_PER_MINUTE, addressOf);
  const write = limitTo(POSTS_PER_MINUTE, addressOf);
  const ours = sameOrigin((c) => Promise.resolve(say(c as Context<FoundEnv>, publicTexts().foreignForm, 403)));
  const found = findRequest({ client, connections, config, faces, authorize });
  const app = new Hono<FoundEnv>();

  app.get('/:signed', page, read, found, (c) => showRequest(c, 200));

  app.get('/:signed/decline', at('../../', '../'), read, found, (c) => {
    const { root, self, description, face } = c.var;
    const kind = description.view.question?.kind;
    if (!isForPerson(description) || kind === 'choose-connection') return c.redirect(self, 303);
    return show(c, <DeclinePage root={root} self={self} face={face} kind={kind} />);
  });

  app.post('/:signed', page, write, ours, found, async (c) => {
    const form = await readForm(c, MAX_FORM_BYTES);
    if (typeof form === 'string') return say(c, publicTexts().badForm, NO_FORM_STATUS[form], c.var.self);
    const button = BUTTONS.find((name) => name === form['do']);
    if (button === undefined) return say(c, publicTexts().badForm, 400, c.var.self);
    if (!isForPerson(c.var.description)) return showRequest(c, 409);
    try {
      return await press(c, button, form);
    } catch (error) {
      return await refused(c, error);
    }
  });

  async function press(c: Context<FoundEnv>, button: Button, form: Form): Promise<Response> {
    const { request, self, description, person: by = BY_PERSON } = c.var;
    if (button === 'connect') return c.redirect(await mint(c, form), 303);
    if (button === 'decline') await request.decline({ by });
    else {
      const link = numberIn(form);
      if (link === undefined) return say(c, publicTexts().badForm, 400, self);
      if (!linksClicked(c, config, clickerOf(c)).includes(link)) return say(c, publicTexts().otherBrowser, 403, self);
      const nonce = nonceOf(description.view, link);
      if (nonce === undefined) return showRequest(c, 409);
      await (button === 'confirm' ? request.confirmOwner(nonce, { by }) : request.refuseOwner(nonce, { by }));
      await untilShown(request, description.view, link);
    }
    return c.redirect(self, 303);
  }

  /** A connection is read once more before it counts; meanwhile the page would ask what has just been said. */
  async function untilShown(request: ConnectionRequest, before: RequestView, link: number): Promise<void> {
    for (let left = SHOWN_WITHIN_MS; left > 0; left -= SHOWN_EVERY_MS) {
      const description = await describeInTime(client, request);
      if (description === undefined || description instanceof ApplicationFailure) return;
      if (hasComeOf(before, description.view, link)) return;
      await sleep(SHOWN_EVERY_MS);
    }
  }

  /** A yes is to what the page has asked, which may be something else by now. @returns Nango's connect page */
  async function mint(c: Context<FoundEnv>, { question }: Form): Promise<string> {
    const recreate = question === RECREATES;
    // A worker that is not there would be waited for as one that is being started anew.
    if ((await connections.workers())?.length === 0) throw nangoFailure('Nango.NoWorker');
    if (!verifyOwner) return (await c.var.request.connectSession({ recreate })).connectLink;
    const { connectLink, nonce } = await c.var.request.connectSession({ verifyOwner, recreate });
    rememberClick(c, config, clickerOf(c), nonce);
    return connectLink;
  }

  async function refused(c: Context<FoundEnv>, error: unknown): Promise<Response> {
    const failure = findNangoFailure(error);
    if (failure === undefined) throw error;
    const reason = reasonOf(failure);
    if (reason !== 'request_closed' && reason !== 'other_question' && reason !== 'no_open_question')
      return refusedBy(c, c.var.root, failure, c.var.self, c.var.face);
    const description = await describeInTime(client, c.var.request);
    if (description instanceof ApplicationFailure) return refusedBy(c, c.var.root, description, c.var.self, c.var.face);
    if (description !== undefined) c.set('description', description);
    return showRequest(c, 409);
  }

  function showRequest(c: Context<FoundEnv>, status: 200 | 409): Response {
    const { root, self, description, face } = c.var;
    const { view, ref } = description;
    const offered = confirmable(view, linksClicked(c, config, clickerOf(c)));
    if (description.closedAt !== undefined) forgetClicks(c, config, ref);
    const facts = { root, self, description, face, app: currentBrand().name, verifyOwner, offered };
    return show(c, <RequestPage {...facts} tooLate={status === 409} />, status);
  }

  return app;
}

/** @param root the way to the handler's root. @param above the way to the folder of the request's own page */
function at(root: string, above: string): MiddlewareHandler<FoundEnv> {
  return async (c, next) => {
    c.set('root', root);
    c.set('self', `${above}${c.req.param('signed') ?? ''}`);
    await next();
  };
}

function limitTo(perMinute: number, addressOf: AddressOf): MiddlewareHandler<FoundEnv> {
  const visits = new RateLimit(perMinute);
  return async (c, next) => {
    const { retryAfter } = visits.attempt(addressOf(c));
    if (retryAfter !== undefined) return tooManyVisits(c, c.var.root, retryAfter);
    await next();
  };
}

function clickerOf({ var: { request, person } }: Context<FoundEnv>): Clicker {
  return { ref: request.ref, person };
}
