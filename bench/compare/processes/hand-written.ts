import { activities } from '../hand-written-activities';
import { HAND_WRITTEN_QUEUE } from '../queues';
import { serveWorker } from './temporal-worker';

/** The worker that somebody writes without this package. */
void serveWorker({
  taskQueue: HAND_WRITTEN_QUEUE,
  workflowsPath: require.resolve('../hand-written-workflows'),
  activities,
});
