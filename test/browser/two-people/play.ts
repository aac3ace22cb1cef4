import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { ConnectionRequest } from '../../../src/requests/connection-request';
import { eventually } from '../../support/eventually';
import { openNangos } from '../stage';
import type { Stage } from '../stage';
import { SESSION } from './variants';
import type { Variant } from './variants';

/** What has come of a connection. */
export type Verdict = 'accepted' | 'refused' | 'waits' | 'not let in';

/** Where a browser has been: a page of ours asks nothing of anybody else. */
export interface Sent {
  origin: string;
  isNavigation: boolean;
}

let browsers = 0;

/** One request, and the browsers of those who come to its page. */
export class Play {
  readonly sent: Sent[] = [];
  private readonly contexts: BrowserContext[] = [];

  constructor(
    private readonly stage: Stage,
    readonly variant: Variant,
    readonly request: ConnectionRequest,
  ) {}

  get owner(): string {
    return /u:([^/]+)/.exec(this.request.ref.id)![1]!;
  }

  /** A browser of its own, in which somebody is signed in. */
  async browser(user: string, options: BrowserContextOptions = {}): Promise<Page> {
    const from = { 'x-forwarded-for': `198.51.${browsers >> 8}.${browsers++ & 255}` };
    const page = await this.stage.person({ extraHTTPHeaders: from, ...options });
    this.contexts.push(page.context());
    page.context().on('request', (request) => {
      this.sent.push({ origin: new URL(request.url()).origin, isNavigation: request.isNavigationRequest() });
    });
    await this.signIn(page, user);
    return page;
  }

  async signIn(page: Page, user: string): Promise<void> {
    await page.context().addCookies([{ name: SESSION, value: user, url: this.variant.url }]);
  }

  /** Opens the permanent link. @returns whether whoever is signed in is let in */
  async opens(page: Page): Promise<boolean> {
    const response = await page.goto(this.variant.linkTo(this.request.ref));
    return response?.status() !== 403;
  }

  /** Opens it, and presses the button. @returns Nango's page; nothing for whoever is not let in */
  async clicks(page: Page): Promise<Page | undefined> {
    return (await this.opens(page)) ? await openNangos(page) : undefined;
  }

  /** Opens the permanent link and says whose click it was, by the buttons; or without them, as somebody who makes it up. */
  async says(page: Page, what: 'yes' | 'no'): Promise<void> {
    if (!(await this.opens(page))) return;
    const { view } = (await this.request.describe())!;
    const { nonce, usedTwice } = view.question?.unconfirmed?.at(-1) ?? {};
    if (nonce === undefined) return;
    const button = page.getByRole('button', { name: what === 'yes' ? 'Yes, it was me' : 'No, it was somebody else' });
    if ((await button.count()) > 0) {
      await button.click();
      await button.waitFor({ state: 'detached' });
      return;
    }
    const form = { do: what === 'yes' ? 'confirm' : 'refuse', link: nonce.split('.').at(-1)! };
    const status = await page.evaluate(
      `fetch(location.href, { method: 'POST', body: new URLSearchParams(${JSON.stringify(form)}) }).then((r) => r.status)`,
    );
    expect(status).toBe(usedTwice ? 409 : 403);
  }

  /** Waits until the request has noticed the connection. */
  async verdict(): Promise<Verdict> {
    return await eventually(async () => {
      const { view } = (await this.request.describe())!;
      if (view.status === 'connected') return 'accepted';
      const last = view.question?.unconfirmed?.at(-1);
      if (last === undefined) return undefined;
      return last.refusedBy === undefined ? 'waits' : 'refused';
    });
  }

  /** Waits until the request has noticed a connection of which nobody has said no, or has ended. */
  async noticed(): Promise<void> {
    await eventually(async () => {
      const { view } = (await this.request.describe())!;
      const { unconfirmed = [] } = view.question ?? {};
      return view.status !== 'waiting' || unconfirmed.some(({ refusedBy }) => refusedBy === undefined) || undefined;
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
  }
}
