import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { ASSUMED_WINDOW_MS, FIRST_INFERRED_CALLS } from '../contract/limits';
import type { ConnectionNames, KnownLimit } from '../contract/types';
import type { Destination, HttpObserver } from '../nango/http/observer';
import type { HttpOutcome } from '../nango/http/outcome';
import { accountFacts, providerPauseMs, saysWhen, showsNoLimit } from '../nango/limit-facts';
import type { RetryHeaders } from '../nango/limit-facts';
import { LeasedLimit } from './leased-limit';
import type { Limiter, Terms } from './leased-limit';
import type { SharedLimits } from './shared-limits';
import { Unleased } from './unleased';
import type { Admission } from './waiters';

/** An account that has shown no limit is believed for so long. */
const UNLIMITED_FOR_MS = 600_000;
/** A connection whose provider has refused a call is held back for so long after the last refusal. */
const CONNECTION_TTL_MS = 600_000;
const MAX_CONNECTIONS = 10_000;

/** What the limits of a worker are made of. */
export interface WorkerLimitsParts {
  /** limits of connections that the worker was given, by integration */
  declared: { [integration: string]: KnownLimit };
  /** the limiter of the account, or of one of its connections */
  limiterOf: (connection?: ConnectionNames) => Limiter;
  /** makes one request to the management API, whose response is observed */
  readLimit: () => Promise<void>;
  /** by which headers a provider says that its limit is reached, as far as that was read */
  retryHeadersOf: (connection: ConnectionNames) => RetryHeaders | undefined;
  /** reads it */
  readRetryHeaders: (connection: ConnectionNames) => Promise<void>;
  /** on whose behalf calls are made just now: a workflow, say */
  claimant: () => string;
}

/** The limits that a worker knows: of its account, and of connections. */
export class WorkerLimits implements SharedLimits, HttpObserver {
  private readonly holder = randomUUID();
  private readonly account: LeasedLimit;
  private readonly connections = new LRUCache<string, LeasedLimit>({
    max: MAX_CONNECTIONS,
    ttl: CONNECTION_TTL_MS,
    updateAgeOnGet: false,
  });
  /** what was sent lately on connections whose limit is not known */
  private readonly sent = new LRUCache<string, Unleased>({ max: MAX_CONNECTIONS });
  private unlimitedUntil = 0;
  private reading: Promise<void> | undefined;

  constructor(private readonly parts: WorkerLimitsParts) {
    this.account = new LeasedLimit(this.holder, 'account', parts.limiterOf(), parts.readLimit);
  }

  async admit(
    connection: ConnectionNames,
    count: number,
    { patienceMs, signal }: { patienceMs: number; signal?: AbortSignal },
  ): Promise<Admission> {
    const terms: Terms = {
      claimant: `${this.parts.claimant()}\n${keyOf(connection)}`,
      until: Date.now() + patienceMs,
      signal,
    };
    if (count > 1) await this.learn(terms.until);
    const own = this.limitOf(connection);
    const first = own === undefined ? { admitted: count } : await own.take(count, terms);
    if (!('admitted' in first)) return first;
    const admission = await this.account.take(first.admitted, terms).catch((error: unknown) => {
      own?.putBack(first.admitted);
      throw error;
    });
    own?.putBack(first.admitted - ('admitted' in admission ? admission.admitted : 0));
    return admission;
  }

  giveBack(connection: ConnectionNames, count: number): void {
    this.limitOf(connection)?.putBack(count);
    this.account.putBack(count);
  }

  started({ route, connection }: Destination): void {
    this.account.started();
    if (route === 'management' || connection === undefined) return;
    const limit = this.limitOf(connection);
    if (limit === undefined) this.sentOn(connection).add(1, ASSUMED_WINDOW_MS, Date.now());
    else limit.started();
  }

  ended(destination: Destination, outcome: HttpOutcome): void {
    const { route, connection } = destination;
    if (outcome.kind === 'networkError') {
      if (outcome.unsent && route !== 'management' && connection !== undefined) this.giveBack(connection, 1);
      return;
    }
    const now = Date.now();
    const facts = accountFacts(destination, outcome, now);
    if (facts !== undefined) {
      this.account.heard(facts, { calls: facts.calls, perMs: ASSUMED_WINDOW_MS, source: 'nango' });
      this.unlimitedUntil = 0;
    } else if (showsNoLimit(destination, outcome)) {
      this.account.forget();
      this.unlimitedUntil = now + UNLIMITED_FOR_MS;
    } else if (route === 'proxy' && connection !== undefined) {
      const pauseMs = providerPauseMs(outcome, this.parts.retryHeadersOf(connection), now);
      if (pauseMs !== undefined) this.paused(connection, pauseMs);
      if (outcome.status === 429 && !saysWhen(outcome.headers)) {
        void this.parts.readRetryHeaders(connection).catch(() => undefined);
      }
    }
  }

  /** One request for all that come while it is under way; one that fails says nothing, and the calls go out. */
  private async learn(until: number): Promise<void> {
    if (this.account.isKnown || Date.now() < this.unlimitedUntil) return;
    this.reading ??= this.parts
      .readLimit()
      .catch(() => undefined)
      .finally(() => {
        this.reading = undefined;
      });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(until - Date.now(), 0));
    });
    await Promise.race([this.reading, late]);
    clearTimeout(timer);
  }

  private limitOf(connection: ConnectionNames): LeasedLimit | undefined {
    const key = keyOf(connection);
    const existing = this.connections.get(key);
    if (existing !== undefined) return existing;
    const declared = Object.hasOwn(this.parts.declared, connection.integration)
      ? this.parts.declared[connection.integration]
      : undefined;
    if (declared === undefined) return undefined;
    const limit = this.newLimit(connection);
    limit.know(declared);
    // What it holds must not be forgotten.
    this.connections.set(key, limit, { ttl: 0 });
    return limit;
  }

  private paused(connection: ConnectionNames, pauseMs: number): void {
    const limit = this.limitOf(connection) ?? this.newLimit(connection);
    const perMs = Math.min(pauseMs, ASSUMED_WINDOW_MS);
    // It let so many through; how many others sent, their own refusals will show.
    const calls = Math.max(this.sentOn(connection).count(perMs, Date.now()), FIRST_INFERRED_CALLS);
    limit.heard({ from: 'provider', pauseMs }, { calls, perMs, source: 'refusals' });
    const isDeclared = Object.hasOwn(this.parts.declared, connection.integration);
    this.connections.set(keyOf(connection), limit, isDeclared ? { ttl: 0 } : {});
  }

  private sentOn(connection: ConnectionNames): Unleased {
    const key = keyOf(connection);
    const sent = this.sent.get(key) ?? new Unleased();
    this.sent.set(key, sent);
    return sent;
  }

  private newLimit(connection: ConnectionNames): LeasedLimit {
    return new LeasedLimit(this.holder, 'connection', this.parts.limiterOf(connection));
  }
}

function keyOf({ integration, connectionId }: ConnectionNames): string {
  return `${integration}\n${connectionId}`;
}
