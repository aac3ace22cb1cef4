import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { NangoConnections } from '../../src/client';
import { findNangoFailure } from '../../src/contract/errors';
import { NangoPlugin } from '../../src/plugin';
import { ConnectionRequest } from '../../src/requests/connection-request';
import { FakeActionError, signTestWebhook } from '../../src/testing/fake-nango';
import type { ProxiedAnswer, ProxiedRequest } from '../../src/testing/fake-nango';
import { webhookHandler } from '../../src/webhook';
import type { ConnectionRef, ProxyCall } from '../../src/workflow';
import { action, call, fanOut, waitFor } from './user-workflows';
import { eventually, World } from './world';

const INTEGRATION = 'crm';
const C1 = { integration: INTEGRATION, connectionId: 'c-1' };
const REVOKED = { integration: INTEGRATION, connectionId: 'c-revoked' };
const OWN = { integration: INTEGRATION, connectionId: 'c-own' };
const KEYED = { integration: 'keyed', connectionId: 'k-1' };
const WORKER_STARTUP_MS = 30_000;
const DAY_MS = 86_400_000;
const TOKEN = /nango_connect_session_[0-9a-f]{64}/;

type Pending = temporal.api.workflow.v1.IPendingActivityInfo;

const get = (endpoint: string): ProxyCall => ({ method: 'GET', endpoint });
const post = (endpoint: string): ProxyCall => ({ method: 'POST', endpoint, body: { a: 1 } });

/** How each call ends; `provider()` answers them. */
const CALLS: [ProxyCall, string][] = [
  [get('/fine'), 'ok'],
  [{ ...get('/rows'), pick: ['/results/0/id'] }, 'ok'],
  [get('/flaky/500'), 'ok'],
  [get('/flaky/429'), 'ok'],
  [get('/flaky/reset'), 'ok'],
  ...[400, 401, 403, 404, 424].map((n): [ProxyCall, string] => [get(`/status/${n}`), 'Nango.ProviderRejected']),
  [get('/html/404'), 'Nango.ProviderRejected'],
  [get('/badjson'), 'Nango.BadResponse'],
  [get('/large'), 'Nango.ResponseTooLarge'],
  [post('/status/404'), 'Nango.ProviderRejected'],
  [post('/status/500'), 'Nango.OutcomeUnknown'],
  [post('/html/502'), 'Nango.OutcomeUnknown'],
  [post('/unreached/500'), 'Nango.OutcomeUnknown'],
  [post('/reset'), 'Nango.OutcomeUnknown'],
  [post('/badjson'), 'Nango.BadResponse'],
  [post('/large'), 'Nango.ResponseTooLarge'],
  [post('/flaky/429'), 'ok'],
  [{ ...post('/flaky/500'), idempotent: true }, 'ok'],
];

/** Long, unique, and of the form of an error code, so that nothing takes it for free text. */
export function canary(what: string): string {
  return `canary_${what}_${randomUUID().replaceAll('-', '')}`;
}

/**
 * Everything that the package does, with a canary for every secret: the connect flows, calls that end in every way, and
 * keys that do not do. Our worker is a process of its own, whose log is kept; at the end it has ended.
 */
export class SecretStory {
  /** what must never be read anywhere, by what it is */
  readonly canaries = new Map<string, string>();
  /** secrets that were seen where they are used: a search for others would prove nothing */
  readonly arrived = new Set<string>();
  /** what callers were told: errors, views, lists */
  readonly told: unknown[] = [];
  /** ids of the workflows that were started */
  readonly started: string[] = [];
  /** what the worker process wrote, on both streams */
  log = '';
  /** how often the provider was asked what */
  private readonly asked = new Map<string, number>();

  private constructor(
    readonly world: World,
    private readonly connectKey: string,
  ) {}

