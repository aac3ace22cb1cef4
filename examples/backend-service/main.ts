import { serve } from '@hono/node-server';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { createService } from './service';

/** Serves on `PORT`, 3000 by default. @returns what ends the service */
export async function main(): Promise<() => Promise<void>> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect(connectionOptions);
  const { fetch } = createService(new Client({ connection, namespace }));
  const port = Number(process.env.PORT ?? 3000);
  const server = serve({ fetch, port }, () => console.log(`The service listens on http://localhost:${port}`));
  return async () => {
    await new Promise((resolve) => server.close(resolve));
    await connection.close();
  };
}

if (require.main === module) void main();
