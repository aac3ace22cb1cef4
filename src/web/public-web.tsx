import type { Client } from '@temporalio/client';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { resolveConfig } from '../config';
import type { NangoConfig } from '../config';
import type { WebhookEvent } from '../webhook';
import { assets } from './assets';
import type { Brand } from './brand/brand';
import { readBrand } from './brand/brand';
import { brandAssets } from './brand/brand-assets';
import { withBrand } from './brand/current-brand';
import { addressOf } from './client-address';
import { catching, logFault } from './faults';
import type { RespondToFault } from './faults';
import { IntegrationFaces } from './logos/integration-faces';
import { signedLogoPath } from './logos/logo-path';
import { publicLogoRoutes } from './logos/logo-routes';
import type { Authorize } from './public/authorize';
import { connectRoutes } from './public/connect-routes';
import { formAction } from './public/form-action';
import { healthRoutes } from './public/health-routes';
import { MessagePage, NotFoundPage } from './public/message-pages';
import { webhookRoutes } from './public/webhook-routes';
import { securityHeaders } from './security-headers';
import { show } from './layout';
import { publicTexts, withPublicTexts } from './texts/current';
import type { PublicTexts } from './texts/public';

/** What the public web is told; every option may be left out. */
export interface PublicWebOptions {
  /** default: `resolveConfig()`, from the environment and `.env` */
  config?: NangoConfig;
  /**
   * gets every verified delivery that wakes no request: syncs, forwarded webhooks, async actions, failed attempts. Nango
   * is told to repeat it if this throws or takes longer than a second, so it may be called twice with the same
   */
  onWebhook?: (event: WebhookEvent) => unknown;
  /** who may see a request and act on it; default: whoever has the link */
  authorize?: Authorize;
  /** how the pages show whose they are; default: as the settings say, each for itself */
  brand?: Brand;
  /**
   * whoever connects has to say so in the browser that has clicked, as the person that `authorize` names, before the
   * connection counts; default: whether there is an `authorize`
   */
  verifyOwner?: boolean;
  /** how many proxies of yours stand in front, each of which adds to `X-Forwarded-For`; default 0: the header is not read */
  trustedProxies?: number;
  /** what the pages say, in another language or in words of your own; default: {@link ENGLISH_PUBLIC} for each that is left out */
  texts?: Partial<PublicTexts>;
}

/**
 * What may face the internet: the page that a permanent link leads to, Nango's webhooks, and two health checks. Mount it
 * anywhere: it links to itself by relative addresses only.
 *
 * @example
 * ```ts
 * const app = new Hono();
 * app.mount('/nango', publicWeb(temporalClient).fetch);
 * ```
 * @param client of Temporal, connected to the namespace of the worker
 * @param options default: settings from the environment and `.env`
 * @throws Nango.Misconfigured from `resolveConfig()`; naming what of `brand` cannot be used
 */
export function publicWeb(
  client: Client,
  {
    config = resolveConfig(),
    onWebhook,
    authorize,
    verifyOwner = authorize !== undefined,
    brand = {},
    trustedProxies = 0,
    texts = {},
  }: PublicWebOptions = {},
): Hono {
  const shown = readBrand(brand, config);
  const addressed = addressOf(trustedProxies);
  const faces = new IntegrationFaces(config, (key) => signedLogoPath(key, config.linkKeys));
  const app = new Hono();
  const webhooks = webhookRoutes({ client, config, onWebhook, addressOf: addressed });
  webhooks.onError((error, c) => {
    logFault(error, c, config);
    return c.json({ error: 'internal' }, 500);
  });
  const respondToFault: RespondToFault = (error, c) => {
    logFault(error, c, config);
    return show(c, <MessagePage root={rootOf(c)} message={publicTexts().unavailable} />, 500);
  };
  app.onError(respondToFault);
  app.use(withPublicTexts(texts));
  app.use(withBrand(shown));
  app.use(securityHeaders({ referrerPolicy: 'no-referrer', formAction: formAction(config) }));
  app.use(catching(respondToFault));
  app.route('/assets', assets());
  app.route('/assets', brandAssets(shown));
  app.route('/connect', connectRoutes({ client, config, faces, authorize, verifyOwner, addressOf: addressed }));
  app.route('/logos', publicLogoRoutes(faces, config.linkKeys, addressed));
  app.route('/webhooks', webhooks);
  app.route('/', healthRoutes(client, config));
  app.notFound((c) => show(c, <NotFoundPage root={rootOf(c)} />, 404));
  return app;
}

/** The way to the root from a page of which nothing is known but its path. */
function rootOf(c: Context): string {
  return '../'.repeat(c.req.path.split('/').length - 2);
}
