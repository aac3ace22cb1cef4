import type { Worker } from '@temporalio/worker';
import type { FakeNango } from '../../src/testing/fake-nango';
import type { EnsureConnectionInput, Join, Subject } from '../../src/contract/types';
import { WORKFLOW } from '../../src/contract/names';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { joinRequest } from '../../src/requests/join';
import type { Place } from '../../src/requests/start';
import { SECRET_KEY_OF } from './secrets';
import { eventually } from '../support/eventually';
import { startRelay } from '../support/relay';
import type { Relay, Relaying } from '../support/relay';
import { World } from '../support/world';

/** What a story needs: days that pass at once, a real server, or one that suggests early to continue as new, or rather. */
export type Server = 'timeSkipping' | 'dev' | 'short' | 'ratherShort';

/** A run whose history is recorded; default: the latest. */
export interface Run {
  workflowId: string;
  runId?: string;
}

/** How a history comes about. */
export interface Story {
  on: Server;
  /** what becomes of Nango's responses; default: nothing */
  change?: Relaying['change'];
  play: (stage: Stage) => Promise<Run>;
}

const INTEGRATION = 'crm';
const PERSON = 'u_1';
const CONNECTION = 'c_1';
const OWNER = { endUser: { id: PERSON } };
const IDENTITY = { endpoint: '/me', pointer: '/user/id' };
/** Enough for a wait that is meant to end by itself, and not before something else has happened. */
const SOON_MS = 4_000;
const SUGGESTS_AT: Partial<Record<Server, string>> = { short: '40', ratherShort: '80' };

/** One person, one integration and a Temporal of their own, so that the same story makes the same history. */
export class Stage {
  readonly owner = OWNER;
  readonly connection = { integration: INTEGRATION, connectionId: CONNECTION };
  readonly subject: Subject = { integration: INTEGRATION, owner: OWNER };
  readonly wanted: EnsureConnectionInput = { integration: INTEGRATION, ...OWNER };
  readonly wantedAnew: EnsureConnectionInput = { ...this.wanted, reconnect: CONNECTION, identity: IDENTITY };
  readonly wantedMore: EnsureConnectionInput = { ...this.wanted, scopes: ['write'] };
  readonly wantedOfSeveral: EnsureConnectionInput = { ...this.wanted, several: 'choose' };
  readonly identity = IDENTITY;
  readonly requestId = `nango/default/${INTEGRATION}/u:${PERSON}`;
  readonly watchId = 'nango-watch/default';

  private constructor(
    readonly world: World,
    private worker: Worker,
    private readonly relay?: Relay,
  ) {}

  static async open(server: Server, change?: Relaying['change']): Promise<Stage> {
    const at = SUGGESTS_AT[server];
    const dynamicConfig = at === undefined ? undefined : { 'limit.historyCount.suggestContinueAsNew': at };
    const settings = { workers: false, dynamicConfig };
    const world = await World.open(server === 'timeSkipping' ? server : 'dev', settings);
    const relay = change && (await startRelay({ upstream: world.nango.url, change }));
    if (relay !== undefined) world.config.baseUrl = relay.url;
    const worker = await world.startNangoWorker();
    const { nango } = world;
    nango.addProvider({ name: INTEGRATION, authMode: 'API_KEY' });
    nango.addIntegration({ key: INTEGRATION, provider: INTEGRATION });
    nango.onProxy(INTEGRATION, respondWithAccount);
    return new Stage(world, worker, relay);
  }

  async close(): Promise<void> {
    await this.world.close();
    await this.relay?.close();
  }

  /** What comes meanwhile waits for our worker, which is handed it all at once. */
  async withoutWorker(happens: () => Promise<void>): Promise<void> {
    this.worker.shutdown();
    await eventually(() => Promise.resolve(this.worker.getState() === 'STOPPED' || undefined));
    await happens();
    this.worker = await this.world.startNangoWorker();
  }

  get nango(): FakeNango {
    return this.world.nango;
  }

