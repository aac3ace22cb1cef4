// The worker of this package, to which a minute is a second where it waits for a response.
const { NativeConnection, Worker } = require('@temporalio/worker');
const { NangoPlugin } = require('../../../lib/index.js');

const A_MINUTE = 60_000;
const { setTimeout } = globalThis;
globalThis.setTimeout = (callback, ms, ...args) =>
  setTimeout(callback, ms >= A_MINUTE ? Math.round((1_000 * ms) / A_MINUTE) : ms, ...args);

async function main() {
  const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS });
  const worker = await Worker.create({ connection, taskQueue: 'nango', plugins: [new NangoPlugin()] });
  process.send('ready');
  await worker.run();
}

void main();