  static async play(): Promise<SecretStory> {
    const connectKey = randomUUID();
    const story = new SecretStory(await World.open('dev', { workers: false, config: { connectKey } }), connectKey);
    const { world } = story;
    await story.plant();
    const worker = story.spawnWorker();
    await Promise.all([world.startUserWorker(), story.polling(worker)]);
    await Promise.all([story.waits(), story.calls(), story.actions(), story.keysThatDoNotDo(), story.leftPending()]);
    await story.lookAtNango();
    await story.listed();
    const ended = once(worker, 'exit');
    worker.kill('SIGTERM');
    await ended;
    return story;
  }

  // ---------------------------------------------------------------- canaries

  private secret(name: string, value = canary(name.replaceAll(/\W+/g, '_').slice(-24).toLowerCase())): string {
    this.canaries.set(name, value);
    return value;
  }

  /** A canary that goes out in an answer to the worker; the same one for the same answer. */
  private answered(name: string): string {
    this.arrived.add(name);
    return this.canaries.get(name) ?? this.secret(name);
  }

  /** Of a text at Nango or at the provider. */
  private saw(text: string): void {
    for (const [name, value] of this.canaries) if (text.includes(value)) this.arrived.add(name);
  }

  // ---------------------------------------------------------------- the setting

  private async plant(): Promise<void> {
    const { nango } = this.world;
    nango.addKey({ key: this.secret('connect key', this.connectKey), scopes: ['environment:connect_sessions:write'] });
    this.secret('secret key', nango.secretKey);
    this.secret('webhook signing key', nango.webhookSigningKey);
    const credentials = {
      ...{ type: 'OAUTH2', client_id: 'id', client_secret: this.secret('OAuth client secret') },
      webhook_secret: this.secret('webhook secret of the integration'),
    };
    await this.askNango('POST', '/integrations', { provider: 'hubspot', unique_key: INTEGRATION, credentials });
    nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
    nango.addIntegration({ key: KEYED.integration, provider: 'keyed' });
    const oauth = this.oauth('c-1');
    await this.import(C1, oauth);
    await this.import(REVOKED, oauth);
    await this.import(KEYED, { type: 'API_KEY', apiKey: this.secret('API key') });
    nango.refresh(REVOKED.connectionId, 'revoked');
    for (const key of [INTEGRATION, KEYED.integration]) nango.onProxy(key, (request) => this.provider(request));
    nango.onAction(INTEGRATION, 'double', (input) => ({ twice: 2 * (input as { n: number }).n }));
    nango.onAction(INTEGRATION, 'refuses', () => {
      const said = this.answered('payload of an action error');
      throw new FakeActionError({ code: said, message: said });
    });
    nango.onAction(INTEGRATION, 'crashes', () => {
      throw new Error(this.answered('message of an action that crashed'));
    });
  }

  private oauth(whose: string): object {
    const [access_token, refresh_token] = ['access', 'refresh'].map((kind) => this.secret(`${kind} token of ${whose}`));
    return { type: 'OAUTH2', access_token, refresh_token };
  }

  private async import(connection: ConnectionRef, credentials: object, tags?: Record<string, string>): Promise<void> {
    const { integration, connectionId } = connection;
    const { status } = await this.askNango('POST', '/connections', {
      ...{ provider_config_key: integration, connection_id: connectionId, credentials, tags },
      connection_config: { tenant: this.secret(`connection_config of ${connectionId}`) },
    });
    if (status !== 201) throw new Error(`${connectionId} was not imported`);
  }

