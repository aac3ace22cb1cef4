import { requireMintingKey } from '../config';
import type { NangoConfig } from '../config';
import { checkConnectionId } from '../contract/rules/check-call';
import { checkTime } from '../contract/rules/check-request';
import { checkScopesDecision } from '../contract/rules/check-recreate';
import { checkOneOf } from '../contract/rules/check-shape';
import { withHealing } from '../contract/rules/healing';
import { CLIENT_UPDATE_MS } from '../contract/limits';
import { nangoFailure } from '../contract/errors';
import { CLIENT_JOIN_ID, REQUEST_VIEW, TAG, UNCONFIRMED, UPDATE } from '../contract/names';
import { requestViewSchema } from '../contract/schemas/requests';
import { requestResultSchema } from '../contract/schemas/joins';
import { linkGrantSchema } from '../contract/schemas/links';
import { checkName, checkText } from '../contract/rules/text';
import type {
  AccountDecision,
  Actor,
  OAuthApp,
  Connection,
  LinkGrant,
  LinkTerms,
  RequestRef,
  RequestStatus,
  RequestView,
} from '../contract/types';
import { joinFailure } from '../contract/join-end';
import { refuseLater } from './refuse-later';
import { withTypedFailures } from './typed-failures';
import { mintConnectSession } from './mint';
import { mintLink, revokeLinks } from './minted-links';
import { permanentLink } from './permanent-link';
import { describeRequest } from './description';
import type { RequestDescription } from './description';
import { timelineOf } from './timeline';
import type { TimelineEvent } from './timeline';
import type { ConnectSession } from './mint';
import type { Place } from './start';

/** How a link is made. */
export interface LinkOptions {
  /**
   * what it makes, or connects anew, counts only once {@link ConnectionRequest.confirmOwner} has said that it was the owner.
   * Default false
   */
  verifyOwner?: boolean;
  /**
   * the owner has been told that their old connection is deleted once the new one is there, and has said yes: while the
   * question is `recreate-connection` no link is made without it, and to any other question it says nothing. Default false
   */
  recreate?: boolean;
}

/** What is done in the place of everybody who waits, or of the person, is somebody's doing. */
const NEEDS_NAME: ReadonlySet<string> = new Set([UPDATE.cancel, UPDATE.decide]);

