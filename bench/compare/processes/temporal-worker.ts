import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { freePort } from '../../../src/dev/free-port';
import { serveDriver } from '../ipc/serve';
import { heartbeatsIn } from './heartbeats';

/** What both workers are tuned to; more gained nothing on two cores. */
const TUNED = {
  maxConcurrentActivityTaskExecutions: 200,
  maxConcurrentWorkflowTaskExecutions: 40,
  activityTaskPollerBehavior: { type: 'autoscaling', initial: 10, maximum: 40 },
  workflowTaskPollerBehavior: { type: 'autoscaling', initial: 5, maximum: 20 },
  shutdownGraceTime: '5 seconds',
} as const satisfies Partial<WorkerOptions>;

/** Runs a worker on the Temporal of the environment, and serves the driver until it lets go. */
export async function serveWorker(options: Omit<WorkerOptions, 'connection'>): Promise<void> {
  const bindAddress = `127.0.0.1:${await freePort()}`;
  // Only the driver ends it.
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { metrics: { prometheus: { bindAddress } } },
    shutdownSignals: [],
  });
  const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS });
  const worker = await Worker.create({ ...TUNED, ...options, connection });
  const ended = worker.run();
  const close = async (): Promise<void> => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await ended;
    await connection.close();
  };
  const heartbeats = async (): Promise<number> => {
    const response = await fetch(`http://${bindAddress}/metrics`);
    return heartbeatsIn(await response.text());
  };
  serveDriver({ heartbeats }, close);
  await ended;
}