  /** As an operator with a terminal. */
  private async askNango(method: string, path: string, body?: object, key = this.world.nango.secretKey) {
    const response = await fetch(this.world.nango.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  }

  /** What the provider answers: bodies and headers of failures hold a canary. */
  private provider({ method, path, headers, credentials }: ProxiedRequest): ProxiedAnswer {
    this.saw(JSON.stringify([headers, credentials]));
    const what = `${method} ${path}`;
    const n = (this.asked.get(what) ?? 0) + 1;
    this.asked.set(what, n);
    const said = () => this.answered(`the provider's answer to ${what}`);
    const refusal = (status: number): ProxiedAnswer => ({
      status,
      headers: { 'x-detail': said(), 'www-authenticate': `Bearer error="${said()}"`, 'retry-after': '1' },
      json: { error: { code: said(), message: said(), payload: [said()], upstream: { body: said() } }, code: said() },
    });
    const [, kind, detail] = path.split('/');
    switch (kind) {
      case 'status':
        return refusal(Number(detail));
      case 'html':
        return { status: Number(detail), headers: { 'content-type': 'text/html' }, text: `<p>${said()}</p>` };
      case 'unreached':
        // As Nango says that it could not reach the provider.
        return { status: Number(detail), json: { message: said(), method: said(), code: said() } };
      case 'flaky':
        if (n > 1) return { json: { n } };
        return detail === 'reset' ? 'reset' : refusal(Number(detail));
      case 'reset':
        return 'reset';
      case 'down':
        return refusal(503);
      case 'badjson':
        return { headers: { 'content-type': 'application/json', 'x-detail': said() }, text: `{"${said()}":` };
      case 'large':
        return { json: { data: said().repeat(10_000) } };
      case 'rows':
        return { json: { results: [{ id: 'r1', unpicked: said() }] } };
      default:
        return { json: { path } };
    }
  }

  private spawnWorker(): ChildProcess {
    const folder = mkdtempSync(join(tmpdir(), 'secret-worker-'));
    const child = spawn(process.execPath, [join(__dirname, '../../lib/worker.js')], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        TEMPORAL_ADDRESS: this.world.env.address,
        NANGO_SERVER_URL: this.world.nango.url,
        NANGO_TOOLBOX_SECRET_KEY: this.world.nango.secretKey,
        NANGO_CONNECT_KEY: this.connectKey,
        NANGO_WEBHOOK_SIGNING_KEYS: this.world.nango.webhookSigningKey,
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    }
    return child;
  }

  private async polling(child: ChildProcess): Promise<void> {
    await eventually(async () => {
      const { pollers } = await this.world.client.workflowService.describeTaskQueue({
        namespace: 'default',
        taskQueue: { name: 'nango' },
        taskQueueType: 1,
      });
      return pollers?.some(({ identity }) => identity?.startsWith(`${child.pid}@`)) ? true : undefined;
    }, WORKER_STARTUP_MS);
  }

  // ---------------------------------------------------------------- waits

  private async waits(): Promise<void> {
    await Promise.all([
      this.connectedByWatch(),
      this.connectedByWebhook(),
      this.connectedByOwnButton(),
      this.cancelled(),
      this.declined(),
      this.parked(),
      this.ends(waitFor, [{ integration: 'nope' }], 'Nango.IntegrationNotFound'),
    ]);
  }

  /** Standalone activities, of a process without a key. */
  private async listed(): Promise<void> {
    const { connections } = this.world;
    this.told.push(await connections.list(), await connections.requests());
    await connections.disconnect(OWN);
  }

  /** A workflow and a backend wait for the same person, who has been sent a link, and sees another one embedded. */
  private async asking(user: string) {
    const wanted = { integration: INTEGRATION, endUser: { id: user, email: `${user}@example.com` } };
    const workflow = await this.start(waitFor, wanted);
    const id = `nango/default/${INTEGRATION}/u:${user}`;
    this.started.push(id);
    await this.world.request(id, 'asking');
    const request = await this.world.connections.ensureConnection(wanted);
    if (!(request instanceof ConnectionRequest)) throw new Error('There was nothing to wait for');
    const link = this.secret(`connect link for ${user}`, await request.connectLink());
    this.secret(`token in the connect link for ${user}`, TOKEN.exec(link)![0]);
    this.secret(`connect session token for ${user}`, (await request.connectSession()).token);
    this.told.push(await request.view(), request.ref);
    return { workflow, request, link };
  }

  /** The person connects; what was made can be used, so the token is seen at the provider. */
  private connects(link: string, user: string): ConnectionRef {
    return this.world.nango.complete(link, { as: this.secret(`token of the ${user} account`) });
  }

  /** The webhook is lost, so that the watch has to sweep. */
  private async connectedByWatch(): Promise<void> {
    const { workflow, request, link } = await this.asking('watched');
    const connection = this.connects(link, 'watched');
    this.told.push(await workflow.result(), await request.result());
    await this.ends(call, [connection, get('/fine')], 'ok');
  }

  private async connectedByWebhook(): Promise<void> {
    const { workflow, request, link } = await this.asking('hooked');
    const connection = this.connects(link, 'hooked');
    await this.deliver(connection.connectionId, 'hooked');
    this.told.push(await workflow.result(), await request.result());
    await this.ends(call, [connection, get('/fine')], 'ok');
  }

  /** Made by a button of the application's own, so that it carries no nonce of ours; the request reads it by its id. */
  private async connectedByOwnButton(): Promise<void> {
    const { workflow } = await this.asking('own');
    await this.import(OWN, this.oauth('own'), { end_user_id: 'own' });
    await this.deliver(OWN.connectionId, 'own');
    this.told.push(await workflow.result());
    await this.ends(call, [OWN, get('/fine')], 'ok');
  }

  /** Nango's webhook about a connection, signed with its key, as the application's route hands it on. */
  private async deliver(connectionId: string, user: string): Promise<void> {
    const { client, config, nango } = this.world;
    const handle = webhookHandler(client, { config });
    const body = JSON.stringify({
      ...{ type: 'auth', operation: 'creation', success: true, from: 'nango', environment: 'dev' },
      ...{ connectionId, providerConfigKey: INTEGRATION, tags: { end_user_id: user } },
    });
    const good = await handle(body, signTestWebhook(body, nango.webhookSigningKey));
    const forged = await handle(body, signTestWebhook(body, 'guessed'));
    this.told.push(good, forged);
    if (good.status === 200 && good.signalled > 0 && forged.status === 401) this.arrived.add('webhook signing key');
  }

  private async cancelled(): Promise<void> {
    const { workflow, request } = await this.asking('cancelled');
    await workflow.cancel();
    await workflow.result().catch((error: unknown) => this.told.push(error));
    await request.cancel();
    await this.fails(request.result(), 'Nango.RequestCancelled');
    await this.fails(request.connectLink(), 'Nango.InvalidRequest');
  }

  private async declined(): Promise<void> {
    const { workflow, request } = await this.asking('declined');
    await request.decline();
    await this.fails(workflow.result(), 'Nango.ConnectionDeclined');
  }

  /** Waits on beyond the end of the story. A link by a wrong key is refused. */
  private async parked(): Promise<void> {
    const { workflow, request } = await this.asking('parked');
    await request.extend(Date.now() + 20 * DAY_MS);
    const connectKey = this.secret('wrong connect key', randomUUID());
    const config = { ...this.world.config, connectKey };
    const { client } = this.world;
    await this.fails(
      new NangoConnections(client, { config }).request(request.ref).connectLink(),
      'Nango.Misconfigured',
    );
    await this.until(workflow.workflowId, ({ heartbeatDetails, lastFailure }) =>
      Boolean(heartbeatDetails && lastFailure),
    );
  }

  // ---------------------------------------------------------------- calls

  private async calls(): Promise<void> {
    await Promise.all([
      ...CALLS.map(([one, end]) => this.ends(call, [C1, one], end)),
      this.ends(call, [KEYED, get('/fine')], 'ok'),
      this.ends(call, [KEYED, get('/status/404')], 'Nango.ProviderRejected'),
      this.ends(fanOut, [C1, [get('/fine'), get('/status/404'), { action: 'crashes' }]], 'ok'),
      this.ends(call, [{ ...C1, connectionId: 'gone' }, get('/fine')], 'Nango.ConnectionNotFound'),
    ]);
  }

  private async actions(): Promise<void> {
    await Promise.all([
      this.ends(action, [C1, 'double', { n: 1 }], 'ok'),
      this.ends(action, [C1, 'refuses', {}], 'Nango.ActionFailed'),
      this.ends(action, [C1, 'crashes', {}, true], 'Nango.ActionFailed'),
      this.ends(action, [C1, 'missing', {}], 'Nango.ActionNotFound'),
    ]);
  }

  /** Reads that are tried again and again, with their last failure beside them: an outage, and a refresh that fails. */
  private async leftPending(): Promise<void> {
    for (const [connection, endpoint] of [[C1, '/down'] as const, [REVOKED, '/fine'] as const]) {
      const { workflowId } = await this.start(call, connection, get(endpoint));
      await this.until(workflowId, ({ lastFailure }) => Boolean(lastFailure));
    }
  }

  private async keysThatDoNotDo(): Promise<void> {
    const { nango } = this.world;
    const wrong = this.secret('wrong secret key', randomUUID());
    const poor = nango.addKey({ key: this.secret('key without scopes', randomUUID()), scopes: ['environment:proxy'] });
    await Promise.all([
      this.withKey(wrong, 'wrong-key', 'Nango.Misconfigured'),
      this.withKey(poor, 'poor-key', 'Nango.Forbidden'),
    ]);
  }

  /** A worker in this process, so that what it logs is seen too. */
  private async withKey(secretKey: string, taskQueue: string, end: string): Promise<void> {
    const config = { ...this.world.config, secretKey };
    const worker = await Worker.create({
      connection: this.world.env.nativeConnection,
      taskQueue,
      plugins: [new NangoPlugin({ config, taskQueue })],
    });
    const wanted = { integration: INTEGRATION, endUser: { id: 'somebody' }, taskQueue };
    await worker.runUntil(() => this.ends(waitFor, [wanted], end));
  }

  // ---------------------------------------------------------------- proofs

  /** Each secret was at Nango: keys in requests of ours, the others in what Nango answers to the same requests. */
  private async lookAtNango(): Promise<void> {
    const ours = this.world.nango.requests.filter(({ headers }) =>
      headers['user-agent']?.startsWith('temporal-nango/'),
    );
    this.saw(JSON.stringify(ours.map(({ headers }) => headers)));
    const reads = ours.filter(({ method, path }) => method === 'GET' && path.startsWith('/connections/'));
    for (const path of new Set(reads.map((request) => request.path))) this.saw((await this.askNango('GET', path)).text);
    this.saw((await this.askNango('GET', `/integrations/${INTEGRATION}?include=credentials`)).text);
    for (const [name, value] of this.canaries) {
      const token = TOKEN.exec(value)?.[0];
      if (token === undefined) continue;
      const { status } = await this.askNango('GET', '/connect/session', undefined, token);
      if (status === 200) this.arrived.add(name);
    }
  }

  private async start<T extends (...args: never[]) => Promise<unknown>>(workflow: T, ...args: Parameters<T>) {
    const handle = await this.world.start(workflow, ...args);
    this.started.push(handle.workflowId);
    return handle;
  }

  /** A workflow ends as told: `ok`, or with a type of failure. */
  private async ends<T extends (...args: never[]) => Promise<unknown>>(
    workflow: T,
    args: Parameters<T>,
    end: string,
  ): Promise<void> {
    const handle = await this.start(workflow, ...args);
    if (end === 'ok') this.told.push(await handle.result());
    else await this.fails(handle.result(), end);
  }

  private async fails(promise: Promise<unknown>, type: string): Promise<void> {
    const error: unknown = await promise.then(
      () => new Error(`did not fail with ${type}`),
      (reason: unknown) => reason,
    );
    this.told.push(error);
    if (findNangoFailure(error)?.type !== type) throw error;
  }

  private async until(workflowId: string, holds: (pending: Pending) => boolean): Promise<void> {
    await eventually(async () => {
      const { raw } = await this.world.client.workflow.getHandle(workflowId).describe();
      return raw.pendingActivities?.some(holds) ? true : undefined;
    });
  }
}
