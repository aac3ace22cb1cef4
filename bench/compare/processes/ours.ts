import { resolveConfig } from '../../../src/config';
import { NangoPlugin } from '../../../src/plugin';
import { source } from '../bulk-source';
import { OUR_QUEUE } from '../queues';
import { serveWorker } from './temporal-worker';

/** A worker with the plugin, and the workflows of somebody who uses it. */
void serveWorker({
  taskQueue: OUR_QUEUE,
  workflowsPath: require.resolve('../package-workflows'),
  activities: { source },
  plugins: [new NangoPlugin({ config: resolveConfig({ cwd: '/' }), notifier: () => undefined })],
});
