import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

/**
 * A TCP port of `127.0.0.1` that is free, and that the system will not give to anyone who asks for "any port" during the
 * next minute: a connection to it was closed from its side, which leaves the port in TIME_WAIT. A program that asks for
 * this very port still gets it.
 */
export async function freePort(): Promise<number> {
  const server = createServer((socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // The client waits for the server's end of stream before it closes: the side that closes first keeps TIME_WAIT.
  await once(connect(port, '127.0.0.1').resume(), 'close');
  server.close();
  await once(server, 'close');
  return port;
}
