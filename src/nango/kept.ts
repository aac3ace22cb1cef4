import { setMaxListeners } from 'node:events';
import type { Bounds } from './http/bounds';

const KEPT_MS = 60_000;
/** An activity has 24 seconds at the least, so that the error says what happened. */
const READ: Bounds = { deadlineMs: 20_000 };

/**
 * One thing that is read over and over, kept for a minute. A read is for all who want it meanwhile: those of a fan-out
 * must not use up a rate limit. So it has bounds of its own.
 */
export class Kept<T> {
  private value?: { is: T; until: number };
  private reading?: Promise<T>;
  private next?: Promise<T>;

  constructor(private readonly read: (bounds: Bounds) => Promise<T>) {}

  /**
   * What failed is not kept.
   *
   * @param fresh by a read that has not begun yet
   * @param signal ends the waiting, not the read
   * @throws what the read throws, and the reason of the signal
   */
  async get(fresh: boolean, { signal }: Pick<Bounds, 'signal'>): Promise<T> {
    if (!fresh && this.value !== undefined && performance.now() < this.value.until) return this.value.is;
    return await unlessAborted(fresh ? this.anew() : (this.reading ?? this.start()), signal);
  }

  /** What is kept, without a read. */
  get known(): T | undefined {
    return this.value !== undefined && performance.now() < this.value.until ? this.value.is : undefined;
  }

  /** One read is under way at a time, and one is next. */
  private anew(): Promise<T> {
    const { reading } = this;
    if (reading === undefined) return this.start();
    const start = (): Promise<T> => {
      this.next = undefined;
      return this.reading ?? this.start();
    };
    this.next ??= reading.then(start, start);
    return this.next;
  }

  private start(): Promise<T> {
    this.reading = this.readAndKeep();
    return this.reading;
  }

  private async readAndKeep(): Promise<T> {
    try {
      const is = await this.read(READ);
      this.value = { is, until: performance.now() + KEPT_MS };
      return is;
    } finally {
      this.reading = undefined;
    }
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  signal.throwIfAborted();
  // Those of a batch share one.
  setMaxListeners(0, signal);
  return await new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
