import { eventually } from '../support/eventually';
import { waitFor } from '../support/user-workflows';
import { World } from '../support/world';

// A link that could not be watched at once is watched later, by whichever run of its request there is then.

const DAY = 86_400_000;
const requestId = 'nango/default/hubspot/u:u_1';

let world: World;

afterAll(async () => {
  await world?.close();
});

test('a link whose watch was not there yet as its request continued as new is watched', async () => {
  const dynamicConfig = { 'limit.historyCount.suggestContinueAsNew': '60' };
  world = await World.open('dev', { dynamicConfig, workers: false });
  let isAway = true;
  await world.startNangoWorker({
    interceptors: {
      activity: [
        ({ info: { activityType } }) => ({
          inbound: {
            async execute(input, next) {
              if (activityType === 'nango.openWatch' && isAway) throw new Error('away');
              return await next(input);
            },
          },
        }),
      ],
    },
  });
  await world.startUserWorker();
  const waiting = await world.start(waitFor, { integration: 'hubspot', endUser: { id: 'u_1' } });
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  const request = world.connections.request({ id: requestId, firstExecutionRunId });
  const link = await request.connectLink();
  const handle = world.client.workflow.getHandle(requestId);
  await eventually(async () => {
    await request.extend(Date.now() + DAY, { by: 'ops' });
    return (await handle.describe()).runId === firstExecutionRunId ? undefined : true;
  });
  // The next run looks at first, and then only if somebody tells it to.
  await eventually(async () => (await world.events(requestId)).includes('activityTaskCompleted') || undefined);
  const { connectionId } = world.nango.complete(link, { as: 'account' });
  isAway = false;
  const late = new Promise((resolve) => setTimeout(resolve, 30_000, 'nobody looks'));
  expect(await Promise.race([waiting.result(), late])).toMatchObject({ connectionId });
});
