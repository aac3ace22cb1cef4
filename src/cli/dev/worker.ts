import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { NangoConfig } from '../../config';
import { NangoPlugin } from '../../plugin';
import { operatorLineNotifier } from '../../notifier';
import type { Notifier } from '../../notifier';
import { logAttempts } from './attempt-line';

const SHUTDOWN_GRACE = '10 seconds';

/** A worker that runs in this process. */
export interface DevWorker {
  /** fulfilled when it has ended; rejected if it broke */
  ended: Promise<void>;
  /** Lets what is in flight end. */
  stop(): Promise<void>;
}

/** Takes seconds, and needs nothing: so it is begun before everything else. */
export async function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPath = require.resolve('../../worker-workflows');
  const logger = new DefaultLogger('WARN');
  return await bundleWorkflowCode({ workflowsPath, preloadModules: [workflowsPath], logger });
}

/** Starts the worker of this package. */
export async function startWorker(
  address: string,
  workflowBundle: WorkflowBundleWithSourceMap,
  { config, notifier, say }: { config: NangoConfig; notifier: Notifier; say: (line: string) => void },
): Promise<DevWorker> {
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue: config.taskQueue,
    workflowBundle,
    plugins: [new NangoPlugin({ config, notifier, operatorNotifier: operatorLineNotifier(say) })],
    interceptors: { activity: [logAttempts(say)] },
    shutdownGraceTime: SHUTDOWN_GRACE,
  });
  const ended = worker.run();
  // Something else may be waited for when it breaks.
  ended.catch(() => undefined);
  return {
    ended,
    async stop() {
      if (worker.getState() === 'RUNNING' || worker.getState() === 'INITIALIZED') worker.shutdown();
      // That it broke is said by `ended`.
      await ended.catch(() => undefined);
      await connection.close();
    },
  };
}
