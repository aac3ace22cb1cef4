import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { freePort } from '../../src/dev/free-port';
import type { EnsureConnectionInput } from '../../src/contract/types';
import { serveWeb } from '../../src/web/serve';
import type { ServedWeb } from '../../src/web/serve';
import { BulkUser } from '../support/bulk-user';
import { World } from '../support/world';
import { launchChromium } from './chromium';

const HOST = '127.0.0.1';
/** Nothing on these pages takes longer. */
const PATIENCE_MS = 15_000;

/** Both handlers as they are served, a Nango with its connect page, a Temporal with our worker, and a browser. */
export class Stage {
  private people = 0;

  private constructor(
    readonly world: World,
    readonly web: ServedWeb,
    /** brings the source and the sink of bulk runs */
    readonly user: BulkUser,
    private readonly browser: Browser,
    private readonly token: string,
  ) {}

  static async open(): Promise<Stage> {
    const [publicPort, inboxPort] = [await freePort(), await freePort()];
    const publicUrl = `http://${HOST}:${publicPort}`;
    const token = randomBytes(32).toString('hex');
    const world = await World.open('dev', {
      webhookUrl: `${publicUrl}/webhooks/nango`,
      config: { linkKeys: [randomBytes(32).toString('hex')], publicUrl, inboxToken: token, appName: 'Example CRM' },
    });
    const web = await serveWeb({
      client: world.client,
      config: world.config,
      public: { host: HOST, port: publicPort },
      inbox: { host: HOST, port: inboxPort },
    });
    return new Stage(world, web, await BulkUser.start(world), await launchChromium(), token);
  }

  /** A browser of its own: nothing is shared with another one. */
  async person(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    return await context.newPage();
  }

  /** The same, signed in to the inbox. */
  async operator(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.person(options);
    await page.goto(`${this.web.inboxUrl}/login`);
    await this.signIn(page);
    return page;
  }

  /** Fills in the login that a page shows. */
  async signIn(page: Page): Promise<void> {
    await page.getByLabel('Token').fill(this.token);
    await page.getByLabel('Your name').fill('Olive Operator');
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** Somebody new is asked to connect. */
  async openRequest(wanted: Partial<EnsureConnectionInput> = {}): Promise<ConnectionRequest> {
    const request = await this.world.connections.ensureConnection({
      integration: 'hubspot',
      endUser: { id: `u_${++this.people}`, displayName: 'Ann Example' },
      scopes: ['crm.objects.contacts.read', 'crm.objects.deals.read'],
      ...wanted,
    });
    if (request.kind !== 'request') throw new Error('The account is connected already');
    return request;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.web.close();
    await this.user.close();
    await this.world.close();
  }
}

/** Clicks the button, connects at Nango's page as somebody, and comes back. */
export async function connectAs(page: Page, account: string, grant?: string): Promise<void> {
  await page.getByRole('button', { name: /^Connect|^Grant/ }).click();
  await page.getByLabel('Account').fill(account);
  if (grant !== undefined) await page.getByLabel('Scopes').fill(grant);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('heading', { name: 'Connected' }).waitFor();
}
