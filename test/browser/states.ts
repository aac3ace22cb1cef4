import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { NangoConfig } from '../../src/config';
import { BULK_ID_PREFIX, BULK_PROGRESS, REQUEST_VIEW, WORKFLOW } from '../../src/contract/names';
import type { BulkProgress, EnsureConnectionInput, Owner, Question, RequestView } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import type { IntegrationSetUp } from '../../src/requests/set-ups/integration-set-up';
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

/** The page of a request where the web is served with other settings. */
const onPageWith = (
  settings: Partial<NangoConfig>,
  title: string | RegExp,
  wanted: Partial<EnsureConnectionInput> = {},
): PageState => ({
  as: 'person',
  async open(stage, page) {
    await page.goto(await stage.pageWith(settings, await stage.openRequest(wanted)));
    await heading(page, title);
  },
});

const MARK = join(__dirname, 'mark.svg');
export const BRAND = { brandColor: '#0f766e', brandMark: MARK };
const LONG_NAME = 'The Department of Weights, Measures and Other Things that Nobody Counts Twice '
  .repeat(4)
  .slice(0, 300);

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

/** Somebody has three connections, and nothing tells them apart. */
export async function severalFit(stage: Stage): Promise<ConnectionRequest> {
  const { nango } = stage.world;
  const id = `m_${Math.trunc(performance.now())}`;
  const made: [string, { [key: string]: string }, string[]][] = [
    ['7f2c3c1e-58a4-4d0b-9f0e-2a9d1f7c6b35', { tn_account: 'sales@example.com', place: 'Berlin' }, CRM],
    ['0d6f1c8a-93b5-4a57-8a0e-6a1f0b7c2e94', { tn_account: 'support@example.com', place: 'Paris' }, CRM.slice(0, 1)],
    ['c41b7a52-2d3e-4f60-8b1d-5e9f7a3c0d18', { place: 'Paris' }, CRM.slice(0, 2)],
  ];
  for (const [connectionId, tags, grant] of made) {
    const more = { connectionId: `${connectionId.slice(0, -4)}${id.slice(-4)}`, grant };
    nango.addConnection({ integration: 'hubspot', tags: { end_user_id: id, ...tags }, ...more });
  }
  const request = await stage.openRequest({ endUser: { id, displayName: 'Ann Example' }, scopes: undefined });
  await eventually(async () => {
    const { candidates } = (await request.describe())?.view.question ?? {};
    return candidates?.some(({ grantedScopes }) => grantedScopes !== undefined) || undefined;
  });
  return request;
}

/** A provider whose links add no scopes: the approval has come to nothing, so an operator is asked. */
export async function approvedInVain(stage: Stage): Promise<ConnectionRequest> {
  const { nango, client } = stage.world;
  const id = `v_${Math.trunc(performance.now())}`;
  const integration = `notes-${id}`;
  const grant = CRM.slice(0, 2);
  nango.addProvider({
    ...{ name: 'notes', displayName: 'Example Notes', authMode: 'OAUTH2' },
    ...{ ignoresScopesOverride: true, defaultScopes: grant },
  });
  nango.addIntegration({ key: integration, provider: 'notes' });
  nango.addConnection({ integration, connectionId: `c-${id}`, tags: { end_user_id: id }, grant });
  const wanted = { integration, endUser: { id, displayName: 'Ann Example' }, scopes: CRM };
  const request = await stage.openRequest(wanted);
  await asks(request, 'approve-scopes');
  const made = nango.complete(await request.connectLink(), { as: 'ann' });
  await client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
  await asks(request, 'update-integration-scopes');
  return request;
}

/** The same, and then an operator has had the integration request more. */
export async function updatedScopes(stage: Stage): Promise<ConnectionRequest> {
  const request = await approvedInVain(stage);
  const variable = 'BROWSER_TEST_APP_SECRET';
  process.env[variable] = 'secret';
  const credentials = { clientId: 'id', clientSecret: { fromEnv: variable } };
  await request.updateScopes(credentials, { by: 'Olive Operator' });
  delete process.env[variable];
  await asks(request, 'recreate-connection');
  return request;
}

async function asks(request: ConnectionRequest, kind: string): Promise<void> {
  await eventually(async () => (await request.describe())?.view.question?.kind === kind || undefined);
}

/** Somebody has connected by a link of the request, and nobody has said yet that it was the owner. @returns the link's nonce */
async function connectedBySomebody({ world }: Stage, request: ConnectionRequest): Promise<string> {
  // What a reconnect wipes may not be read yet.
  const minted = await eventually(() => request.connectSession({ verifyOwner: true }).catch(() => undefined));
  const made = world.nango.complete(minted.connectLink, { as: 'somebody' });
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
  await eventually(async () => ((await request.describe())?.view.question?.unconfirmed ? true : undefined));
  return minted.nonce;
}