  /** Puts a connection there, of the account `anna`; it has an account on record, and what a reconnect wipes. */
  has({ connectionId = CONNECTION, person = PERSON }: { connectionId?: string; person?: string } = {}): void {
    this.nango.addConnection({
      integration: INTEGRATION,
      connectionId,
      tags: { end_user_id: person, team: 'red', tn_account: 'anna' },
      metadata: { folder: 'inbox' },
      credentials: { type: 'API_KEY', apiKey: this.keyOf('anna') },
    });
  }

  /** Puts two there that nothing but their names tells apart. */
  hasTwo(): void {
    this.has();
    this.has({ connectionId: 'c_2' });
  }

  /** Somebody deletes a connection at Nango. */
  async delete(connectionId: string): Promise<void> {
    const address = `${this.nango.url}/connections/${connectionId}?provider_config_key=${INTEGRATION}`;
    await fetch(address, { method: 'DELETE', headers: { authorization: `Bearer ${this.nango.secretKey}` } });
  }

  /** An operator says that the second is meant. */
  async choose(): Promise<void> {
    await (await this.waitingRequest()).choose('c_2', { by: 'ops' });
  }

  /** From now on the integration is one of OAuth; puts a connection there that was granted this. */
  grants(...grant: string[]): void {
    this.isOfOAuth();
    this.holds(...grant);
  }

  /** The connection was granted this, however that came about. */
  holds(...grant: string[]): void {
    this.nango.addConnection({
      ...this.connection,
      tags: { end_user_id: PERSON, team: 'red' },
      metadata: { folder: 'inbox' },
      credentials: { type: 'OAUTH2', access_token: this.keyOf('anna'), raw: { scope: grant.join(' ') } },
    });
  }

  /** The same, of a provider whose links add no scopes; the integration requests what was granted. */
  ignoresOverride(): void {
    const fixed = { ignoresScopesOverride: true, defaultScopes: ['read'] };
    this.nango.addProvider({ name: INTEGRATION, authMode: 'OAUTH2', ...fixed });
    this.nango.addIntegration({ key: INTEGRATION, provider: INTEGRATION });
    this.holds('read');
  }

