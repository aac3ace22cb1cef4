import type { Page } from 'playwright-core';
import { BULK_ID_PREFIX, BULK_PROGRESS, WORKFLOW } from '../../src/contract/names';
import type { BulkProgress } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { eventually } from '../support/eventually';
import { connectAs } from './stage';
import type { Stage } from './stage';

/** Pages as people meet them: how each is come to, and what then stands there. */
export interface PageState {
  as: 'person' | 'operator';
  /** @returns once the page shows the state */
  open: (stage: Stage, page: Page) => Promise<unknown>;
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();

const onConnectPage = (
  end: (request: ConnectionRequest, stage: Stage, page: Page) => Promise<unknown>,
  title: string | RegExp,
): PageState => ({
  as: 'person',
  async open(stage, page) {
    const request = await stage.openRequest();
    await end(request, stage, page);
    await page.goto(request.permanentLink());
    await heading(page, title);
  },
});

/** Somebody has connected with a link, and somebody else after that with the same link. */
export async function connectedTwice(request: ConnectionRequest, { world }: Stage): Promise<void> {
  const link = await request.connectLink();
  world.nango.complete(link, { as: 'ann' });
  world.nango.complete(link, { as: 'bob' });
  await request.result();
}

/** A reconnect has put another account behind the connection. */
export async function accountChanged(stage: Stage): Promise<ConnectionRequest> {
  const { nango } = stage.world;
  const identity = { endpoint: '/account', pointer: '/email' };
  const wanted = { endUser: { id: `b_${Math.trunc(performance.now())}`, displayName: 'Ben Example' }, identity };
  nango.onProxy('hubspot', ({ credentials }) => {
    const isBob = JSON.stringify(credentials).includes('bob');
    return { json: { email: isBob ? 'bob@example.com' : 'ann@example.com' } };
  });
  const first = await stage.openRequest(wanted);
  nango.complete(await first.connectLink(), { as: 'ann' });
  const { connectionId } = await first.result();
  const request = await stage.openRequest({ ...wanted, reconnect: connectionId });
  nango.complete(await request.connectLink(), { as: 'bob' });
  await eventually(async () => (await request.describe())?.view.question?.accountChange && true);
  return request;
}

const CRM = ['crm.objects.contacts.read', 'crm.objects.contacts.write', 'crm.objects.deals.read'];

/** A connection was granted less than somebody needs, and its owner is asked for the rest. */
async function scopesMissing(stage: Stage): Promise<ConnectionRequest> {
  const { nango } = stage.world;
  const id = `g_${Math.trunc(performance.now())}`;
  const grant = ['oauth', 'crm.objects.contacts.read', 'crm.lists.read'];
  nango.addConnection({ integration: 'hubspot', connectionId: `c-${id}`, tags: { end_user_id: id }, grant });
  const request = await stage.openRequest({ endUser: { id, displayName: 'Ann Example' }, scopes: CRM });
  await eventually(async () => (await request.describe())?.view.question?.kind === 'approve-scopes' || undefined);
  return request;
}

/** The same, and then the owner has granted one of two. */
async function grantedLess(stage: Stage): Promise<ConnectionRequest> {
  const { nango, client } = stage.world;
  const request = await scopesMissing(stage);
  const made = nango.complete(await request.connectLink(), { as: 'ann', grant: ['oauth', ...CRM.slice(0, 2)] });
  await client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
  await request.result().catch(() => undefined);
  return request;
}

/** Bulk runs as they look after a while: their memos say so, and no worker is to begin them soon. */
async function bulkRuns({ world }: Stage): Promise<void> {
  const now = Date.now();
  const [minute, hour] = [60_000, 3_600_000];
  const connection = { integration: 'hubspot', connectionId: '7f2c3c1e-58a4-4d0b-9f0e-2a9d1f7c6b35' };
  const runs: { [id: string]: Partial<BulkProgress> } = {
    contacts: {
      ...{ done: 61_500, total: 100_000, rate: 238, waitsFor: 'calls', endsAt: now + 3 * minute },
      ...{ failed: { 'Nango.ProviderRejected': 214, 'Nango.InvalidRequest': 3 }, unknown: 1 },
    },
    deals: { status: 'paused', by: 'Olive Operator', done: 1_240, total: 8_000, begunAt: now - 2 * hour },
    invoices: { done: 4_800, waitsFor: 'sink', begunAt: now - 5 * hour },
    '0d6f1c8a-93b5-4a57-8a0e-6a1f0b7c2e94': {
      status: 'stopping',
      done: 90,
      waitsFor: 'calls',
      begunAt: now - 6 * hour,
    },
  };
  for (const [id, progress] of Object.entries(runs)) {
    const none = { done: 0, failed: {}, unknown: 0, skipped: 0, rate: 0 };
    const memo = {
      [BULK_PROGRESS]: { status: 'running', connection, begunAt: now - 5 * minute, ...none, ...progress },
    };
    await world.client.workflow.start(WORKFLOW.bulk, {
      ...{ workflowId: BULK_ID_PREFIX + id, taskQueue: world.config.taskQueue, args: [], memo, startDelay: '1 day' },
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  }
}

const openDetail = async (page: Page, { web }: Stage, { ref }: ConnectionRequest) =>
  await page.goto(`${web.inboxUrl}/requests/${encodeURIComponent(ref.id)}/${ref.firstExecutionRunId}`);

const onDetail = (
  prepare: (stage: Stage) => Promise<ConnectionRequest>,
  goOn: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): PageState => ({
  as: 'operator',
  async open(stage, page) {
    await openDetail(page, stage, await prepare(stage));
    await goOn(page);
  },
});

/** Every state of every page; the name is that of its picture. */
export const PAGE_STATES: { [name: string]: PageState } = {
  'connect-asked': onConnectPage(() => Promise.resolve(), /asks you to connect HubSpot/),
  'connect-decline': {
    as: 'person',
    async open(stage, page) {
      await page.goto(`${(await stage.openRequest()).permanentLink()}/decline`);
      await heading(page, 'Decline to connect HubSpot?');
    },
  },
  'connect-connected': onConnectPage(async (request, _, page) => {
    await page.goto(request.permanentLink());
    await connectAs(page, 'ann@example.com');
    await request.result();
  }, 'HubSpot is connected'),
  'connect-declined': onConnectPage((request) => request.decline(), 'You have declined'),
  'connect-withdrawn': onConnectPage((request) => request.cancel(), 'This request was withdrawn'),
  'connect-expired': {
    as: 'person',
    async open(stage, page) {
      const request = await stage.openRequest({ deadline: Date.now() + 1_500 });
      await request.result().catch(() => undefined);
      await page.goto(request.permanentLink());
      await heading(page, 'This request has expired');
    },
  },
  'connect-replaced': onConnectPage(async (request, { world }) => {
    await request.cancel();
    const { integration, owner } = (await request.describe())!.view;
    await world.connections.ensureConnection({ integration, ...owner });
  }, 'There is a newer request'),
  'connect-account-changed': {
    as: 'person',
    async open(stage, page) {
      await page.goto((await accountChanged(stage)).permanentLink());
      await page.getByRole('heading', { name: 'Another account was connected' }).waitFor();
    },
  },
  'connect-scopes': {
    as: 'person',
    async open(stage, page) {
      await page.goto((await scopesMissing(stage)).permanentLink());
      await heading(page, /asks you to grant more access to HubSpot/);
    },
  },
  'connect-scopes-fewer': {
    as: 'person',
    async open(stage, page) {
      await page.goto((await grantedLess(stage)).permanentLink());
      await heading(page, 'Not all was granted');
    },
  },
  'connect-no-such-link': {
    as: 'person',
    async open({ web }, page) {
      await page.goto(`${web.publicUrl}/connect/1.x.y.z`);
      await heading(page, 'This link does not work');
    },
  },
  'inbox-login': {
    as: 'person',
    async open({ web }, page) {
      await page.goto(web.inboxUrl);
      await heading(page, 'Sign in to the inbox');
    },
  },
  'inbox-list': {
    as: 'operator',
    async open(stage, page) {
      await stage.openRequest();
      await stage.openRequest({ deadline: Date.now() + 3_600_000, slot: 'sales' });
      await (await stage.openRequest({ organization: { id: 'acme' } })).remind({ by: 'Olive Operator' });
      await page.goto(stage.web.inboxUrl);
      await page.getByRole('table').waitFor();
    },
  },
  'inbox-no-match': {
    as: 'operator',
    async open({ web }, page) {
      await page.goto(`${web.inboxUrl}/?q=nobody-of-this-name`);
      await page.getByRole('heading', { name: 'No open request fits' }).waitFor();
    },
  },
  'inbox-request': onDetail(async (stage) => {
    const request = await stage.openRequest();
    await request.connectLink();
    await request.remind({ by: 'Olive Operator' });
    await request.extend(Date.now() + 30 * 86_400_000, { by: 'Olive Operator' });
    return request;
  }),
  'inbox-question': onDetail(accountChanged),
  'inbox-scopes': onDetail(scopesMissing),
  'inbox-decline': onDetail(
    (stage) => stage.openRequest(),
    (page) => page.getByRole('link', { name: /^Decline/ }).click(),
  ),
  'inbox-ended': onDetail(async (stage) => {
    const request = await stage.openRequest();
    await request.decline({ by: 'Olive Operator' });
    return request;
  }),
  'inbox-extras': onDetail(
    async (stage) => {
      const request = await stage.openRequest();
      await connectedTwice(request, stage);
      return request;
    },
    (page) => page.getByRole('link', { name: 'Extra connections' }).click(),
  ),
  'inbox-bulk-none': {
    as: 'operator',
    async open({ web }, page) {
      await page.goto(`${web.inboxUrl}/bulk`);
      await page.getByRole('heading', { name: 'No bulk run goes on' }).waitFor();
    },
  },
  'inbox-bulk': {
    as: 'operator',
    async open(stage, page) {
      await bulkRuns(stage);
      await page.goto(`${stage.web.inboxUrl}/bulk`);
      await page.getByRole('cell', { name: 'paused by Olive Operator' }).waitFor();
    },
  },
  'inbox-bulk-stop': {
    as: 'operator',
    async open(stage, page) {
      await bulkRuns(stage);
      await page.goto(`${stage.web.inboxUrl}/bulk`);
      await page.getByRole('link', { name: 'Stop … nango-bulk/contacts' }).click();
      await heading(page, 'Stop the bulk run?');
    },
  },
  'inbox-not-found': {
    as: 'operator',
    async open({ web }, page) {
      await page.goto(`${web.inboxUrl}/requests/unknown`);
      await heading(page, 'There is no such page');
    },
  },
};
