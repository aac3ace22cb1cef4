import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { freePort } from '../../../src/dev/free-port';
import { serveDriver } from '../ipc/serve';
import { heartbeatsIn } from './heartbeats';

/**
 * What both workers are tuned to. On two cores few pollers do best for one activity a call: 346 calls/s beside 227 to 269
 * with the default of ten, 236 with twenty, and 143 with pollers that scale by themselves.
 */
const TUNED = {
  maxConcurrentActivityTaskExecutions: 200,
  maxConcurrentWorkflowTaskExecutions: 40,
  maxConcurrentActivityTaskPolls: 4,
  maxConcurrentWorkflowTaskPolls: 3,
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
