import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { ActionHandler } from './actions';
import { createApp } from './app';
import { REAL_PROVIDERS } from './catalog';
import { connect, failedAttempt, isAllowed, obstacle, reconnected } from './connect';
import { granted, madeUpAccount } from './credentials';
import { madeUpApp } from './developer-app';
import { DeployedFunctions } from './deployed-functions';
import { FunctionCompiler } from './function-compiler';
import { FunctionJobs } from './function-jobs';
import type { JobHandler } from './function-jobs';
import type { CodeHandler } from './function-source';
import type {
  AddedConnection,
  AddedIntegration,
  AddedKey,
  Completion,
  FailedCompletion,
  FakeConnectionRef,
  FakeFunction,
  FakeNangoOptions,
} from './options';
import { isOAuth2 } from './modes/credentials';
import type { Provider } from './provider';
import type { ProxyHandler } from './proxy';
import { RateLimit } from './rate-limit';
import { RequestLog } from './request-log';
import type { LoggedRequest } from './request-log';
import { State } from './state';
import type { FakeConnection, Integration, RefreshMode } from './state';
import { Webhooks } from './webhooks';
import type { FakeWebhooks } from './webhooks';

const IP = '127.0.0.1';
/** Requests a minute of a self-hosted server that nobody has configured: with more, what uses them up is not seen. */
const SELF_HOSTED_LIMIT = 200;

/**
 * A Nango on loopback, for tests and demos: a real HTTP server with the behaviour of a live one on the routes that this
 * package uses. A test plays the person (`complete`), the provider (`onProxy`, `onAction`, `refresh`) and the network
 * (`webhooks`, `outage`). A route it lacks answers 501, so that no test passes against nothing.
 *
 * @example
 * ```ts
 * const nango = await FakeNango.start();
 * nango.addProvider({ name: 'crm', authMode: 'OAUTH2' });
 * nango.addIntegration({ key: 'crm', provider: 'crm' });
 * nango.onProxy('crm', ({ path }) => ({ json: { path } }));
 * nango.complete(await request.connectLink(), { as: 'ann' });
 * ```
 */
export class FakeNango {
  /** the network between Nango and the application's webhook route */
  readonly webhooks: FakeWebhooks;
  private readonly sender: Webhooks;
  private readonly log = new RequestLog();
  private readonly proxyHandlers = new Map<string, ProxyHandler>();
  private readonly functions: DeployedFunctions;
  private readonly compiler = new FunctionCompiler();
  private readonly jobs: FunctionJobs;
  private down = false;
  private server: Server | undefined;

  private constructor(
    /** may do everything; `addKey` adds smaller ones */
    readonly secretKey: string,
    /** signs webhooks */
    readonly webhookSigningKey: string,
    private readonly state: State,
    private readonly options: FakeNangoOptions,
  ) {
    const { webhookUrl, webhookRetryDelaysMs = [3_000, 6_000] } = options;
    this.sender = this.webhooks = new Webhooks(state, webhookSigningKey, webhookUrl, webhookRetryDelaysMs);
    this.functions = new DeployedFunctions(state);
    this.jobs = new FunctionJobs(state.clock);
    state.keys.set(secretKey, {});
    for (const provider of REAL_PROVIDERS) state.providers.set(provider.name, provider);
  }

  /** Starts one on 127.0.0.1. @throws if the port is taken */
  static async start(options: FakeNangoOptions = {}): Promise<FakeNango> {
    const { secretKey = randomUUID(), webhookSigningKey = `signing-key-${randomUUID()}`, clock = Date.now } = options;
    const nango = new FakeNango(secretKey, webhookSigningKey, new State(clock), options);
    await nango.listen();
    return nango;
  }

  /** Its address, without a trailing slash: the program under test takes it as `NANGO_SERVER_URL`. */
  get url(): string {
    return `http://${IP}:${(this.server?.address() as AddressInfo).port}`;
  }

  /** Requests received, oldest first, with their headers. */
  get requests(): LoggedRequest[] {
    return this.log.requests;
  }

  /** How many of the requests received are such. */
  count(predicate: (request: LoggedRequest) => boolean): number {
    return this.log.requests.filter(predicate).length;
  }

  /** What a connection has become; undefined if there is none. */
  connection(integration: string, connectionId: string): FakeConnection | undefined {
    return this.state.find(integration, connectionId);
  }

  /** Adds a provider, or takes the place of the one of that name. Without a `displayName` its name is shown. */
  addProvider(provider: Omit<Provider, 'displayName'> & Partial<Pick<Provider, 'displayName'>>): void {
    this.state.providers.set(provider.name, { displayName: provider.name, ...provider });
  }

  /**
   * Adds an integration, or takes the place of the one of that key. It is as the dashboard makes it, complete: with a
   * developer's app, or registered as a client, where the mode of its provider needs that.
   *
   * @param integration of a provider that is there
   * @throws if there is no such provider
   */
  addIntegration({ key, provider: name, config = {} }: AddedIntegration): void {
    const provider = this.state.providers.get(name);
    if (provider === undefined) throw new Error(`FakeNango has no provider ${name}`);
    const now = this.state.clock();
    const { displayName } = provider;
    const integration: Integration = {
      ...{ key, provider, displayName, credentials: madeUpApp(provider), isLent: false, config },
      ...{ forwardWebhooks: true, createdAt: now, updatedAt: now },
    };
    this.state.integrations.set(key, integration);
  }

