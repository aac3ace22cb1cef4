import { requireMintingKey } from '../config';
import type { NangoConfig } from '../config';
import { checkTime } from '../contract/rules/check-request';
import { checkOneOf } from '../contract/rules/check-shape';
import { CLIENT_UPDATE_MS } from '../contract/limits';
import { CLIENT_JOIN_ID, REQUEST_VIEW, UPDATE } from '../contract/names';
import { requestViewSchema } from '../contract/schemas/requests';
import { requestResultSchema } from '../contract/schemas/joins';
import { linkGrantSchema } from '../contract/schemas/links';
import { checkName } from '../contract/rules/text';
import type { Actor, Connection, Decision, LinkGrant, RequestRef, RequestStatus, RequestView } from '../contract/types';
import { joinFailure } from '../contract/join-end';
import { withTypedFailures } from './typed-failures';
import { mintConnectSession } from './mint';
import { MintedLinks } from './minted-links';
import { permanentLink } from './permanent-link';
import { describeRequest } from './description';
import type { RequestDescription } from './description';
import { timelineOf } from './timeline';
import type { TimelineEvent } from './timeline';
import type { ConnectSession } from './mint';
import type { Place } from './start';

/** What is done in the place of everybody who waits, or of the person, is somebody's doing. */
const NEEDS_NAME: ReadonlySet<string> = new Set([UPDATE.cancel, UPDATE.decide]);

/** Makes a request. Outside this package nobody can: what one is made of is no part of its face. */
export let connectionRequestOf: (
  ref: RequestRef,
  place: Place,
  config: NangoConfig,
  links?: MintedLinks,
) => ConnectionRequest;

/**
 * A request for a connection, as a backend sees it. Its `ref` is JSON-safe and names this request for ever: a later
 * request of the same owner is another one, which an old ref cannot reach. Made by `NangoConnections.ensureConnection`
 * and `NangoConnections.request`.
 */
export class ConnectionRequest {
  /** tells it from a connection that exists already; its status, `view()` and `describe()` say */
  readonly kind = 'request';
  // Private at run time too: it holds keys, and a request is handed to web code.
  readonly #config: NangoConfig;
  readonly #links: MintedLinks;

  static {
    connectionRequestOf = (ref, place, config, links) => new ConnectionRequest(ref, place, config, links);
  }

  private constructor(
    /** names this request for ever: safe to store as JSON */
    readonly ref: RequestRef,
    private readonly place: Place,
    config: NangoConfig,
    links = new MintedLinks(),
  ) {
    this.#config = config;
    this.#links = links;
  }

  /**
   * A link made now, for this click: it dies after 30 minutes and whoever has it can connect, so do not store it. In a
   * process without a key it is the `permanentLink()`.
   *
   * @throws Nango.InvalidRequest with the reason `request_closed` or `too_many_links`; Nango.Misconfigured without a key;
   *   Nango.NoWorker, Nango.TemporalUnavailable, and what Nango refuses
   */
  async connectLink(): Promise<string> {
    const { connectKey, secretKey, linkKeys, publicUrl } = this.#config;
    const isKeyless = (connectKey ?? secretKey) === undefined;
    if (isKeyless && linkKeys.length > 0 && publicUrl !== undefined) return this.permanentLink();
    return (await this.connectSession()).connectLink;
  }

