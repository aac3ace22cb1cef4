import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notice } from '../../../src/contract/types';
import type { Random } from '../../support/random';

/** What people are told, as the notifier of another process posts it. It takes 200 to 400 ms to answer. */
export class Mailbox {
  /** how often each notice has arrived; see {@link nameOf} */
  readonly arrived = new Map<string, number>();
  /** notices that have arrived and not been answered */
  inFlight = 0;
  private watchers: { when: () => boolean; resolve: () => void }[] = [];

  private constructor(private readonly server: Server) {}

  static async open(random: Random): Promise<Mailbox> {
    const server = createServer((request, response) => {
      void (async () => {
        const notice = (await json(request)) as Notice;
        mailbox.arrive(nameOf(notice));
        await sleep(random.between(200, 400));
        mailbox.inFlight--;
        response.end();
      })();
    });
    const mailbox = new Mailbox(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return mailbox;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many notices about a request have arrived. */
  about(requestId: string): number {
    return [...this.arrived].reduce((all, [name, times]) => (name.startsWith(`${requestId} `) ? all + times : all), 0);
  }

  /** Fulfilled once a notice has arrived that makes this true. */
  async until(when: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => this.watchers.push({ when, resolve }));
    this.watchers = this.watchers.filter((watcher) => watcher.when !== when);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private arrive(name: string): void {
    this.arrived.set(name, (this.arrived.get(name) ?? 0) + 1);
    this.inFlight++;
    for (const { when, resolve } of this.watchers) if (when()) resolve();
  }
}

/** The same notice of the same run of a request has the same name. */
function nameOf({ request, reason, reminders }: Pick<Notice, 'request' | 'reason' | 'reminders'>): string {
  return `${request.id} ${request.firstExecutionRunId} ${reason} ${reminders}`;
}
