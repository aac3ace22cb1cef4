import type { Client } from '@temporalio/client';
import { Hono } from 'hono';
import { resolveConfig } from '../config';
import type { NangoConfig } from '../config';
import { DEFAULT_TASK_QUEUE } from '../contract/names';
import type { WebhookEvent } from '../webhook';
import { assets } from './assets';
import { addressOf } from './client-address';
import type { Authorize } from './public/connect-routes';
import { connectRoutes } from './public/connect-routes';
import { formAction } from './public/form-action';
import { healthRoutes } from './public/health-routes';
import { NotFoundPage } from './public/message-pages';
import { webhookRoutes } from './public/webhook-routes';
import { securityHeaders } from './security-headers';
import { show } from './layout';

export interface PublicWebOptions {
  /** where our worker polls; default `nango` */
  taskQueue?: string;
  /** default: {@link resolveConfig}, from the environment and `.env` */
  config?: NangoConfig;
  /**
   * gets every verified delivery that wakes no request: syncs, forwarded webhooks, async actions, failed attempts. Nango
   * is told to repeat it if this throws or takes longer than a second, so it may be called twice with the same
   */
  onWebhook?: (event: WebhookEvent) => unknown;
  /** who may see a request and act on it; default: whoever has the link */
  authorize?: Authorize;
  /** how many proxies of yours stand in front, each of which adds to `X-Forwarded-For`; default 0: the header is not read */
  trustedProxies?: number;
}

/**
 * What may face the internet: the page that a permanent link leads to, Nango's webhooks, and two health checks. Mount it
 * anywhere: it links to itself by relative addresses only.
 *
 * @example
 * const app = new Hono();
 * app.mount('/nango', publicWeb(temporalClient).fetch);
 * @throws Nango.Misconfigured from {@link resolveConfig}
 */
export function publicWeb(
  client: Client,
  {
    taskQueue = DEFAULT_TASK_QUEUE,
    config = resolveConfig(),
    onWebhook,
    authorize,
    trustedProxies = 0,
  }: PublicWebOptions = {},
): Hono {
  const addressed = addressOf(trustedProxies);
  const app = new Hono();
  app.use(securityHeaders({ referrerPolicy: 'no-referrer', formAction: formAction(config) }));
  app.route('/assets', assets());
  app.route('/connect', connectRoutes({ client, taskQueue, config, authorize, addressOf: addressed }));
  app.route('/webhooks', webhookRoutes({ client, config, onWebhook, addressOf: addressed }));
  app.route('/', healthRoutes(client, config));
  app.notFound((c) => show(c, <NotFoundPage root={'../'.repeat(c.req.path.split('/').length - 2)} />, 404));
  return app;
}
