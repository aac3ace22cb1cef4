import type { FailingReport } from '../../src/contract/types';
import { healthId } from '../../src/contract/request-id';
import { eventually } from '../support/eventually';
import { World } from '../support/world';

// While no worker is there signals wait for one, and are given to it all together.

const REPORTS = 1_000;
const AT_ONCE = 100;

let world: World;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
});

afterAll(async () => {
  await world?.close();
});

test('reports of a thousand calls that were made while no worker was there are judged together', async () => {
  const workflowId = healthId('default', 'hubspot');
  const handle = await world.client.workflow.start('integrationHealth', {
    workflowId,
    taskQueue: world.config.taskQueue,
    args: [{ environment: 'default', integration: 'hubspot' }],
  });
  for (let n = 0; n < REPORTS; n += AT_ONCE) {
    const reports = Array.from({ length: AT_ONCE }, (_, i): FailingReport => {
      const waiter = { workflowId: `job-${n + i}`, waitId: `wait-${n + i}` };
      return { connectionId: `c-${n + i}`, sign: 'refresh', tried: true, waiter };
    });
    await Promise.all(reports.map((report) => handle.signal('nango.failing', report)));
  }
  await world.startWorkers();
  await eventually(async () => {
    const events = await world.events(workflowId);
    return events.includes('startChildWorkflowExecutionInitiated') || undefined;
  });
  expect(await world.events(workflowId)).not.toContain('workflowTaskTimedOut');
  expect(await world.events(workflowId)).not.toContain('workflowTaskFailed');
});
