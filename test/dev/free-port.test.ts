import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '../../src/dev/free-port';

describe('a free port', () => {
  it('is another one each time', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(new Set(ports).size).toBe(50);
  });

  it('can be listened on at once', async () => {
    const server = createServer().listen(await freePort(), '127.0.0.1');
    await once(server, 'listening');
    server.close();
  });
});