  /**
   * Puts a connection there, as an import would: no webhook tells of it.
   *
   * @param connection of an integration that is there
   * @throws if there is no such integration
   */
  addConnection({ credentials, grant, ...given }: AddedConnection): FakeConnectionRef {
    const integration = this.integration(given.integration);
    const madeUp = madeUpAccount(integration, { as: 'someone', grant }, this.state.clock());
    const { connection } = this.state.upsert({
      connectionConfig: madeUp.config,
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      integration: integration.key,
      credentials: credentials === undefined ? madeUp.credentials : granted(integration, credentials, grant),
    });
    return { integration: connection.integration, connectionId: connection.connectionId };
  }

  /**
   * Adds a key that may do less than everything.
   *
   * @param options which, and what it may do
   * @returns the key
   */
  addKey({ key = randomUUID(), scopes }: AddedKey): string {
    this.state.keys.set(key, { scopes });
    return key;
  }

  /** Adds an environment variable, or gives it another value. */
  addEnvironmentVariable(name: string, value: string): void {
    this.state.variables.set(name, value);
  }

  /** What the provider of an integration answers from now on. */
  onProxy(integration: string, handler: ProxyHandler): void {
    this.proxyHandlers.set(integration, handler);
  }

  /**
   * Deploys an action.
   *
   * @param given what is known of it: schemas of what it takes and returns, of which none is enforced, as in Nango; and
   *   who deployed it
   */
  onAction(integration: string, action: string, handler: ActionHandler, given: FakeFunction = {}): void {
    this.functions.deploy(integration, action, handler, given);
  }

  /** Deploys a sync: it is listed, and never runs. @param given what is known of it */
  addSync(integration: string, sync: string, given: FakeFunction = {}): void {
    this.functions.deploy(integration, sync, undefined, given);
  }

  /**
   * How functions that are sent as code are compiled from now on. Default: they are read by the compiler of Temporal's
   * worker, which checks no types, and they really run, in this process. They may import `nango` and `zod`, and of
   * the first argument of `exec` they have `get`, `post`, `put`, `patch`, `delete`, `proxy`, `log`, `getMetadata`,
   * `getConnection` and `ActionError`.
   */
  onCode(handler: CodeHandler): void {
    this.compiler.handler = handler;
  }

  /** What dry runs and deployments wait for from now on, or fail of. Default: a moment. */
  onJob(handler: JobHandler): void {
    this.jobs.handler = handler;
  }

  /** Functions can be neither compiled, tried nor deployed, or can again: 503. What is under way goes on. */
  functionsOutage(down: boolean): void {
    this.compiler.isDown = down;
  }

  /**
   * A person opens a connect link and connects an account. May be done again with the same link, by anybody, as in
   * life.
   *
   * @param link or its token
   * @returns the connection; undefined after an error
   * @throws if the link has expired, was revoked, or is for another integration; or if what is typed has another form, or
   * the integration cannot be connected: its client was never registered, or its configuration not filled in
   */
  complete(link: string, how: Completion): FakeConnectionRef;
  /** The same attempt, which fails: a webhook says so, and no connection is made. */
  complete(link: string, how: FailedCompletion): undefined;
  complete(link: string, how: Completion | FailedCompletion): FakeConnectionRef | undefined {
    const token = /nango_connect_session_[0-9a-f]{64}/.exec(link)?.[0] ?? '';
    const session = this.state.session(token);
    if (session === undefined) throw new Error('The connect link is unknown, has expired, or was revoked');
    const integration = this.integration(how.integration ?? session.allowedIntegrations?.[0] ?? '');
    if (!isAllowed(session, integration.key)) throw new Error('The connect link is for another integration');
    if ('error' in how) {
      this.sender.attemptFailed(failedAttempt(this.state, session, integration.key), how.error);
      return undefined;
    }
    const reason = obstacle(integration);
    if (reason !== undefined) throw new Error(reason);
    const existing = reconnected(this.state, session, integration.key);
    const { credentials, config } = madeUpAccount(integration, how, this.state.clock(), session, existing);
    const { connectionId } = connect(this.state, this.sender, session, integration.key, credentials, config);
    return { integration: integration.key, connectionId };
  }

  /** From now on the token of a connection is expired, and its refresh does this. */
  refresh(connectionId: string, mode: RefreshMode): void {
    for (const connection of this.state.connections.filter((c) => c.connectionId === connectionId)) {
      connection.refreshMode = mode;
      const { credentials } = connection;
      if (!isOAuth2(credentials)) continue;
      connection.credentials = {
        ...credentials,
        expires_at: new Date(0).toISOString(),
        refresh_token: credentials.refresh_token ?? 'r',
      };
    }
  }

  /** Nango itself is down, or up again: every request gets a gateway's 503. */
  outage(down: boolean): void {
    this.down = down;
  }

  /** Stops it; what is under way, deliveries too, is broken off. */
  async close(): Promise<void> {
    await this.sender.close();
    const { server } = this;
    if (server === undefined) return;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }

  private integration(key: string): Integration {
    const integration = this.state.integrations.get(key);
    if (integration === undefined) throw new Error(`FakeNango has no integration ${key}`);
    return integration;
  }

  private async listen(): Promise<void> {
    const { state, sender: webhooks, log, functions, compiler, jobs } = this;
    const { rateLimitPerMinute = SELF_HOSTED_LIMIT, rateLimitWindowMs } = this.options;
    const app = createApp({
      state,
      webhooks,
      log,
      rateLimit: new RateLimit(rateLimitPerMinute, state.clock, rateLimitWindowMs),
      proxyHandler: (integration) => this.proxyHandlers.get(integration),
      functions,
      compiler,
      jobs,
      isDown: () => this.down,
    });
    await new Promise<void>((resolve, reject) => {
      const options = { fetch: app.fetch, hostname: IP, port: this.options.port ?? 0, overrideGlobalObjects: false };
      this.server = serve(options, () => resolve()) as Server;
      this.server.once('error', reject);
    });
  }
}
