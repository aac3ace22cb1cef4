import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import type { NativeConnection } from '@temporalio/worker';
import type { BulkInput, BulkPage, BulkSinkInput, BulkSourceInput, Call, Outcome } from '../../src/contract/types';

/** What a user brings to a bulk run: a worker with a source and a sink, on a queue of its own. */
export class BulkUser {
  /** what the sink has got, by index */
  readonly sunk = new Map<number, Outcome>();
  /** how often the sink has got an index */
  readonly times = new Map<number, number>();
  /** cursors that the source was called with */
  readonly cursors: unknown[] = [];
  source: (input: BulkSourceInput) => unknown = () => ({ calls: [] });
  /** may throw, before it keeps anything */
  sink: (input: BulkSinkInput) => unknown = () => undefined;
  private worker: Worker | undefined;
  private end: Promise<void> | undefined;

  private constructor(readonly taskQueue: string) {}

  static async start(
    { env }: { env: { nativeConnection: NativeConnection } },
    taskQueue = `bulk-user-${randomUUID()}`,
  ): Promise<BulkUser> {
    const user = new BulkUser(taskQueue);
    user.worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: user.taskQueue,
      activities: {
        source: async (input: BulkSourceInput) => {
          user.cursors.push(input.cursor);
          return await user.source(input);
        },
        sink: async (input: BulkSinkInput) => {
          await user.sink(input);
          for (const { index, outcome } of input.outcomes) {
            user.sunk.set(index, outcome);
            user.times.set(index, (user.times.get(index) ?? 0) + 1);
          }
        },
      },
    });
    user.end = user.worker.run();
    return user;
  }

  /** A source of these calls, so many a page. */
  has(calls: (Call | null)[], pageSize: number, total?: number): void {
    this.source = ({ cursor = 0 }): BulkPage => {
      const from = cursor as number;
      const next = from + pageSize < calls.length ? from + pageSize : undefined;
      return { calls: calls.slice(from, from + pageSize), next, total };
    };
  }

  input(more: Partial<BulkInput> = {}): BulkInput {
    const { taskQueue } = this;
    return {
      connection: { integration: 'hubspot', connectionId: 'c' },
      source: { activity: 'source', taskQueue, timeoutMs: 10_000 },
      sink: { activity: 'sink', taskQueue, timeoutMs: 10_000 },
      ...more,
    };
  }

  /** Indexes that the sink has, in order. */
  get indexes(): number[] {
    return [...this.sunk.keys()].sort((a, b) => a - b);
  }

  async close(): Promise<void> {
    this.worker?.shutdown();
    await this.end;
  }
}

export function reads(n: number): Call[] {
  return Array.from({ length: n }, (_, i) => ({ method: 'GET', endpoint: `/read/${i}` }));
}
