import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

/** The process of somebody's own workflows: argument 2 is the address of Temporal, argument 3 the queue. */
async function main(): Promise<void> {
  const [, , address, taskQueue = ''] = process.argv;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: require.resolve('./workflows'),
  });
  process.once('SIGTERM', () => worker.shutdown());
  await worker.run();
  await connection.close();
}

void main();
