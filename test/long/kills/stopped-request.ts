/** Where a flow stops: before a request reaches Nango, or before its answer reaches the worker. */
export type Side = 'before' | 'after';

/** Stops one of the requests that a flow makes to Nango, until it is released. */
export class StoppedRequest {
  /** how many there were */
  requests = 0;
  private readonly numbers = new WeakMap<object, number>();
  isHeld = false;
  private readonly released: Promise<void>;
  release: () => void = () => undefined;

  /** @param stopAt which of the requests, from 1; 0: none */
  constructor(
    private readonly stopAt: number,
    private readonly side: Side,
  ) {
    this.released = new Promise((resolve) => (this.release = resolve));
  }

  /** Called at each end of each request; `request` is the same at both. */
  async at(side: Side, request: object): Promise<void> {
    if (side === 'before') this.numbers.set(request, ++this.requests);
    if (this.isHeld || side !== this.side || this.numbers.get(request) !== this.stopAt) return;
    this.isHeld = true;
    await this.released;
  }
}
