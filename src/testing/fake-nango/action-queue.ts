/** Nango runs a synchronous action at once, and an asynchronous one only while no other action runs. */
export class ActionQueue {
  private readonly running = new Set<Promise<unknown>>();
  private last: Promise<unknown> = Promise.resolve();

  /** @param run which never fails */
  now<T>(run: () => Promise<T>): Promise<T> {
    const over: Promise<T> = run().finally(() => this.running.delete(over));
    this.running.add(over);
    return over;
  }

  /** @param run which never fails */
  later<T>(run: () => Promise<T>): Promise<T> {
    const over = this.last.then(async () => {
      while (this.running.size > 0) await Promise.all(this.running);
      return await this.now(run);
    });
    this.last = over;
    return over;
  }
}
