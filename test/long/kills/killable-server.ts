import { join } from 'node:path';
import { startTemporal } from '../../../src/dev';
import type { EmbeddedTemporal } from '../../../src/dev';
import { freePort } from '../../../src/dev/free-port';

/** A Temporal server that keeps its state in a file, and comes back on the same port after it was killed. */
export class KillableServer {
  private constructor(
    private readonly options: { port: number; dbFilename: string },
    private temporal: EmbeddedTemporal,
  ) {}

  /** @param folder for the file */
  static async start(folder: string): Promise<KillableServer> {
    const options = { port: await freePort(), dbFilename: join(folder, 'temporal.db') };
    return new KillableServer(options, await startTemporal(options));
  }

  get address(): string {
    return this.temporal.address;
  }

  /** SIGKILL, by its own pid; fulfilled once it is gone. */
  async kill(): Promise<void> {
    const { pid } = this.temporal;
    if (pid === undefined) throw new Error('The server is not ours');
    process.kill(pid, 'SIGKILL');
    await this.temporal.stop();
  }

  async restart(): Promise<void> {
    this.temporal = await startTemporal(this.options);
  }

  async stop(): Promise<void> {
    await this.temporal.stop();
  }
}
