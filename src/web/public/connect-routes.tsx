import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Hono } from 'hono';
import type { Context, MiddlewareHandler, Next } from 'hono';
import { NangoConnections } from '../../client';
import type { NangoConfig } from '../../config';
import { reasonOf, findNangoFailure, nangoFailure } from '../../contract/errors';
import type { RequestRef, RequestView } from '../../contract/types';
import type { ConnectionRequest } from '../../requests/connection-request';
import { readSigned } from '../../requests/permanent-link';
import type { RequestDescription } from '../../requests/description';
import { show } from '../layout';
import { sameOrigin } from '../same-origin';
import { CONNECT } from '../texts';
import type { AddressOf } from '../client-address';
import { DeclinePage } from './decline-page';
import { IntegrationNames } from './integration-names';
import { MessagePage, NotFoundPage } from './message-pages';
import type { MessageProps } from './message-pages';
import { RateLimit } from '../rate-limit';
import { NO_FORM_STATUS, readForm } from '../read-form';
import type { NoForm } from '../read-form';
import { refusedBy, tooManyVisits } from './refusals';
import { isOpen, RequestPage } from './request-page';
import { within } from '../within';

/**
 * Says whether somebody may see a request and act on it. `false` shows a page that it is for somebody else; a `Response`,
 * such as a redirect to a login, is sent as it is.
 *
 * @param request as it came, for its cookies
 */
export type Authorize = (
  described: {
    /** names the request */
    ref: RequestRef;
    /** whose it is, and its status */
    view: RequestView;
  },
  request: Request,
) => boolean | Response | Promise<boolean | Response>;

const GETS_PER_MINUTE = 120;
const POSTS_PER_MINUTE = 20;
const DESCRIBE_WITHIN_MS = 5_000;
const MAX_FORM_BYTES = 1_024;
/** Recorded with the request, beside what operators do by name. */
const BY_PERSON = 'the connect page';

interface ConnectParts {
  client: Client;
  config: NangoConfig;
  authorize?: Authorize;
  addressOf: AddressOf;
}

type Env = { Variables: { root: string; self: string; request: ConnectionRequest; description: RequestDescription } };

/**
 * What a permanent link leads to. Reading it costs the request nothing and makes no link, since chats fetch addresses to
 * preview them; connecting and declining are forms of the page itself.
 */
export function connectRoutes({ client, config, authorize, addressOf }: ConnectParts): Hono<Env> {
  const connections = new NangoConnections(client, { config });
  const names = new IntegrationNames(config);
  const page = at('../', './');
  const read = limitTo(GETS_PER_MINUTE, addressOf);
  const write = limitTo(POSTS_PER_MINUTE, addressOf);
  const ours = sameOrigin((c) => Promise.resolve(say(c as Context<Env>, CONNECT.foreignForm, 403)));
  const app = new Hono<Env>();

  app.get('/:signed', page, read, found, async (c) => await showRequest(c, 200));

  app.get('/:signed/decline', at('../../', '../'), read, found, async (c) => {
    const { root, self, description } = c.var;
    if (!isOpen(description)) return c.redirect(self, 303);
    const { integration, question } = description.view;
    return show(c, <DeclinePage root={root} self={self} name={await names.of(integration)} kind={question?.kind} />);
  });

  app.post('/:signed', page, write, ours, found, async (c) => {
    const form = await readForm(c, MAX_FORM_BYTES);
    if (typeof form === 'string') return say(c, CONNECT.badForm, NO_FORM_STATUS[form], c.var.self);
    const choice = form['do'];
    if (choice !== 'connect' && choice !== 'decline') return say(c, CONNECT.badForm, 400, c.var.self);
    if (!isOpen(c.var.description)) return await showRequest(c, 409);
    try {
      return c.redirect(choice === 'connect' ? await mint(c.var.request) : await decline(c), 303);
    } catch (error) {
      return await refused(c, error);
    }
  });

  /** Goes on with the request that a link is for, if it is one of ours and whoever comes may see it. */
  async function found(c: Context<Env>, next: Next): Promise<Response | void> {
    const ref = readSigned(c.req.param('signed') ?? '', config.linkKeys, config.environment);
    const request = ref && connections.request(ref);
    const description = request && (await descriptionOf(request));
    if (description instanceof ApplicationFailure) return refusedBy(c, c.var.root, description, c.var.self);
    if (request === undefined || description === undefined) return show(c, <NotFoundPage root={c.var.root} />, 404);
    const allowed = (await authorize?.({ ref: description.ref, view: description.view }, c.req.raw)) ?? true;
    if (typeof allowed !== 'boolean') return allowed;
    if (!allowed) return say(c, CONNECT.notYours, 403);
    c.set('request', request);
    c.set('description', description);
    await next();
  }

  /** @returns the failure if Temporal does not answer in time */
  async function descriptionOf(
    request: ConnectionRequest,
  ): Promise<RequestDescription | ApplicationFailure | undefined> {
    const late = nangoFailure('Nango.TemporalUnavailable');
    try {
      const described = client.withDeadline(Date.now() + DESCRIBE_WITHIN_MS, () => request.describe());
      return await within(DESCRIBE_WITHIN_MS, described, late);
    } catch (error) {
      const failure = findNangoFailure(error);
      if (failure === undefined) throw error;
      return failure;
    }
  }

  /** @returns Nango's connect page */
  async function mint(request: ConnectionRequest): Promise<string> {
    // A worker that is not there would be waited for as one that is being started anew.
    if ((await connections.workers())?.length === 0) throw nangoFailure('Nango.NoWorker');
    return (await request.connectSession()).connectLink;
  }

  async function refused(c: Context<Env>, error: unknown): Promise<Response> {
    const failure = findNangoFailure(error);
    if (failure === undefined) throw error;
    if (reasonOf(failure) !== 'request_closed') return refusedBy(c, c.var.root, failure, c.var.self);
    const description = await descriptionOf(c.var.request);
    if (description instanceof ApplicationFailure) return refusedBy(c, c.var.root, description, c.var.self);
    if (description !== undefined) c.set('description', description);
    return await showRequest(c, 409);
  }

  async function showRequest(c: Context<Env>, status: 200 | 409): Promise<Response> {
    const { root, self, description } = c.var;
    const name = await names.of(description.view.integration);
    const facts = { root, self, description, name, app: config.appName };
    return show(c, <RequestPage {...facts} tooLate={status === 409} />, status);
  }

  return app;
}

/** @param root the way to the handler's root. @param above the way to the folder of the request's own page */
function at(root: string, above: string): MiddlewareHandler<Env> {
  return async (c, next) => {
    c.set('root', root);
    c.set('self', `${above}${c.req.param('signed') ?? ''}`);
    await next();
  };
}

function limitTo(perMinute: number, addressOf: AddressOf): MiddlewareHandler<Env> {
  const visits = new RateLimit(perMinute);
  return async (c, next) => {
    const { retryAfter } = visits.attempt(addressOf(c));
    if (retryAfter !== undefined) return tooManyVisits(c, c.var.root, retryAfter);
    await next();
  };
}

/** @returns the request's own page, which says it */
async function decline({ var: { request, self } }: Context<Env>): Promise<string> {
  await request.decline({ by: BY_PERSON });
  return self;
}

type Refusal = 400 | 403 | (typeof NO_FORM_STATUS)[NoForm];

function say(c: Context<Env>, message: MessageProps['message'], status: Refusal, back?: string): Response {
  return show(c, <MessagePage root={c.var.root} message={message} back={back} />, status);
}
