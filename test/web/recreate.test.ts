import type { IncomingMessage } from 'node:http';
import type { Question } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { inboxWeb } from '../../src/web/inbox-web';
import { eventually } from '../support/eventually';
import { isInHistory } from '../support/history-scan';
import { startRelay } from '../support/relay';
import type { RelayedResponse } from '../support/relay';
import type { World } from '../support/world';
import { openRequest, openWorld, pathOf, Visitor } from './public-stage';
import { Visitor as Operator } from './visitor';

// What people and operators see where a link adds no scopes, and what they can do about it.

const SECRET = 'canary-of-a-client-secret';
const TOKEN = 'canary-of-an-access-token';
/** More of them than a memo has room for. */
const LONG = Array.from({ length: 20 }, (_, n) => `https://www.googleapis.com/auth/a-scope-as-long-as-these-are-${n}`);

let world: World;
let visitor: Visitor;
let person = 0;

beforeAll(async () => {
  world = await openWorld();
  world.nango.addProvider({ name: 'fixed', authMode: 'OAUTH2', ignoresScopesOverride: true, defaultScopes: ['read'] });
  world.nango.addProvider({ name: 'long', authMode: 'OAUTH2', ignoresScopesOverride: true, defaultScopes: LONG });
});

beforeEach(() => {
  visitor = new Visitor(world);
});

afterAll(async () => {
  await world?.close();
});

function operatorWith(config: Partial<World['config']> = {}): Operator {
  const settings = { config: { ...world.config, ...config }, authorize: () => ({ name: 'Olga' }) };
  return new Operator(inboxWeb(world.client, settings));
}

/** Somebody whose approval has added nothing, so that an operator is asked. */
async function approvedInVain(provider: 'fixed' | 'long' = 'fixed') {
  const id = `r_${++person}`;
  const integration = `${provider}-${person}`;
  world.nango.addIntegration({ key: integration, provider });
  const scope = provider === 'long' ? LONG.join(' ') : 'read';
  const credentials = { type: 'OAUTH2' as const, access_token: TOKEN, raw: { scope } };
  world.nango.addConnection({ integration, connectionId: `c-${id}`, tags: { end_user_id: id }, credentials });
  const request = await openRequest(world, { integration, endUser: { id }, scopes: ['write'] });
  await asked(request, 'approve-scopes');
  await connected(await request.connectLink(), request);
  await asked(request, 'update-integration-scopes');
  const { ref } = request;
  const detail = `/requests/${encodeURIComponent(ref.id)}/${ref.firstExecutionRunId}`;
  return { id, integration, request, path: pathOf(ref), detail };
}

async function asked(request: ConnectionRequest, kind: Question['kind']): Promise<void> {
  await eventually(async () => (await request.describe())?.view.question?.kind === kind || undefined);
}

async function connected(link: string, request: ConnectionRequest): Promise<string> {
  const made = world.nango.complete(link, { as: 'anna' });
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
  return made.connectionId;
}