/** The link that somebody has connected by is used once more: nobody can say which of the two is the owner's. */
async function usedOnceMore({ world }: Stage, request: ConnectionRequest): Promise<void> {
  const { nonce, connectionId } = (await request.describe())!.view.question!.unconfirmed![0]!;
  const { tags } = world.nango.connection('hubspot', connectionId)!;
  const other = world.nango.addConnection({ integration: 'hubspot', connectionId: `other-${nonce}`, tags });
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...other });
  await eventually(async () => (await request.describe())?.view.question?.unconfirmed?.[0]?.usedTwice);
}

/** The same of a connection that was in use; an operator has said that it was somebody else. */
async function connectedByAStranger(stage: Stage): Promise<ConnectionRequest> {
  const { request, nonce } = await connectedAnew(stage);
  await request.refuseOwner(nonce, { by: 'Olive Operator' });
  await eventually(async () => (await request.describe())?.view.question?.unconfirmed?.[0]?.refusedBy && true);
  return request;
}

/** By a link whose connection nobody has confirmed. */
async function connectedAnew(stage: Stage): Promise<{ request: ConnectionRequest; nonce: string }> {
  const id = `s_${Math.trunc(performance.now())}`;
  const connectionId = `c-${id}`;
  stage.world.nango.addConnection({ integration: 'hubspot', connectionId, tags: { end_user_id: id } });
  const endUser = { id, displayName: 'Ann Example' };
  const request = await stage.openRequest({ endUser, reconnect: connectionId, scopes: undefined });
  return { request, nonce: await connectedBySomebody(stage, request) };
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

/** A request as its memo shows it: no worker is to begin it soon. */
export async function startRequest(
  { world }: Stage,
  environment: string,
  integration: string,
  owner: Owner,
  view: Partial<RequestView> = {},
): Promise<void> {
  const none = { status: 'waiting', subscribers: 1, reminders: 0, extras: 0 };
  await world.client.workflow.start(WORKFLOW.connectionRequest, {
    workflowId: `nango/${environment}/${integration}/u:${owner.endUser?.id}`,
    ...{ taskQueue: world.config.taskQueue, args: [], startDelay: '1 day' },
    memo: { [REQUEST_VIEW]: { integration, owner, ...none, ...view } },
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
}

/** Requests of every status. @returns the environment that they are in */
export async function mixedRequests(stage: Stage): Promise<string> {
  const environment = 'mixed';
  const [now, hour, day] = [Date.now(), 3_600_000, 86_400_000];
  const asking = (kind: Question['kind'], hoursLeft: number, more: Partial<Question> = {}) => ({
    question: { kind, since: now - 3 * day, deadline: now + hoursLeft * hour, ...more },
  });
  for (const [name, displayName] of [
    ['agenda', 'Example Calendar'],
    ['tickets', 'Example Tickets'],
  ] as const) {
    stage.world.nango.addProvider({ name, displayName, authMode: 'OAUTH2' });
    stage.world.nango.addIntegration({ key: name, provider: name });
  }
  const unconfirmed = [{ connectionId: '7f2c3c1e-58a4-4d0b-9f0e-2a9d1f7c6b35', nonce: 'n.1', since: now }];
  const refused = unconfirmed.map((one) => ({ ...one, refusedBy: 'Olive Operator' }));
  const accountChange = { recorded: 'ann@example.com', found: 'bob@example.com' };
  const requests: [integration: string, name: string, Partial<RequestView>][] = [
    ['hubspot', 'Ann Archer', { ...asking('connect', -2), reminders: 3 }],
    ['hubspot', 'Ben Baker', { ...asking('connect', 20), subscribers: 4 }],
    ['agenda', 'Cem Cooper', asking('reconnect', 72, { unconfirmed: refused })],
    ['agenda', 'Dora Dyer', asking('connect', 168, { unconfirmed })],
    ['tickets', 'Eve Example', { ...asking('approve-scopes', 400), slot: 'support' }],
    ['tickets', 'Finn Fisher', asking('reconnect', 96, { accountChange })],
    ['hubspot', 'Gwen Glover', asking('choose-connection', 48)],
    ['a-key-that-somebody-has-made-very-long', '', asking('connect', 300)],
    ['hubspot', 'Ida Iverson', { status: 'checking' }],
  ];
  for (const [integration, displayName, view] of requests) {
    const id = displayName.split(' ')[0]?.toLowerCase() || '0d6f1c8a-93b5-4a57-8a0e-6a1f0b7c2e94';
    const named = { displayName, email: `${id}@example.com` };
    const owner = { endUser: { id, ...(displayName === '' ? {} : named) } };
    await startRequest(stage, environment, integration, owner, view);
  }
  return environment;
}

const openDetail = async (page: Page, { web }: Stage, { ref }: ConnectionRequest) =>
  await page.goto(`${web.inboxUrl}/requests/${encodeURIComponent(ref.id)}/${ref.firstExecutionRunId}`);

async function follow(page: Page, link: string, title: string): Promise<void> {
  await page.getByRole('link', { name: link }).click();
  await heading(page, title);
}

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

/** An integration that waits to be set up. */
async function setUpOf({ world }: Stage, name: string, provider: SetUpProvider): Promise<IntegrationSetUp> {
  world.nango.addProvider({ name, docs: 'https://example.com/docs', ...provider });
  const setUp = await world.connections.ensureIntegration({ provider: name });
  if (setUp.kind !== 'setUp') throw new Error('It is set up already');
  await world.atRest(setUp.ref.id);
  return setUp;
}

type SetUpProvider = Omit<Parameters<Stage['world']['nango']['addProvider']>[0], 'name'>;

async function openSetUp({ web }: Stage, page: Page, { ref }: IntegrationSetUp): Promise<void> {
  await page.goto(`${web.inboxUrl}/set-ups/${Buffer.from(ref.id).toString('base64url')}/${ref.firstExecutionRunId}`);
  await heading(page, /^Set up/);
}

const onSetUp = (
  name: string,
  provider: SetUpProvider,
  prepare: (setUp: IntegrationSetUp) => Promise<unknown> = () => Promise.resolve(),
): PageState => ({
  as: 'operator',
  async open(stage, page) {
    const setUp = await setUpOf(stage, name, provider);
    await prepare(setUp);
    await openSetUp(stage, page, setUp);
  },
});

/** Somebody has connected by a link that was clicked in this browser, or in another one. */
const onVerifiedPage = (
  goOn: (page: Page, address: string, stage: Stage, request: ConnectionRequest) => Promise<unknown>,
): PageState => ({
  as: 'person',
  async open(stage, page) {
    const request = await stage.openRequest();
    const address = await stage.pageVerifying(request);
    await page.goto(address);
    await connectAs(page, 'ann@example.com');
    await eventually(async () => ((await request.describe())?.view.question?.unconfirmed ? true : undefined));
    await page.goto(address);
    await page.getByRole('button', { name: 'Yes, it was me' }).waitFor();
    await goOn(page, address, stage, request);
  },
});

/** Every state of every page; the name is that of its picture. */
export const PAGE_STATES: { [name: string]: PageState } = {
  'connect-asked': onConnectPage(() => Promise.resolve(), /asks you to connect HubSpot/),
  'connect-branded': onPageWith(BRAND, /asks you to connect HubSpot/),
  'connect-plain': onPageWith({ appName: undefined, secretKey: undefined }, 'You are asked to connect hubspot'),
  'connect-pale': onPageWith({ brandColor: '#ffe94d', brandMark: MARK }, /asks you to connect HubSpot/),
  'connect-long-name': onPageWith(
    { ...BRAND, appName: LONG_NAME },
    /Department of Weights.* asks you to connect HubSpot/,
  ),
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
      const request = await stage.openRequest({ deadline: Date.now() + 5_000 });
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
  'connect-several': {
    as: 'person',
    async open(stage, page) {
      await page.goto((await severalFit(stage)).permanentLink());
      await heading(page, 'You have several HubSpot connections');
    },
  },
  'connect-waits-for-operator': {
    as: 'person',
    async open(stage, page) {
      await page.goto((await approvedInVain(stage)).permanentLink());
      await heading(page, /asks you to wait for more access to Example Notes/);
    },
  },
  'connect-recreate': {
    as: 'person',
    async open(stage, page) {
      await page.goto((await updatedScopes(stage)).permanentLink());
      await heading(page, /asks you to connect Example Notes anew/);
    },
  },
  'connect-was-it-you': onVerifiedPage(() => Promise.resolve()),
  'connect-unconfirmed': onVerifiedPage(async (page, address) => {
    await page.context().clearCookies();
    await page.goto(address);
    await page.getByRole('heading', { name: 'Connected, not confirmed' }).waitFor();
  }),
  'connect-was-not-you': onVerifiedPage(async (page) => {
    await page.getByRole('button', { name: 'No, it was somebody else' }).click();
    await page.getByRole('heading', { name: 'Connected by somebody else' }).waitFor();
  }),
  'connect-other-browser': onVerifiedPage(async (page) => {
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Yes, it was me' }).click();
    await heading(page, 'That has to be said in another browser');
  }),
  'connect-used-twice': onVerifiedPage(async (page, address, stage, request) => {
    await usedOnceMore(stage, request);
    await page.goto(address);
    await page.getByRole('heading', { name: 'Connected more than once' }).waitFor();
  }),
  'connect-confirmed': onVerifiedPage(async (page, _, { world }) => {
    world.nango.outage(true);
    try {
      await page.getByRole('button', { name: 'Yes, it was me' }).click();
      await heading(page, /is almost connected/);
    } finally {
      world.nango.outage(false);
    }
  }),
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
  'inbox-empty': {
    as: 'operator',
    async open(stage, page) {
      await page.goto(await stage.inboxOf('empty'));
      await page.getByRole('heading', { name: 'Nobody is waited for' }).waitFor();
    },
  },
  'inbox-mixed': {
    as: 'operator',
    async open(stage, page) {
      await page.goto(await stage.inboxOf(await mixedRequests(stage)));
      await page.getByRole('link', { name: '3 need you' }).waitFor();
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
  'inbox-choose': onDetail(severalFit),
  'inbox-update-scopes': onDetail(approvedInVain),
  'inbox-unconfirmed': onDetail(async (stage) => {
    const request = await stage.openRequest();
    await connectedBySomebody(stage, request);
    return request;
  }),
  'inbox-used-twice': onDetail(async (stage) => {
    const request = await stage.openRequest();
    await connectedBySomebody(stage, request);
    await usedOnceMore(stage, request);
    return request;
  }),
  'inbox-confirm-owner': onDetail(
    async (stage) => {
      const request = await stage.openRequest();
      await connectedBySomebody(stage, request);
      return request;
    },
    (page) => follow(page, 'It was the owner …', 'Was it the owner who connected?'),
  ),
  'inbox-refuse-owner': onDetail(
    async (stage) => {
      const request = await stage.openRequest();
      await connectedBySomebody(stage, request);
      return request;
    },
    (page) => follow(page, 'It was not the owner …', 'Was it somebody else who connected?'),
  ),
  'inbox-confirmed': {
    as: 'operator',
    async open(stage, page) {
      const { nango } = stage.world;
      const request = await stage.openRequest();
      const nonce = await connectedBySomebody(stage, request);
      nango.outage(true);
      try {
        await request.confirmOwner(nonce, { by: 'Olive Operator' });
        await openDetail(page, stage, request);
        await page.getByText('confirmed, being accepted').waitFor();
      } finally {
        nango.outage(false);
      }
    },
  },
  'inbox-refused': onDetail(connectedByAStranger),
  'inbox-disconnect': onDetail(connectedByAStranger, (page) =>
    follow(page, 'Disconnect it …', 'Disconnect what belongs to a stranger?'),
  ),
  'inbox-left-behind': onDetail(async (stage) => {
    const request = await connectedByAStranger(stage);
    await request.decline({ by: 'Olive Operator' });
    await request.result().catch(() => undefined);
    return request;
  }),
  'inbox-never-confirmed': onDetail(async (stage) => {
    const { request } = await connectedAnew(stage);
    await request.decline({ by: 'Olive Operator' });
    await request.result().catch(() => undefined);
    return request;
  }),
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
  'inbox-set-ups-none': {
    as: 'operator',
    async open({ web }, page) {
      await page.goto(`${web.inboxUrl}/set-ups`);
      await page.getByRole('heading', { name: 'No integration waits to be set up' }).waitFor();
    },
  },
  'inbox-set-up': onSetUp('notes', { authMode: 'OAUTH2', defaultScopes: ['notes.read', 'notes.write'] }),
  'inbox-set-up-own': onSetUp('tasks', { authMode: 'OAUTH1' }, (setUp) =>
    setUp.decide({ choice: 'nangoApp', by: 'Olive Operator' }).catch(() => undefined),
  ),
  'inbox-set-up-dashboard': onSetUp('mcp-notes', { authMode: 'MCP_OAUTH2' }),
  'inbox-set-up-ended': onSetUp('calendar', { authMode: 'OAUTH2' }, (setUp) => setUp.decline({ by: 'Olive Operator' })),
  'inbox-set-up-decline': {
    as: 'operator',
    async open(stage, page) {
      await openSetUp(stage, page, await setUpOf(stage, 'notes', { authMode: 'OAUTH2' }));
      await page.getByRole('link', { name: /^Decline/ }).click();
      await heading(page, 'Decline to set it up?');
    },
  },
  'inbox-set-ups': {
    as: 'operator',
    async open(stage, page) {
      await setUpOf(stage, 'notes', { authMode: 'OAUTH2' });
      await setUpOf(stage, 'mcp-notes', { authMode: 'MCP_OAUTH2' });
      await page.goto(`${stage.web.inboxUrl}/set-ups`);
      await page.getByRole('link', { name: 'mcp-notes' }).waitFor();
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
