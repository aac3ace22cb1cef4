import { setTimeout as sleep } from 'node:timers/promises';
import type { ProxyHandler } from '../../../src/testing/fake-nango';
import type { Random } from '../../support/random';

/** A provider that answers after 60 to 150 ms with the path, tells whose an account is, and can hold calls open. */
export class SlowProvider {
  /** how often each path has been called */
  readonly begun = new Map<string, number>();
  inFlight = 0;
  private readonly held = new Map<string, { promise: Promise<void>; release: () => void }>();
  private watchers: { when: () => boolean; resolve: () => void }[] = [];

  constructor(private readonly random: Random) {}

  readonly handle: ProxyHandler = async ({ path, credentials }) => {
    this.begun.set(path, (this.begun.get(path) ?? 0) + 1);
    this.inFlight++;
    for (const { when, resolve } of this.watchers) if (when()) resolve();
    const pause = path === '/me' ? this.random.between(50, 400) : this.random.between(60, 150);
    await (this.held.get(path)?.promise ?? sleep(pause));
    this.inFlight--;
    const account = credentials.type === 'API_KEY' ? credentials.apiKey : '';
    return { json: path === '/me' ? { id: account } : { path } };
  };

  /** From now on calls of this path do not end. */
  hold(path: string): void {
    let release = (): void => undefined;
    const promise = new Promise<void>((resolve) => (release = resolve));
    this.held.set(path, { promise, release });
  }

  release(path: string): void {
    this.held.get(path)?.release();
  }

  /** Fulfilled once a call has begun that makes this true. */
  async until(when: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => this.watchers.push({ when, resolve }));
    this.watchers = this.watchers.filter((watcher) => watcher.when !== when);
  }
}