async function scopesOf(integration: string, key = world.nango.secretKey): Promise<string> {
  const response = await fetch(`${world.nango.url}/integrations/${integration}?include=credentials`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return ((await response.json()) as { data: { credentials: { scopes: string } } }).data.credentials.scopes;
}

test('the person sees that it is not their turn, and has no button to connect', async () => {
  const { path } = await approvedInVain();
  const { text } = await visitor.get(path);
  expect(text).toContain('Signing in again has added no permissions.');
  expect(text).toContain('There is nothing for you to do until then');
  expect(text).not.toContain('value="connect"');
  expect((await visitor.press(path, 'connect')).status).toBe(409);
});

test('the operator sees what the integration is to request; what is typed goes to Nango, and the owner is asked', async () => {
  const { integration, request, path, detail, id } = await approvedInVain();
  const olga = operatorWith();
  const { text, html } = await olga.get(detail);
  expect(text).toContain('The connection lacks write');
  expect(text).toContain('what it requests now is among them: read,write');
  expect(html).toContain('type="password"');

  const done = await olga.submit(`${detail}/update-scopes`, { clientId: 'id', clientSecret: SECRET });
  expect(done.text).toContain('The integration requests it.');
  expect(await scopesOf(integration)).toBe('read,write');
  await eventually(async () => (await olga.get(detail)).text.includes('has been changed by Olga') || undefined);

  await asked(request, 'recreate-connection');
  const page = await visitor.get(path);
  expect(page.text).toContain('A new one has to take its place');
  expect(page.text).toContain('Yes, make a new connection and delete the old one');
  expect(page.html).toContain('<input type="hidden" name="question" value="recreate-connection"/>');
  const { headers } = await visitor.connect(path, 'recreate-connection');
  const connectionId = await connected(headers.get('location')!, request);
  expect(await request.result()).toMatchObject({ connectionId });
  expect(world.nango.connection(integration, `c-${id}`)).toBeUndefined();
  expect((await visitor.get(path)).text).toContain('is connected');

  // Neither what was typed nor a token is anywhere at Temporal, or on a page.
  const isWritten = (text: string) => isInHistory(world.client, request.ref.id, text);
  const shown = (await olga.get(detail)).text;
  expect(await isWritten(connectionId)).toBe(true);
  for (const secret of [SECRET, TOKEN]) {
    expect(await isWritten(secret)).toBe(false);
    expect(shown).not.toContain(secret);
  }
});

test('an operator whose change is made as the request ends is told that it is made', async () => {
  const { integration, request, detail } = await approvedInVain();
  const change = async (response: RelayedResponse, { method }: IncomingMessage): Promise<RelayedResponse> => {
    if (method === 'PATCH') await request.cancelForAll({ by: 'ops' });
    return response;
  };
  const relay = await startRelay({ upstream: world.nango.url, change });
  const olga = operatorWith({ baseUrl: relay.url });
  const done = await olga.submit(`${detail}/update-scopes`, { clientId: 'id', clientSecret: SECRET });
  await relay.close();
  expect(done.text).toContain('The integration requests it.');
  expect(await scopesOf(integration)).toBe('read,write');
});

test('a page that asked for more access is no yes to a deletion: it shows what is asked by now, and the old one stays', async () => {
  const { id, integration, request, path, detail } = await approvedInVain();
  await operatorWith().post(`${detail}/update-scopes`, { clientId: 'id', clientSecret: SECRET });
  await asked(request, 'recreate-connection');
  const stale = await visitor.connect(path, 'approve-scopes');
  expect([stale.status, stale.headers.get('location')]).toEqual([409, null]);
  expect(stale.text).toContain('What you have just pressed came too late and changed nothing.');
  expect(stale.text).toContain('Yes, make a new connection and delete the old one');
  const verified = new Visitor(world, { verifyOwner: true });
  expect((await verified.connect(path, 'approve-scopes')).status).toBe(409);
  expect(await world.connections.list({ integration })).toMatchObject([{ connectionId: `c-${id}` }]);
  expect((await verified.connect(path, 'recreate-connection')).status).toBe(303);
});

test('of more scopes than a list shows the operator sees all, and the integration is to request all', async () => {
  const { integration, request, path, detail } = await approvedInVain('long');
  const { question } = (await request.describe())!.view;
  expect(question?.scopes).toMatchObject({ missing: ['write'], more: { granted: 4, toRequest: 5 } });
  expect(question?.scopes?.toRequest).not.toContain('write');
  const olga = operatorWith();
  expect((await olga.get(detail)).text).toContain([...LONG, 'write'].join(','));
  await visitor.get(path);
  const done = await olga.submit(`${detail}/update-scopes`, { clientId: 'id', clientSecret: SECRET });
  expect(done.text).toContain('The integration requests it.');
  expect(await scopesOf(integration)).toBe([...LONG, 'write'].join(','));
  await asked(request, 'recreate-connection');
  // Granted are all that the page of a person says, by name or by number.
  expect((await visitor.get(path)).text).toContain('and 4 more');
});

test.each([
  ['the id of another app', { clientId: 'other', clientSecret: SECRET }, 400, 'That is not the app of the integration'],
  ['no secret', { clientId: 'id', clientSecret: '' }, 400, 'The client secret is missing'],
  ['nothing', {}, 400, 'That is not the app of the integration'],
])('of %s the operator is told what is wrong, and nothing is changed', async (_, fields, status, title) => {
  const { integration, detail } = await approvedInVain();
  const refused = await operatorWith().post(`${detail}/update-scopes`, fields);
  expect([refused.status, refused.text]).toEqual([status, expect.stringContaining(title)]);
  expect(refused.text).not.toContain(SECRET);
  expect(await scopesOf(integration)).toBe('read');
});

test.each([
  ['environment:integrations:update', ['environment:integrations:read_credentials']],
  ['environment:integrations:read_credentials', ['environment:integrations:read', 'environment:integrations:update']],
])('of a key without %s the operator is told that', async (scope, scopes) => {
  const { integration, detail } = await approvedInVain();
  const olga = operatorWith({ secretKey: world.nango.addKey({ scopes }) });
  const refused = await olga.post(`${detail}/update-scopes`, { clientId: 'id', clientSecret: SECRET });
  expect([refused.status, refused.text]).toEqual([503, expect.stringContaining(scope)]);
  expect(await scopesOf(integration)).toBe('read');
});

test('an inbox without a key says how it is done, and takes the word of who has done it once it is so', async () => {
  const { integration, request, detail } = await approvedInVain();
  const olga = operatorWith({ secretKey: undefined });
  const { text } = await olga.get(detail);
  expect(text).toContain('temporal-nango requests update-scopes');
  expect(text).not.toContain('type="password"');
  const early = await olga.post(`${detail}/scopes-updated`);
  expect([early.status, early.text]).toEqual([409, expect.stringContaining('does not request all of it yet')]);
  await operatorWith().post(`${detail}/update-scopes`, { clientId: 'id', clientSecret: SECRET });
  await asked(request, 'recreate-connection');
  expect(await scopesOf(integration)).toBe('read,write');
  const late = await olga.post(`${detail}/scopes-updated`);
  expect(late.status).toBe(409);
});

test('a no ends it, and the page says that the connection goes on', async () => {
  const { id, integration, path, detail, request } = await approvedInVain();
  const { text } = await operatorWith().submit(`${detail}/decide`, { choice: 'no' });
  expect(text).toContain('Your answer is recorded.');
  await expect(request.result()).rejects.toMatchObject({ type: 'Nango.ScopesMissing' });
  expect((await visitor.get(path)).text).toContain('stays connected, with what it may do already.');
  expect((await operatorWith().get(detail)).text).toContain('Answered no: the integration stays as it is by Olga');
  expect(world.nango.connection(integration, `c-${id}`)).toBeDefined();
});

test('a no on a page that asks about another account is none to what the integration requests', async () => {
  const id = `r_${++person}`;
  const integration = `fixed-${person}`;
  let account = 'anna';
  world.nango.addIntegration({ key: integration, provider: 'fixed' });
  world.nango.onProxy(integration, () => ({ json: { id: account } }));
  const credentials = { type: 'OAUTH2' as const, access_token: TOKEN, raw: { scope: 'read' } };
  const tags = { end_user_id: id, tn_account: account };
  world.nango.addConnection({ integration, connectionId: `c-${id}`, tags, credentials });
  const identity = { endpoint: '/me', pointer: '/id' };
  const request = await openRequest(world, { integration, endUser: { id }, scopes: ['write'], identity });
  const detail = `/requests/${encodeURIComponent(request.ref.id)}/${request.ref.firstExecutionRunId}`;
  await asked(request, 'approve-scopes');
  account = 'ben';
  await connected(await request.connectLink(), request);
  await eventually(async () => (await request.describe())?.view.question?.accountChange !== undefined || undefined);
  const olga = operatorWith();
  expect((await olga.get(detail)).html).toContain('name="found" value="ben"');

  await request.decide('yes', { by: 'Bert' });
  await asked(request, 'update-integration-scopes');
  for (const choice of ['no', 'yes']) {
    const stale = await olga.post(`${detail}/decide`, { choice, found: 'ben' });
    expect([stale.status, stale.text]).toEqual([409, expect.stringContaining('There is nothing to answer')]);
  }
  expect((await request.view()).status).toBe('waiting');
  expect((await olga.post(`${detail}/decide`, { choice: 'no' })).status).toBe(303);
});
