import type { Client } from '@temporalio/client';
import { Hono } from 'hono';
import { NangoConnections } from '../client';
import { resolveConfig } from '../config';
import type { NangoConfig } from '../config';
import { nangoFailure } from '../contract/errors';
import { assets } from './assets';
import { catching } from './faults';
import { authenticate } from './inbox/authenticate';
import { errorPage, failurePage } from './inbox/errors';
import { bulkRoutes } from './inbox/bulk-routes';
import { listRoutes } from './inbox/list-routes';
import { withForm } from './inbox/form';
import { login, signIn } from './inbox/login';
import type { InboxEnv, Operator } from './inbox/operator';
import { requestRoutes } from './inbox/request-routes';
import { setUpRoutes } from './inbox/set-up-routes';
import { readSession } from './inbox/session';
import { IntegrationFaces } from './logos/integration-faces';
import { logoPath } from './logos/logo-path';
import { inboxLogoRoutes } from './logos/logo-routes';
import { withInboxTexts } from './texts/current';
import type { InboxTexts } from './texts/inbox';
import { within } from './within';
import { sameOrigin } from './same-origin';
import { securityHeaders } from './security-headers';

export type { Operator };

/** How long Temporal may take for a page, and for what an operator does. */
const READ_WITHIN_MS = 8_000;
const WRITE_WITHIN_MS = 30_000;

/** What the inbox is told; every option may be left out, if there is a token in the settings. */
export interface InboxWebOptions {
  /** default: `resolveConfig()`, from the environment and `.env` */
  config?: NangoConfig;
  /** signs operators in, 32 characters or more; default `TEMPORAL_NANGO_INBOX_TOKEN` */
  token?: string;
  /**
   * Instead of the token: who sent a request. Nothing is answered with 401; a `Response`, such as a redirect to the host
   * application's login, is sent as it is.
   */
  authorize?: (request: Request) => Operator | Response | undefined | Promise<Operator | Response | undefined>;
  /** what the pages say, in another language or in words of your own; default: {@link ENGLISH_INBOX} for each that is left out */
  texts?: Partial<InboxTexts>;
}

/**
 * The operator's pages: who is waited for, what happened, and what can be done about it; and the bulk runs. It lists without a worker. Every
 * way is relative, so that it can be mounted below any path that ends with a slash.
 *
 * @example
 * ```ts
 * app.mount('/inbox', inboxWeb(temporalClient, { authorize: (request) => operatorOf(request) }).fetch);
 * ```
 * @param client of Temporal, connected to the namespace of the worker
 * @param options default: settings from the environment and `.env`
 * @throws Nango.Misconfigured naming `TEMPORAL_NANGO_INBOX_TOKEN` without a token and without `authorize`
 */
export function inboxWeb(
  client: Client,
  { config = resolveConfig(), token = config.inboxToken, authorize, texts = {} }: InboxWebOptions = {},
): Hono {
  const connections = new NangoConnections(client, { config });
  const app = new Hono<InboxEnv>();

  const respondToFault = failurePage({ ...config, inboxToken: token });

  app.onError(respondToFault);
  app.notFound((c) => errorPage(c, 'notFound', 404));
  app.use(withInboxTexts(texts));
  app.use(securityHeaders({ referrerPolicy: 'same-origin', formAction: "'self'" }));
  app.use(catching(respondToFault));
  app.route('/assets', assets('inbox.css'));
  app.use(sameOrigin((c) => Promise.resolve(errorPage(c, 'crossOrigin', 403))));
  if (authorize !== undefined) {
    app.use(
      authenticate(
        (c) => authorize(c.req.raw),
        (c) => errorPage(c, 'unauthorized', 401),
      ),
    );
  } else if (token !== undefined) {
    app.route('/', login(token));
    app.use(authenticate((c) => readSession(c, token), signIn));
  } else {
    throw nangoFailure('Nango.Misconfigured', {
      field: 'TEMPORAL_NANGO_INBOX_TOKEN',
      hint: 'Set TEMPORAL_NANGO_INBOX_TOKEN, or give `authorize`.',
    });
  }
  app.use(withForm);
  app.use(async (c, next) => {
    const ms = c.req.method === 'POST' ? WRITE_WITHIN_MS : READ_WITHIN_MS;
    // The deadline ends what goes on at Temporal; the client's retries go on beyond it.
    const served = client.withDeadline(Date.now() + ms, next).then(() => true);
    if (!(await within(ms, served, false))) return errorPage(c, 'Nango.TemporalUnavailable', 503);
  });
  const faces = new IntegrationFaces(config, logoPath);
  const place = { client, connections, config, faces, canSignOut: authorize === undefined };
  app.route('/logos', inboxLogoRoutes(faces));
  app.route('/', listRoutes(place));
  app.route('/', requestRoutes(place));
  app.route('/', bulkRoutes(place));
  app.route('/', setUpRoutes(place));
  return app as unknown as Hono;
}
