import { proxyActivities } from '@temporalio/workflow';
import * as ours from '../../src/worker-workflows';

/** Our workflows as somebody might change them without a thought for those that are parked: each looks first. */

const { 'nango.sweep': sweep } = proxyActivities<{ 'nango.sweep': () => Promise<void> }>({ startToCloseTimeout: 1 });

function sweepingFirst<I, O>(workflow: (input: I) => Promise<O>): (input: I) => Promise<O> {
  return async (input) => {
    await sweep();
    return await workflow(input);
  };
}

export const ensureConnection = sweepingFirst(ours.ensureConnection);
export const connectionRequest = sweepingFirst(ours.connectionRequest);
export const connectionWatch = sweepingFirst(ours.connectionWatch);
export const rateLimiter = sweepingFirst(ours.rateLimiter);
export const connectionHolds = sweepingFirst(ours.connectionHolds);
export const bulk = sweepingFirst(ours.bulk);
export const bulkPage = sweepingFirst(ours.bulkPage);
export const integrationHealth = sweepingFirst(ours.integrationHealth);
export const operatorNotice = sweepingFirst(ours.operatorNotice);
export const integrationSetUp = sweepingFirst(ours.integrationSetUp);
export const deployFunction = sweepingFirst(ours.deployFunction);
