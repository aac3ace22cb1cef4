import { readFileSync } from 'node:fs';
import { createServer as createProxy, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const CERTIFICATES = join(__dirname, '../fixtures/stand-in-host');

/** Stands where the SDK's downloader looks for its host, over TLS on loopback. */
export interface StandInHost {
  /** what makes the downloader, which is the real one, come here: a proxy, and whom to trust */
  readonly env: { HTTPS_PROXY: string; SSL_CERT_FILE: string };
  /** what was asked for */
  readonly requested: string[];
  close(): Promise<void>;
}

/** @param respond what it does with a request; one that is not answered hangs */
export async function standInHost(respond: (path: string, response: ServerResponse) => unknown): Promise<StandInHost> {
  const requested: string[] = [];
  const pem = (name: string) => readFileSync(join(CERTIFICATES, name));
  const host = createServer(
    { key: pem('key.pem'), cert: pem('certificate.pem') },
    (request: IncomingMessage, response) => {
      requested.push(String(request.url));
      respond(String(request.url), response);
    },
  );
  const proxy = createProxy().on('connect', (_request, socket) => {
    const through = connect((host.address() as AddressInfo).port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
    for (const end of [through, socket]) {
      end
        .on('error', () => undefined)
        .on('close', () => {
          through.destroy();
          socket.destroy();
        });
    }
  });
  for (const server of [host, proxy]) await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    env: {
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      SSL_CERT_FILE: join(CERTIFICATES, 'authority.pem'),
    },
    requested,
    close: async () => {
      host.closeAllConnections();
      proxy.closeAllConnections();
      await Promise.all([host, proxy].map((server) => once(server.close(), 'close')));
    },
  };
}
