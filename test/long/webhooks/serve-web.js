// The web side as a process of its own, on a free port of loopback. It tells its address, and answers every message with
// the bytes that it takes once garbage is collected.
const { Client, Connection } = require('@temporalio/client');
const { resolveConfig } = require('../../../lib/config.js');
const { serveWeb } = require('../../../lib/web/serve.js');

async function main() {
  const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS });
  const at = { host: '127.0.0.1', port: 0 };
  const options = { client: new Client({ connection }), config: resolveConfig(), public: at, inbox: at };
  const { publicUrl } = await serveWeb(options);
  process.on('message', () => {
    globalThis.gc();
    process.send(process.memoryUsage());
  });
  process.once('disconnect', () => process.exit());
  process.send({ publicUrl });
}

void main();