  /**
   * The same as a session, for Nango's embedded Connect UI: `{ token, connectLink, expiresAt }`.
   * https://nango.dev/docs/reference/api/connect/sessions/create
   *
   * @throws as {@link ConnectionRequest.connectLink}
   */
  async connectSession(): Promise<ConnectSession> {
    requireMintingKey(this.#config);
    const grant = await this.update<LinkGrant>(UPDATE.issueLink);
    const session = await mintConnectSession(this.#config, linkGrantSchema.parse(grant));
    this.#links.add(this.ref.firstExecutionRunId, session);
    return session;
  }

  /**
   * The address of the page of `publicWeb` that asks for this request: it stays good until the request ends, and makes a
   * link only when somebody clicks. Whoever has it can connect an account.
   *
   * @throws Nango.Misconfigured without `TEMPORAL_NANGO_LINK_KEYS` or `TEMPORAL_NANGO_PUBLIC_URL`
   */
  permanentLink(): string {
    return permanentLink(this.ref, this.#config);
  }

  /**
   * Waits until the request ends, however long that takes.
   *
   * @returns the connection; `scopesChecked: false` where a backend named scopes and nobody can know what was granted
   * @throws Nango.ConnectionTimedOut, Nango.ConnectionDeclined, Nango.RequestCancelled, Nango.AccountChanged
   */
  async result(): Promise<Connection> {
    const result = requestResultSchema.parse(await withTypedFailures(() => this.handle().result()));
    await this.revokeLinks();
    if (result.status === 'connected') return result.connection;
    const { status, failure } = result;
    const requestId = this.ref.id;
    throw joinFailure(failure === undefined ? { status, requestId } : { status: 'failed', failure, requestId });
  }

  /**
   * Takes this backend off the request; others who wait for it go on waiting.
   *
   * @throws Nango.InvalidRequest with the reason `request_closed`; Nango.NoWorker, Nango.TemporalUnavailable
   */
  async cancel(): Promise<void> {
    const status = await this.update<RequestStatus>(UPDATE.leave, { joinId: CLIENT_JOIN_ID });
    if (status === 'cancelled') await this.revokeLinks();
  }

  /**
   * Ends the request for everybody who waits.
   *
   * @param actor who does it
   * @throws Nango.InvalidRequest, Nango.NoWorker, Nango.TemporalUnavailable
   */
  async cancelForAll({ by }: Required<Actor>): Promise<void> {
    await this.update<RequestStatus>(UPDATE.cancel, { by });
    await this.revokeLinks();
  }

  /**
   * Moves the deadline of everybody who waits.
   *
   * @param until milliseconds since the epoch, at most a year ahead
   * @param actor who does it
   * @throws Nango.InvalidRequest, Nango.NoWorker, Nango.TemporalUnavailable
   */
  async extend(until: number, { by }: Actor = {}): Promise<void> {
    checkTime(until, 'until');
    await this.update(UPDATE.extend, { until, by });
  }

  /**
   * The person said no: everybody who waits gets that, and nobody is asked again for a day.
   *
   * @param actor who does it
   * @throws Nango.InvalidRequest, Nango.NoWorker, Nango.TemporalUnavailable
   */
  async decline({ by }: Actor = {}): Promise<void> {
    await this.update<RequestStatus>(UPDATE.decline, { by });
    await this.revokeLinks();
  }

  /**
   * Calls the notifier now, as for a reminder that is due.
   *
   * @param actor who does it
   * @throws Nango.InvalidRequest with the reason `reminded_lately`, for an hour; `no_open_question` while nobody is
   *   asked; or `request_closed`
   */
  async remind({ by }: Actor = {}): Promise<void> {
    await this.update(UPDATE.remind, { by });
  }

  /**
   * Says whether the connection may be written to with the account that a reconnect has put behind it. After a no it
   * has to be connected anew with the right one.
   *
   * @param choice `yes`: it may
   * @param actor who says so
   * @throws Nango.InvalidRequest with the reason `no_open_question` or `request_closed`
   */
  async decide(choice: Decision['choice'], { by }: Required<Actor>): Promise<void> {
    checkOneOf(choice, 'choice', ['yes', 'no']);
    await this.update(UPDATE.decide, { choice, by });
  }

  /** The request's own view; needs a worker. @throws Nango.InvalidRequest, Nango.NoWorker, Nango.TemporalUnavailable */
  async view(): Promise<RequestView> {
    return requestViewSchema.parse(await withTypedFailures(() => this.handle().query(REQUEST_VIEW)));
  }

  /**
   * Status, view and run of the request, open or ended, without a worker.
   *
   * @returns nothing if Temporal has forgotten it
   * @throws Nango.TemporalUnavailable
   */
  async describe(): Promise<RequestDescription | undefined> {
    return await describeRequest(this.place, this.ref);
  }

  /**
   * What happened to the request, oldest first, without a worker.
   *
   * @throws Nango.InvalidRequest with the reason `request_closed` if Temporal has forgotten it; Nango.TemporalUnavailable
   */
  async timeline(): Promise<TimelineEvent[]> {
    return await timelineOf(this.place, this.ref);
  }

  /** Links made here for a request that has ended are of no use to anybody but a second person. */
  private async revokeLinks(): Promise<void> {
    await this.#links.revoke(this.ref.firstExecutionRunId, this.#config);
  }

  /** Every update names the run it is meant for: not every server sees to it that a later one is not reached. */
  private async update<T>(name: string, input: { by?: string; [field: string]: unknown } = {}): Promise<T> {
    if (input.by !== undefined || NEEDS_NAME.has(name)) checkName(input.by, 'by');
    const { client } = this.place;
    const { firstExecutionRunId } = this.ref;
    return await withTypedFailures(() =>
      client.withDeadline(Date.now() + CLIENT_UPDATE_MS, () =>
        this.handle().executeUpdate<T, [object]>(name, { args: [{ ...input, firstExecutionRunId }] }),
      ),
    );
  }

  private handle() {
    const { id, firstExecutionRunId } = this.ref;
    return this.place.client.workflow.getHandle(id, undefined, { firstExecutionRunId });
  }
}
