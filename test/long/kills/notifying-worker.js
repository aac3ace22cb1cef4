// The worker of this package, with a notifier that tells by POST to NOTIFY_URL and waits for the answer.
const { NativeConnection, Worker } = require('@temporalio/worker');
const { NangoPlugin } = require('../../../lib/index.js');

async function notifier({ reason, request, reminders }, _request, signal) {
  const body = JSON.stringify({ reason, request, reminders });
  const { ok } = await fetch(process.env.NOTIFY_URL, { method: 'POST', body, signal });
  if (!ok) throw new Error('not told');
}

async function main() {
  const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS });
  const plugins = [new NangoPlugin({ workflows: true, notifier })];
  const worker = await Worker.create({ connection, taskQueue: 'nango', plugins });
  await worker.run();
  await connection.close();
}

void main();
