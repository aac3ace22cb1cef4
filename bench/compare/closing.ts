/** What has been opened, to be closed in reverse, also when the run is broken off in the middle. */
export class Closing {
  private readonly steps: (() => Promise<void>)[] = [];
  private closed = false;

  /** Opens something; if all has been closed in the meantime, closes it at once. */
  async open<T>(opening: Promise<T>, close: (opened: T) => Promise<void>): Promise<T> {
    const opened = await opening;
    this.steps.push(() => close(opened));
    if (this.closed) {
      await this.close();
      throw new Error('Broken off');
    }
    return opened;
  }

  /** Closes what is open, and whatever will be opened. */
  async close(): Promise<void> {
    this.closed = true;
    await this.closeOpen();
  }

  /** One that fails to close keeps none of the others open. */
  async closeOpen(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      await step().catch((error: unknown) => console.error(error));
    }
  }
}
