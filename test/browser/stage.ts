import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { NangoConfig } from '../../src/config';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { permanentLink } from '../../src/requests/permanent-link';
import { freePort } from '../../src/dev/free-port';
import type { EnsureConnectionInput } from '../../src/contract/types';
import { serveWeb } from '../../src/web/serve';
import type { ServedWeb } from '../../src/web/serve';
import { BulkUser } from '../support/bulk-user';
import { World } from '../support/world';
import { launchChromium } from './chromium';

const HOST = '127.0.0.1';
/** Nothing on these pages takes longer. */
const PATIENCE_MS = 45_000;

/** Both handlers as they are served, a Nango with its connect page, a Temporal with our worker, and a browser. */
export class Stage {
  private people = 0;
  private readonly others: ServedWeb[] = [];

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

  /** The address of a request's page where the web is served with other settings. */
  async pageWith(settings: Partial<NangoConfig>, { ref }: ConnectionRequest): Promise<string> {
    const config = { ...this.world.config, ...settings };
    const { publicUrl } = await this.serve(config);
    return permanentLink(ref, { ...config, publicUrl });
  }

  /** The address of a request's page where whoever connects has to say that it was them. */
  async pageVerifying({ ref }: ConnectionRequest): Promise<string> {
    const { config } = this.world;
    const { publicUrl } = await this.serve(config, true);
    return permanentLink(ref, { ...config, publicUrl });
  }

  /** The inbox of another environment, in which no worker works: what is listed there is what its test has put there. */
  async inboxOf(environment: string): Promise<string> {
    const { inboxUrl } = await this.serve({ ...this.world.config, environment });
    return inboxUrl;
  }

  private async serve(config: NangoConfig, verifyOwner = false): Promise<ServedWeb> {
    const anywhere = { host: HOST, port: 0 };
    const web = await serveWeb({ client: this.world.client, config, verifyOwner, public: anywhere, inbox: anywhere });
    this.others.push(web);
    return web;
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
    for (const web of [this.web, ...this.others]) await web.close();
    await this.user.close();
    await this.world.close();
  }
}

/** Clicks the button, connects as somebody at Nango's page, which opens in a tab of its own, and closes that. */
export async function connectAs(page: Page, account: string, grant?: string): Promise<void> {
  const nangos = await openNangos(page);
  await connectThere(nangos, account, grant);
  await nangos.close();
}

/** Clicks the button. @returns Nango's page, in the tab that has opened */
export async function openNangos(page: Page): Promise<Page> {
  const opened = page.context().waitForEvent('page');
  await page.getByRole('button', { name: /^Connect|^Grant|^Yes, make/ }).click();
  const nangos = await opened;
  await nangos.getByLabel('Account').waitFor();
  return nangos;
}

/** Connects as somebody at Nango's page. */
export async function connectThere(nangos: Page, account: string, grant?: string): Promise<void> {
  await nangos.getByLabel('Account').fill(account);
  if (grant !== undefined) await nangos.getByLabel('Scopes').fill(grant);
  await nangos.getByRole('button', { name: 'Connect' }).click();
  await nangos.getByRole('heading', { name: 'Connected' }).waitFor();
}
