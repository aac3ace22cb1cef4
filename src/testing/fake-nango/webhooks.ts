import { createHash, createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, EndUser, State } from './state';

/** An application that takes longer is not waited for. */
const TIMEOUT_MS = 20_000;

/** Headers of a provider's webhook that are of its way to Nango alone. */
const NOT_FORWARDED = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'user-agent',
  'accept',
  'accept-encoding',
];

/** A delivery as it went out, or would have. */
export interface Delivery {
  /** where it went */
  url: string;
  /** raw, as it was signed */
  body: string;
  /** of the last attempt; undefined: no response */
  status?: number;
  /** how many there were so far */
  attempts: number;
}

/** Webhooks of a FakeNango, as a test sees them: it may drop, double and delay them. */
export interface FakeWebhooks {
  /** those that are over, whatever came of them; oldest first */
  readonly delivered: Delivery[];
  /** how many were dropped */
  readonly dropped: number;
  /** The next so many deliveries are lost, or from now on those that a predicate picks. */
  drop(which: number | ((body: WebhookBody) => boolean)): void;
  /** Every delivery from now on arrives this many times. */
  duplicate(copies: number): void;
  /** Every delivery from now on leaves this much later. */
  delay(ms: number): void;
  /** Until nothing is under way. */
  settled(): Promise<void>;
}

/** What a delivery says, e.g. `{ type: 'auth', operation: 'creation', success: true, … }`. */
export type WebhookBody = {
  /** whatever Nango would send, https://nango.dev/docs/reference/webhooks */
  [key: string]: unknown;
};

/** The body that Nango sends: keys in alphabetical order, at every depth. */
export function stableStringify(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/**
 * Headers that sign a raw body as Nango does, for a user's own tests of a webhook route.
 *
 * @param signingKey one of the `webhookSigningKeys` of the route under test
 */
export function signTestWebhook(rawBody: string, signingKey: string): { [name: string]: string } {
  return {
    'content-type': 'application/json',
    'x-nango-hmac-sha256': createHmac('sha256', signingKey).update(rawBody).digest('hex'),
    'x-nango-signature': createHash('sha256')
      .update(signingKey + rawBody)
      .digest('hex'),
  };
}

/** Webhooks of a FakeNango: signed, and repeated as Nango does it, after network errors and 5xx only. */
export class Webhooks implements FakeWebhooks {
  readonly delivered: Delivery[] = [];
  dropped = 0;
  private isDropped: (body: WebhookBody) => boolean = () => false;
  private copies = 1;
  private delayMs = 0;
  private readonly closed = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly state: State,
    private readonly signingKey: string,
    /** where deliveries go unless a connection has a URL of its own; none: nowhere */
    private readonly url: string | undefined,
    private readonly retryDelaysMs: number[],
  ) {}

  drop(which: number | ((body: WebhookBody) => boolean)): void {
    let left = typeof which === 'number' ? which : 0;
    this.isDropped = typeof which === 'number' ? () => left-- > 0 : which;
  }

  duplicate(copies: number): void {
    this.copies = copies;
  }

  delay(ms: number): void {
    this.delayMs = ms;
  }

  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  async close(): Promise<void> {
    this.closed.abort();
    await this.settled();
  }

  connected(connection: Connection, operation: 'creation' | 'override'): void {
    this.deliver(connection, { ...this.common(connection, operation), success: true, tags: connection.tags });
  }

  /** A failed attempt carries no tags, and names a connection that does not exist. */
  attemptFailed(connection: Connection, type: string): void {
    const error = { type, description: 'The attempt failed.' };
    this.deliver(connection, { ...this.common(connection, 'creation'), success: false, error });
  }

  refreshFailed(connection: Connection): void {
    const error = { type: 'refresh_token_external_error', description: 'The refresh failed.' };
    const body = { ...this.common(connection, 'refresh'), success: false, error, tags: connection.tags };
    this.deliver(connection, body);
  }

  /** An asynchronous action is over; neither its output nor its success is told. */
  actionDone(connection: Connection, id: string): void {
    const { integration: providerConfigKey, connectionId } = connection;
    const payload = { id, statusUrl: `/action/${id}` };
    this.deliver(connection, { type: 'async_action', from: 'nango', connectionId, providerConfigKey, payload });
  }

  /** A provider's own webhook, as it came. @param headers of the provider, of which Nango keeps what is not of the hop */
  forward(body: unknown, headers: { [name: string]: string }): void {
    if (this.url === undefined) return;
    const kept = Object.entries(headers).filter(([name]) => !NOT_FORWARDED.includes(name));
    const text = typeof body === 'string' ? body : stableStringify(body);
    this.dispatch(this.url, text, isBody(body) ? body : {}, Object.fromEntries(kept));
  }

  private common({ integration, connectionId, endUser }: Connection, operation: string) {
    const provider = this.state.integrations.get(integration)?.provider;
    return {
      type: 'auth',
      from: 'nango',
      operation,
      connectionId,
      providerConfigKey: integration,
      provider: provider?.name,
      authMode: provider?.authMode,
      environment: 'dev',
      ...(endUser && { endUser: endUserBody(endUser) }),
    };
  }

  private deliver({ webhookUrlOverride }: Connection, body: WebhookBody): void {
    const url = webhookUrlOverride ?? this.url;
    if (url !== undefined) this.dispatch(url, stableStringify(body), body);
  }

  private dispatch(url: string, text: string, body: WebhookBody, headers: { [name: string]: string } = {}): void {
    if (this.isDropped(body)) {
      this.dropped++;
      return;
    }
    for (let i = 0; i < this.copies; i++) {
      const sending: Promise<void> = this.send({ url, body: text, attempts: 0 }, headers).finally(() =>
        this.underWay.delete(sending),
      );
      this.underWay.add(sending);
    }
  }

  private async send(delivery: Delivery, extra: { [name: string]: string }): Promise<void> {
    const { signal } = this.closed;
    const headers = { ...extra, ...signTestWebhook(delivery.body, this.signingKey) };
    try {
      if (this.delayMs > 0) await sleep(this.delayMs, undefined, { signal });
      for (const pause of [...this.retryDelaysMs, undefined]) {
        delivery.attempts++;
        delivery.status = await this.post(delivery, headers);
        if ((delivery.status !== undefined && delivery.status < 500) || pause === undefined) break;
        await sleep(pause, undefined, { signal });
      }
      this.delivered.push(delivery);
    } catch {
      // The server was closed while this one waited.
    }
  }

  /** @returns the status; undefined for no response */
  private async post({ url, body }: Delivery, headers: { [name: string]: string }): Promise<number | undefined> {
    const signal = AbortSignal.any([this.closed.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return await fetch(url, { method: 'POST', headers, body, signal }).then(
      ({ status }) => status,
      () => undefined,
    );
  }
}

function isBody(body: unknown): body is WebhookBody {
  return typeof body === 'object' && body !== null;
}

function endUserBody({ id, email, organization, tags = {} }: EndUser) {
  return { endUserId: id, endUserEmail: email, organizationId: organization?.id, tags };
}
