// A user's program: worker and client with one store on disk. Prints for each kind of call how much came to the client,
// how large the history is, and how many payloads were stored; or why the worker is not made.
// Arguments: address of Temporal, bytes of each response, kinds of calls.
const { mkdtemp, readdir } = require('node:fs/promises');
const { join } = require('node:path');
const { Client, Connection } = require('@temporalio/client');
const { DefaultLogger, NativeConnection, Runtime, Worker } = require('@temporalio/worker');
const { findNangoFailure, NangoPlugin, resolveConfig } = require('temporal-nango');
const { FakeNango } = require('temporal-nango/testing');
const { diskStore } = require('./disk-store');

const [address, size, ...kinds] = process.argv.slice(2);
const bytes = Number(size);
const ref = { integration: 'hubspot', connectionId: 'c-1' };

async function main() {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const nango = await fakeNango('x'.repeat(bytes));
  const connection = await NativeConnection.connect({ address });
  try {
    console.log(JSON.stringify(await run(nango, connection)));
  } finally {
    await connection.close();
    await nango.close();
  }
}

async function fakeNango(text) {
  const nango = await FakeNango.start();
  nango.addProvider({ name: 'hubspot', displayName: 'HubSpot', authMode: 'OAUTH2' });
  nango.addIntegration({ key: 'hubspot', provider: 'hubspot' });
  nango.addConnection(ref);
  nango.onProxy('hubspot', ({ path }) => ({ json: path === '/list' ? { items: [text] } : text }));
  nango.onAction('hubspot', 'large', () => text);
  return nango;
}

async function run(nango, connection) {
  const folder = await mkdtemp(join(__dirname, 'store-'));
  const dataConverter = { externalStorage: diskStore(folder) };
  const env = { NANGO_TOOLBOX_SECRET_KEY: nango.secretKey, NANGO_SERVER_URL: nango.url };
  const worker = await Worker.create({
    connection,
    taskQueue: 'nango',
    workflowsPath: require.resolve('./workflows'),
    dataConverter,
    plugins: [new NangoPlugin({ config: resolveConfig({ env, cwd: __dirname }) })],
  }).catch((error) => error);
  const failure = findNangoFailure(worker);
  if (failure !== undefined) return { refused: { type: failure.type, message: failure.message } };
  if (worker instanceof Error) throw worker;

  const client = new Client({ connection: await Connection.connect({ address }), dataConverter });
  const results = {};
  await worker.runUntil(async () => {
    for (const kind of kinds) {
      const before = (await readdir(folder)).length;
      const handle = await client.workflow.start('large', {
        workflowId: `${kind}-${bytes}`,
        taskQueue: 'nango',
        args: [ref, kind],
      });
      const text = await handle.result();
      const { historySize } = await handle.describe();
      results[kind] = {
        text: text.length,
        history: historySize,
        stored: (await readdir(folder)).length - before,
      };
    }
  });
  await client.connection.close();
  return results;
}

void main();
