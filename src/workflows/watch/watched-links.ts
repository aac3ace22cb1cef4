import { nonceOrigin } from '../../contract/rules/choose';
import { jsonBytes } from '../../contract/rules/json';
import { LINK_GRACE_MS, LINK_TTL_MS, MAX_WATCHED_BYTES, NONCE_HEAD_CHARS } from '../../contract/limits';
import type { ConnectionRef, WatchedLink } from '../../contract/types';

/** How far clocks may differ: Nango's from Temporal's, by which links and connections are compared. */
const CLOCK_TOLERANCE_MS = 60_000;

/** The links that a watch watches, oldest first: as many as fit into what it hands on. */
export class WatchedLinks {
  private readonly byNonce = new Map<string, { link: WatchedLink; bytes: number }>();
  private bytes = 0;
  private turn = 0;

  constructor(carried: WatchedLink[] = []) {
    for (const link of carried) this.put(link);
  }

  get isEmpty(): boolean {
    return this.byNonce.size === 0;
  }

  get all(): WatchedLink[] {
    return [...this.byNonce.values()].map(({ link }) => link);
  }

  /** @returns how many older ones had to go for it: their connections are found by webhook, join or reminder only */
  add({ requestId, nonce, until, renews, unlisted }: WatchedLink, now: number): number {
    this.put({
      requestId,
      nonce,
      // None lives for ever.
      until: Math.min(until, now + LINK_TTL_MS + CLOCK_TOLERANCE_MS),
      renews,
      unlisted: unlisted && { integration: unlisted.integration, connectionId: unlisted.connectionId },
    });
    let dropped = 0;
    for (const oldest of this.byNonce.keys()) {
      if (this.bytes <= MAX_WATCHED_BYTES) break;
      this.take(oldest);
      dropped++;
    }
    return dropped;
  }

  take(nonce: string): WatchedLink | undefined {
    const held = this.byNonce.get(nonce);
    if (held === undefined) return undefined;
    this.byNonce.delete(nonce);
    this.bytes -= held.bytes;
    return held.link;
  }

  /** Those that one request has issued. */
  forget(origin: string): void {
    for (const nonce of this.byNonce.keys()) if (nonceOrigin(nonce) === origin) this.take(nonce);
  }

  expire(now: number): void {
    for (const { nonce, until } of this.all) if (until + LINK_GRACE_MS <= now) this.take(nonce);
  }

  /** What a sweep has to look for; `unlisted` is another one each time. */
  wanted(): { heads: string[]; madeSince?: number; renewed: boolean; unlisted?: ConnectionRef } {
    const links = this.all;
    const made = links.filter(({ renews }) => !renews).map(issuedAt);
    const unlisted = links.flatMap((link) => link.unlisted ?? []);
    return {
      heads: [...new Set(links.map(({ nonce }) => nonce.slice(0, NONCE_HEAD_CHARS)))],
      madeSince: made.length > 0 ? made.reduce((a, b) => Math.min(a, b)) - CLOCK_TOLERANCE_MS : undefined,
      renewed: links.some(({ renews, unlisted: byId }) => renews && byId === undefined),
      unlisted: unlisted.length > 0 ? unlisted[this.turn++ % unlisted.length] : undefined,
    };
  }

  /** Until the last of them is over. */
  leftMs(now: number): number {
    return this.all.reduce((left, { until }) => Math.max(left, until + LINK_GRACE_MS - now), 0);
  }

  ageOfNewest(now: number): number {
    return now - this.all.map(issuedAt).reduce((a, b) => Math.max(a, b), -Infinity);
  }

  private put(link: WatchedLink): void {
    this.take(link.nonce);
    const bytes = jsonBytes(link) + 1;
    this.byNonce.set(link.nonce, { link, bytes });
    this.bytes += bytes;
  }
}

function issuedAt({ until }: WatchedLink): number {
  return until - LINK_TTL_MS;
}