  /** Somebody changes at Nango what the integration requests. */
  async requestScopes(scopes: string): Promise<void> {
    const credentials = { type: 'OAUTH2', client_id: 'id', client_secret: 'secret', scopes };
    const response = await fetch(`${this.nango.url}/integrations/${INTEGRATION}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${this.nango.secretKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ credentials }),
    });
    if (!response.ok) throw new Error(`The integration was not changed: ${response.status}`);
  }

  isOfOAuth(): void {
    this.nango.addProvider({ name: INTEGRATION, authMode: 'OAUTH2' });
    this.nango.addIntegration({ key: INTEGRATION, provider: INTEGRATION });
  }

  /** A moment at which a wait may end. @returns milliseconds since the epoch, by Temporal's clock */
  async soon(): Promise<number> {
    return (await this.world.env.currentTimeMs()) + SOON_MS;
  }

  /** Joins as a backend does, without a workflow that waits. */
  async join(join: Partial<Join> = {}, subject = this.subject): Promise<void> {
    await joinRequest(this.place, subject, { joinId: 'client', ...join }, { ignoreCoolDown: true, at: Date.now() });
  }

  get place(): Place {
    return { client: this.world.client, taskQueue: 'nango', environment: 'default' };
  }

  /** Starts the `ensureConnection` workflow. @returns its id */
  async ensure(input: EnsureConnectionInput & { calls?: object[] }): Promise<string> {
    const workflowId = 'ensure';
    const { client } = this.world;
    await client.workflow.start(WORKFLOW.ensureConnection, { workflowId, taskQueue: 'nango', args: [input] });
    return workflowId;
  }

  /** The request, once it waits for a person. */
  async waitingRequest(requestId = this.requestId): Promise<ConnectionRequest> {
    const { firstExecutionRunId } = await this.world.request(requestId, 'waiting');
    await this.world.syncClock();
    return this.world.connections.request({ id: requestId, firstExecutionRunId });
  }

  /** The person connects this account on a link of the request. */
  async connect(account = 'anna', requestId = this.requestId): Promise<{ connectionId: string }> {
    const link = await (await this.waitingRequest(requestId)).connectLink({ recreate: true });
    return this.nango.complete(link, { as: this.keyOf(account) });
  }

  /** The person goes through a link once more and grants this, and Nango's webhook says so. */
  async approve(...grant: string[]): Promise<void> {
    const link = await (await this.waitingRequest()).connectLink({ recreate: true });
    const granted = grant.length > 0 ? grant : undefined;
    await this.hint(this.nango.complete(link, { as: this.keyOf('anna'), grant: granted }).connectionId);
  }

  /** The key that a person types in to connect this account. */
  keyOf(account: string): string {
    return `${SECRET_KEY_OF}${account}`;
  }

  /** The same, and Nango's webhook says so. */
  async connectAndHint(account?: string, requestId = this.requestId): Promise<void> {
    await this.hint((await this.connect(account, requestId)).connectionId, requestId);
  }

  async hint(connectionId: string, requestId = this.requestId): Promise<void> {
    await this.world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', connectionId });
  }

  /** What our key may do at Nango from now on. */
  mayOnly(...scopes: string[]): void {
    const key = this.nango.secretKey;
    this.nango.addKey({ key, scopes: scopes.map((scope) => `environment:${scope}`) });
  }

  /** Somebody connects by a link whose owner is to be confirmed. @returns its nonce, once the request shows it */
  async connectUnconfirmed(account = 'anna', grant?: string[]): Promise<string> {
    const { connectLink, nonce } = await (await this.waitingRequest()).connectSession({ verifyOwner: true });
    await this.hint(this.nango.complete(connectLink, { as: this.keyOf(account), grant }).connectionId);
    await eventually(async () => {
      const { unconfirmed = [] } = (await (await this.waitingRequest()).view()).question ?? {};
      return unconfirmed.some((one) => one.nonce === nonce) || undefined;
    });
    return nonce;
  }

  /** Somebody says that it was the owner. */
  async confirm(nonce: string): Promise<void> {
    await (await this.waitingRequest()).confirmOwner(nonce, { by: PERSON });
  }

  /** Waits until somebody is asked whether the other account may be written to. */
  async accountQuestion(): Promise<ConnectionRequest> {
    await this.world.notified(this.requestId, 'accountChanged');
    return await this.waitingRequest();
  }

  /** Waits until a workflow has ended, however it did. */
  async ended(workflowId: string): Promise<Run> {
    const result = this.world.client.workflow.getHandle(workflowId).result();
    await result.then(
      () => undefined,
      () => undefined,
    );
    return { workflowId };
  }

  /** Waits until the history of a run holds so many events of a type. */
  async seen(type: string, times: number, run: Run = { workflowId: this.requestId }): Promise<Run> {
    await eventually(async () => {
      const types = await this.events(run);
      return types.filter((one) => one === type).length >= times || undefined;
    }, 90_000);
    return run;
  }

  /** Waits until nothing is left for a run to do; what has ended is at rest. */
  async atRest(run: Run): Promise<void> {
    await this.seen('workflowTaskCompleted', 1, run);
    await eventually(async () => {
      const tasks = (await this.events(run)).filter((type) => type.startsWith('workflowTask'));
      return tasks.at(-1) === 'workflowTaskCompleted' || undefined;
    });
  }

  async runIdOf(workflowId: string): Promise<string> {
    return (await this.world.client.workflow.getHandle(workflowId).describe()).runId;
  }

  async historyOf({ workflowId, runId }: Run) {
    return await this.world.client.workflow.getHandle(workflowId, runId).fetchHistory();
  }

  private async events(run: Run): Promise<string[]> {
    const { events } = await this.historyOf(run);
    return (events ?? []).map((event) => {
      const attributes = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '';
      return attributes.replace('EventAttributes', '');
    });
  }
}

/** The provider tells whose account it is by the key it is called with. */
export function respondWithAccount({ path, credentials }: { path: string; credentials: { type: string } }) {
  const key = 'apiKey' in credentials ? String(credentials.apiKey) : '';
  return { json: path === '/me' ? { user: { id: key.replace(SECRET_KEY_OF, '') } } : { path } };
}
