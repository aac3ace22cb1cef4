import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serveDriver } from '../ipc/serve';
import { StandIn } from './server';
import type { StandInSettings } from './settings';

/** The process of the stand-in. */
async function main(): Promise<void> {
  const standIn = new StandIn();
  standIn.server.listen(0, '127.0.0.1');
  await once(standIn.server, 'listening');
  const { port } = standIn.server.address() as AddressInfo;
  serveDriver({
    url: () => `http://127.0.0.1:${port}`,
    configure: (settings: StandInSettings) => standIn.configure(settings),
    begin: () => standIn.begin(),
    counted: () => standIn.counted(),
  });
}

void main();
