import { eventually } from '../support/eventually';
import { World } from '../support/world';

const HEALTH = 'nango-health/default/hubspot';

async function outage(world: World): Promise<void> {
  for (const connectionId of ['c-1', 'c-2', 'c-3']) {
    await world.client.workflow.signalWithStart('integrationHealth', {
      workflowId: HEALTH,
      taskQueue: 'nango',
      args: [{ environment: 'default', integration: 'hubspot' }],
      signal: 'nango.failing',
      signalArgs: [{ connectionId, sign: 'refresh', tried: true }],
    });
  }
}

const HOUR = 3_600_000;

async function over(world: World): Promise<void> {
  const health = world.client.workflow.getHandle(HEALTH);
  for (const connectionId of ['c-1', 'c-2', 'c-3']) await health.signal('nango.works', { connectionId });
  // To wait for its result would have a clock that can be skipped jump to its next timer, into another hour.
  await eventually(async () => ((await health.describe()).status.name === 'COMPLETED' ? true : undefined));
}

test.each(['dev', 'timeSkipping'] as const)(
  'a second burst within the hour notifies nobody, since Temporal refuses its workflow; %s server',
  async (kind) => {
    const world = await World.open(kind);
    try {
      // Both bursts in one hour of the server's clock.
      const left = HOUR - ((await world.env.currentTimeMs()) % HOUR);
      if (left < 120_000) await world.env.sleep(left + 1_000);
      await outage(world);
      await eventually(() => Promise.resolve(world.outageNotices.length > 0 || undefined));
      await over(world);
      await outage(world);
      await eventually(async () => {
        const events = await world.events(HEALTH);
        return events.includes('startChildWorkflowExecutionFailed') ? true : undefined;
      });
      await over(world);
      expect(world.outageNotices).toHaveLength(1);
      expect(world.outageNotices[0]).toMatchObject({ reason: 'outage', integration: 'hubspot', failing: 3 });
    } finally {
      await world.close();
    }
  },
);