/** Makes a request. Outside this package nobody can: what one is made of is no part of its face. */
export let connectionRequestOf: (ref: RequestRef, place: Place, config: NangoConfig) => ConnectionRequest;

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

  static {
    connectionRequestOf = (ref, place, config) => new ConnectionRequest(ref, place, config);
  }

  private constructor(
    /** names this request for ever: safe to store as JSON */
    readonly ref: RequestRef,
    private readonly place: Place,
    config: NangoConfig,
  ) {
    this.#config = config;
  }

  /**
   * A link made now, for this click: it dies after 30 minutes and whoever has it can connect, so do not store it. In a
   * process without a key it is the `permanentLink()`.
   *
   * @param options as of {@link ConnectionRequest.connectSession}; with `permanentLink()` the page decides
   * @throws Nango.InvalidRequest with the reason `request_closed`, `too_many_links`, `too_many_tags`, or `other_question`
   *   while it is asked which of several connections is meant, and, without `recreate`, whether the old one may be deleted
   *   (the page of `permanentLink()` asks that); Nango.Misconfigured without a key, or where a worker of an
   *   earlier version does not know `verifyOwner`; Nango.NoWorker, Nango.TemporalUnavailable, and what Nango refuses
   */
  async connectLink(options: LinkOptions = {}): Promise<string> {
    const { connectKey, secretKey, linkKeys, publicUrl } = this.#config;
    const isKeyless = (connectKey ?? secretKey) === undefined;
    if (isKeyless && linkKeys.length > 0 && publicUrl !== undefined) return this.permanentLink();
    return (await this.connectSession(options)).connectLink;
  }

  /**
   * The same as a session, for Nango's embedded Connect UI: `{ token, connectLink, expiresAt, nonce }`.
   * https://nango.dev/docs/reference/api/connect/sessions/create
   *
   * @param options default: whoever has the link can connect, and nobody has to confirm it
   * @throws as {@link ConnectionRequest.connectLink}
   */
  async connectSession({ verifyOwner = false, recreate = false }: LinkOptions = {}): Promise<ConnectSession> {
    requireMintingKey(this.#config);
    const terms: LinkTerms = { ...(verifyOwner && { verifyOwner }), ...(recreate && { recreate }) };
    return await mintLink(this.ref.firstExecutionRunId, this.#config, async () => {
      const grant = linkGrantSchema.parse(await this.update<LinkGrant>(UPDATE.issueLink, { ...terms }));
      // A worker that does not know it grants a link whose connection would count at once.
      if (verifyOwner && grant.tags[TAG.owner] !== UNCONFIRMED) {
        const hint = 'verifyOwner needs a worker of this version.';
        throw nangoFailure('Nango.Misconfigured', { field: 'verifyOwner', hint });
      }
      return await mintConnectSession(this.#config, grant);
    });
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
    if (result.status === 'connected') return withHealing(result.connection, this.ref.heal);
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
   * has to be connected anew with the right one. A no to the question `update-integration-scopes` ends the request.
   *
   * @param choice `yes`: it may
   * @param actor who says so
   * @throws Nango.InvalidRequest with the reason `no_open_question` or `request_closed`
   */
  async decide(choice: AccountDecision['choice'], { by }: Required<Actor>): Promise<void> {
    checkOneOf(choice, 'choice', ['yes', 'no']);
    await this.update(UPDATE.decide, { choice, by });
  }

  /**
   * Says that it was the owner who connected by a link with `verifyOwner`. The connection is read again, and is accepted if
   * it still bears that link's nonce; what other links of the request have made is extra. Links of the request that this
   * process has made are revoked.
   *
   * @param nonce of the link, as the session and the question's `unconfirmed` name it
   * @param actor who says so
   * @throws Nango.InvalidRequest with the reason `no_open_question` (nobody has connected by that link, somebody else has
   *   since, or another is being accepted), `link_used_twice` (it has made several connections: have a new one clicked) or
   *   `request_closed`; Nango.NoWorker, Nango.TemporalUnavailable
   */
  async confirmOwner(nonce: string, { by }: Required<Actor>): Promise<void> {
    checkText(nonce, 'nonce');
    checkName(by, 'by');
    // Nobody is to use it once more after that. The others only once it is taken for true: the owner may be at one of them.
    await this.revokeLinks(nonce);
    await this.update(UPDATE.confirmOwner, { nonce, by });
    await this.revokeLinks();
  }

  /**
   * Says that it was not the owner who connected. The request goes on waiting, an operator is notified, and nothing is
   * deleted: a connection that was in use before belongs to somebody else, and nothing goes through it until its owner has
   * connected again. The link stays refused, whatever is connected by it later, and is revoked if this process has made it.
   *
   * @param nonce of the link, as the question's `unconfirmed` names it
   * @param actor who says so
   * @throws as {@link ConnectionRequest.confirmOwner}
   */
  async refuseOwner(nonce: string, { by }: Required<Actor>): Promise<void> {
    checkText(nonce, 'nonce');
    checkName(by, 'by');
    await this.update(UPDATE.refuseOwner, { nonce, by });
    // That one alone: the owner may be at another one by now.
    await this.revokeLinks(nonce);
  }

  /**
   * Says which of several connections is meant. Everybody who waits gets it, and so does whoever wants the connection of
   * this owner and slot from then on, until `NangoConnections.forgetChoice`.
   *
   * @param connectionId of one of the question's `candidates`
   * @param actor who says so
   * @throws Nango.InvalidRequest with the reason `no_open_question` (nothing is asked, or somebody has chosen),
   *   `not_a_candidate` or `request_closed`
   */
  async choose(connectionId: string, { by }: Required<Actor>): Promise<void> {
    checkConnectionId(connectionId, 'connectionId');
    await this.update(UPDATE.decide, { connectionId, by });
  }

  /**
   * Has the worker change the integration, so that it requests all that the question `update-integration-scopes` lists;
   * it loses none. A no is `decide('no')`.
   *
   * @param credentials of the integration's app; the secret by the name of an environment variable of the worker
   * @param actor who says so
   * @throws Nango.InvalidRequest with the reason `no_open_question` or `request_closed`, or naming what is wrong;
   *   Nango.Forbidden naming the scope that the key lacks, and what Nango refuses
   */
  async updateScopes(credentials: OAuthApp, { by }: Required<Actor>): Promise<void> {
    checkScopesDecision({ choice: 'update', credentials, by });
    await this.update(UPDATE.decide, { choice: 'update', credentials, by });
  }

  /**
   * Says that the integration has been changed elsewhere, which the worker verifies.
   *
   * @param actor who says so
   * @throws Nango.InvalidRequest with the reason `not_requested` if it requests less than the question lists, or as
   *   {@link ConnectionRequest.updateScopes}
   */
  async scopesUpdated({ by }: Required<Actor>): Promise<void> {
    await this.update(UPDATE.decide, { choice: 'updated', by });
  }

  /**
   * The request's own view; needs a worker.
   *
   * @throws Nango.InvalidRequest with the reason `request_closed` once a later request has taken its place; Nango.NoWorker,
   *   Nango.TemporalUnavailable
   */
  async view(): Promise<RequestView> {
    const view = requestViewSchema.parse(await withTypedFailures(() => this.handle().query(REQUEST_VIEW)));
    refuseLater(view, this.ref);
    return view;
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

  /** Links made here for a request that has ended are of no use to anybody but a second person. @param nonce default: all */
  private async revokeLinks(nonce?: string): Promise<void> {
    await revokeLinks(this.ref.firstExecutionRunId, this.#config, nonce);
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
