import { Agent, request } from 'undici';
import type { ConnectionRef } from '../../src/workflow';

/** Activities of the workflows that are measured. */
export interface BenchActivities {
  /** A workflow goes on. */
  resumed(run: string): Promise<void>;
  /** The GET with which a hinted connection is read. */
  readConnection(connection: ConnectionRef): Promise<ConnectionRef>;
}

/** When workflows have gone on, by the name of the run, in milliseconds of `performance.now()`. */
export class Resumptions {
  private readonly waiting = new Map<string, (at: number) => void>();

  /** Fulfilled when that workflow goes on. */
  of(run: string): Promise<number> {
    return new Promise((resolve) => this.waiting.set(run, resolve));
  }

  arrive(run: string): void {
    this.waiting.get(run)?.(performance.now());
    this.waiting.delete(run);
  }
}

export function benchActivities(
  nango: { url: string; secretKey: string },
  resumptions: Resumptions,
): BenchActivities & { close: () => Promise<void> } {
  const dispatcher = new Agent();
  return {
    resumed: (run) => Promise.resolve(resumptions.arrive(run)),
    readConnection: async ({ integration, connectionId }) => {
      const query = new URLSearchParams({ provider_config_key: integration });
      const { statusCode, body } = await request(`${nango.url}/connections/${connectionId}?${query.toString()}`, {
        dispatcher,
        headers: { authorization: `Bearer ${nango.secretKey}` },
      });
      const found = (await body.json()) as { connection_id: string };
      if (statusCode !== 200) throw new Error(`Nango answered ${statusCode}`);
      return { integration, connectionId: found.connection_id };
    },
    close: () => dispatcher.close(),
  };
}
