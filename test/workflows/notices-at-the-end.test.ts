import { eventually } from '../support/eventually';
import { waitFor } from '../support/user-workflows';
import { World } from '../support/world';

// Who is to be told something hears of it, though the request continues as new meanwhile.

let world: World;

afterEach(async () => {
  await world?.close();
});

const MOST = 50;
const DAY = 24 * 3_600_000;
const owner = { integration: 'hubspot', endUser: { id: 'u_1' } };
const requestId = 'nango/default/hubspot/u:u_1';
const options = { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': String(MOST) } };

async function requestOf(status: string) {
  const { firstExecutionRunId } = await world.request(requestId, status);
  return { firstExecutionRunId, request: world.connections.request({ id: requestId, firstExecutionRunId }) };
}

async function runId(): Promise<string> {
  return (await world.client.workflow.getHandle(requestId).describe()).runId;
}

async function movedOn(from: string): Promise<void> {
  await eventually(async () => ((await runId()) === from ? undefined : true));
}

test('that somebody has to connect, though this comes out in the task that suggests it', async () => {
  world = await World.open('dev', { ...options, workers: false });
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await world.startNangoWorker({
    interceptors: {
      activity: [
        ({ info: { activityType } }) => ({
          inbound: {
            async execute(input, next) {
              if (activityType === 'nango.findConnections') await answered;
              return await next(input);
            },
          },
        }),
      ],
    },
  });
  await world.startUserWorker();
  await world.start(waitFor, owner);
  const { request, firstExecutionRunId } = await requestOf('checking');
  const until = Date.now() + DAY;
  // Three more events begin the task of a lookup that has ended.
  while ((await world.events(requestId)).length + 3 < MOST) await request.extend(until);
  expect(await runId()).toBe(firstExecutionRunId);
  answer();
  await movedOn(firstExecutionRunId);
  await world.notified(requestId, 'opened');
});

test('by a notifier that takes its time, and is not called off', async () => {
  world = await World.open('dev', options);
  let isCalledOff = false;
  let send: () => void = () => undefined;
  world.notifier = async (_notice, _request, signal) => {
    await new Promise<void>((resolve) => {
      send = resolve;
      signal.addEventListener('abort', () => ((isCalledOff = true), resolve()));
    });
  };
  await world.start(waitFor, owner);
  await world.notified(requestId, 'opened');
  const { request, firstExecutionRunId } = await requestOf('waiting');
  const until = Date.now() + DAY;
  for (let i = 0; i < MOST / 4; i++) await request.extend(until);
  // What is called off hears of it with its next beat.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect([isCalledOff, await runId()]).toEqual([false, firstExecutionRunId]);
  send();
  await movedOn(firstExecutionRunId);
});
