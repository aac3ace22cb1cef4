import { requireMintingKey } from '../config';
import type { NangoConfig } from '../config';
import { UPDATE_DEADLINE_MS } from '../contract/limits';
import { CLIENT_JOIN_ID, REQUEST_VIEW, UPDATE } from '../contract/names';
import { requestViewSchema } from '../contract/schemas/asks';
import { requestResultSchema } from '../contract/schemas/joins';
import { linkGrantSchema } from '../contract/schemas/links';
import type { AskAnswer, Connection, LinkGrant, RequestRef, RequestStatus, RequestView } from '../contract/types';
import { endedWait, waitEnd } from '../contract/wait-end';
import { asking } from './failures';
import { mintConnectSession } from './mint';
import { MintedLinks } from './minted-links';
import type { ConnectSession } from './mint';
import type { Place } from './start';

/**
 * A request for a connection, as a backend sees it. Its `ref` is JSON-safe and names this request for ever: a later
 * request of the same owner is another one, which an old ref cannot reach.
 */
export class ConnectionRequest {
  readonly status = 'pending';
  // Private at run time too: it holds keys, and a request is handed to web code.
  readonly #config: NangoConfig;
  readonly #links: MintedLinks;

  /** Made by `NangoConnections.ensureConnection` and `NangoConnections.request`. */
  constructor(
    readonly ref: RequestRef,
    private readonly place: Place,
    config: NangoConfig,
    links = new MintedLinks(),
  ) {
    this.#config = config;
    this.#links = links;
  }

  /**
   * A link made now, for this click: it dies after 30 minutes and whoever has it can connect, so do not store it.
   *
   * @throws Nango.InvalidRequest with the code `request_closed` or `too_many_links`; Nango.Misconfigured without a key
   */
  async connectLink(): Promise<string> {
    return (await this.connectSession()).connectLink;
  }

  /** The same as a session, for Nango's embedded Connect UI: `{ token, connectLink, expiresAt }`. */
  async connectSession(): Promise<ConnectSession> {
    requireMintingKey(this.#config);
    const grant = await this.update<LinkGrant>(UPDATE.issueLink);
    const session = await mintConnectSession(this.#config, linkGrantSchema.parse(grant));
    this.#links.add(this.ref.firstExecutionRunId, session);
    return session;
  }

  /**
   * Waits until the request ends, however long that takes.
   *
   * @returns the connection
   * @throws Nango.ConnectionTimedOut, Nango.ConnectionDeclined, Nango.RequestCancelled, Nango.AccountChanged
   */
  async result(): Promise<Connection> {
    const result = requestResultSchema.parse(await asking(() => this.handle().result()));
    const end = waitEnd({ ...result, requestId: this.ref.id });
    await this.revokeLinks();
    if (end.status === 'connected') return end.connection;
    throw endedWait(end);
  }

  /** Takes this backend off the request; others who wait for it go on waiting. */
  async cancel(): Promise<void> {
    const status = await this.update<RequestStatus>(UPDATE.leave, { joinId: CLIENT_JOIN_ID });
    if (status === 'cancelled') await this.revokeLinks();
  }

  /** Moves the deadline of everybody who waits. @param until milliseconds since the epoch */
  async extend(until: number): Promise<void> {
    await this.update(UPDATE.extend, { until });
  }

  /** The person said no: everybody who waits is told, and nobody is asked again for a day. */
  async decline(): Promise<void> {
    await this.update<RequestStatus>(UPDATE.decline);
    await this.revokeLinks();
  }

  /**
   * Says whether the connection may be written to with the account that a reconnect has put behind it. After a no it
   * has to be connected anew with the right one.
   *
   * @param by who says so: it is recorded
   * @throws Nango.InvalidRequest with the code `nothing_to_answer` or `request_closed`
   */
  async answer(answer: AskAnswer['answer'], { by }: { by: string }): Promise<void> {
    await this.update(UPDATE.answerAsk, { answer, by });
  }

  /** How the request stands; needs a worker. */
  async view(): Promise<RequestView> {
    return requestViewSchema.parse(await asking(() => this.handle().query(REQUEST_VIEW)));
  }

  /** Links made here for a request that has ended are of no use to anybody but a second person. */
  private async revokeLinks(): Promise<void> {
    await this.#links.revoke(this.ref.firstExecutionRunId, this.#config);
  }

  /** Every update names the run it is meant for: not every server sees to it that a later one is not reached. */
  private async update<T>(name: string, input: object = {}): Promise<T> {
    const { client } = this.place;
    const { firstExecutionRunId } = this.ref;
    return await asking(() =>
      client.withDeadline(Date.now() + UPDATE_DEADLINE_MS, () =>
        this.handle().executeUpdate<T, [object]>(name, { args: [{ ...input, firstExecutionRunId }] }),
      ),
    );
  }

  private handle() {
    const { id, firstExecutionRunId } = this.ref;
    return this.place.client.workflow.getHandle(id, undefined, { firstExecutionRunId });
  }
}
