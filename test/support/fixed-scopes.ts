import type { Connection, EnsureConnectionInput, Question, RequestView } from '../../src/contract/types';
import { eventually } from './eventually';
import { startRelay } from './relay';
import type { Relay, Relaying } from './relay';
import { World } from './world';

/** A Nango where no link adds scopes, people whose connections lack one, and what they and an operator do about it. */

export const BY = { by: 'ann@example.com' };
export const METADATA = { folder: 'inbox' };
export const HOOK = 'https://hooks.example.com/nango';

let world: World;
let relay: Relay;
let person = 0;

/** What is between the worker and Nango: a test may put in what becomes of an answer. */
export const relaying: Pick<Relaying, 'change'> = {};

export async function openWorld(): Promise<World> {
  process.env.APP_SECRET = 'secret';
  world = await World.open('dev', { workers: false });
  relay = await startRelay(Object.assign(relaying, { upstream: world.nango.url }));
  world.config.baseUrl = relay.url;
  await world.startWorkers();
  world.nango.addProvider({ name: 'fixed', authMode: 'OAUTH2', ignoresScopesOverride: true });
  return world;
}

export async function closeWorld(): Promise<void> {
  delete process.env.APP_SECRET;
  await world?.close();
  await relay?.close();
}

export function key() {
  return { authorization: `Bearer ${world.nango.secretKey}` };
}

/** Somebody with an integration of their own, and no connection. */
export function newcomer() {
  const id = `u_${++person}`;
  const integration = `fixed-${person}`;
  world.nango.addIntegration({ key: integration, provider: 'fixed' });
  const wanted = { integration, endUser: { id }, scopes: ['write'] };
  return { id, integration, wanted, request: `nango/default/${integration}/u:${id}` };
}

type Newcomer = ReturnType<typeof newcomer>;

/** Somebody with a connection that was granted `read`, of an integration of their own. */
export function granted({ requests = 'read' }: { requests?: string } = {}) {
  const who = newcomer();
  const { id, integration } = who;
  const connectionId = `c-${id}`;
  const tags = { end_user_id: id, team: 'red' };
  const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: { scope: 'read' } };
  world.nango.addConnection({ integration, connectionId, tags, metadata: METADATA, credentials });
  return {
    ...who,
    connectionId,
    tags,
    ready: async () => {
      await setScopes(integration, requests);
      await send('PATCH', `/connections/${connectionId}?provider_config_key=${integration}`, {
        webhook_url_override: HOOK,
      });
    },
  };
}

export type Person = ReturnType<typeof granted>;

export async function setScopes(integration: string, scopes: string): Promise<void> {
  const credentials = { type: 'OAUTH2', client_id: 'id', client_secret: 'secret', scopes };
  await send('PATCH', `/integrations/${integration}`, { credentials });
}

export async function send(method: string, path: string, body: object): Promise<void> {
  const headers = { ...key(), 'content-type': 'application/json' };
  const response = await fetch(`${world.nango.url}${path}`, { method, headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}

export async function scopesOf(integration: string): Promise<string> {
  const response = await fetch(`${world.nango.url}/integrations/${integration}?include=credentials`, {
    headers: key(),
  });
  return ((await response.json()) as { data: { credentials: { scopes: string } } }).data.credentials.scopes;
}

export async function byClient(wanted: EnsureConnectionInput): Promise<Connection> {
  const request = await world.connections.ensureConnection(wanted);
  return request.kind === 'connection' ? request.connection : await request.result();
}

export function viewOf({ request }: Newcomer): Promise<RequestView> {
  return world.client.workflow.getHandle(request).query<RequestView>('nango.request');
}

export async function asked(who: Newcomer, kind: Question['kind']): Promise<RequestView> {
  return await eventually(async () => {
    const view = await viewOf(who).catch(() => undefined);
    return view?.question?.kind === kind ? view : undefined;
  });
}

export async function requestOf(who: Newcomer) {
  const { firstExecutionRunId = '' } = await viewOf(who);
  return world.connections.request({ id: who.request, firstExecutionRunId });
}

/** The person clicks and connects, and Nango's webhook says so. */
export async function connect(who: Newcomer, grant?: string[], as = 'anna'): Promise<string> {
  const link = await (await requestOf(who)).connectLink({ recreate: true });
  const made = world.nango.complete(link, { as, grant });
  await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...made });
  return made.connectionId;
}

/** Up to the question for the operator. */
export async function approvedInVain(who: Person): Promise<RequestView> {
  await who.ready();
  await asked(who, 'approve-scopes');
  expect(await connect(who)).toBe(who.connectionId);
  return await asked(who, 'update-integration-scopes');
}

export async function update(who: Newcomer, change: object = {}): Promise<void> {
  const credentials = { clientId: 'id', clientSecret: { fromEnv: 'APP_SECRET' }, ...change };
  await (await requestOf(who)).updateScopes(credentials, BY);
}

/** In the order they were made. */
export async function connectionsOf({ integration }: Newcomer) {
  const response = await fetch(`${world.nango.url}/connections?integrationId=${integration}`, { headers: key() });
  const { connections } = (await response.json()) as { connections: { connection_id: string }[] };
  return connections.map(({ connection_id: id }) => world.nango.connection(integration, id)!).toReversed();
}
