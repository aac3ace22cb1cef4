import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { NangoPlugin } from '../../src/plugin';

/**
 * A worker whose memory is measured: arguments are the address of Temporal, the file of its workflows if they are not ours,
 * and whether they run in the main thread, where the garbage can be collected. It keeps all of them in its cache.
 */
async function main(): Promise<void> {
  const [, , address, workflows, thread] = process.argv;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue: 'nango',
    workflowsPath: workflows ? require.resolve(workflows) : undefined,
    plugins: [new NangoPlugin({ workflows: !workflows, notifier: () => undefined })],
    maxCachedWorkflows: 10_000,
    debugMode: thread === 'main',
  });
  process.on('message', () => {
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    process.send?.({ rss, heapUsed });
  });
  process.once('SIGTERM', () => worker.shutdown());
  // Whoever started it is gone.
  process.once('disconnect', () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  });
  await worker.run();
  await connection.close();
  if (process.connected) process.disconnect();
}

void main();
