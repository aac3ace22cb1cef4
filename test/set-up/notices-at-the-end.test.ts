import type { IntegrationSetUp } from '../../src';
import { nextReminder } from '../../src/workflows/request/reminders';
import { begin } from '../../src/workflows/set-up/set-up-state';
import type { SetUpState } from '../../src/workflows/set-up/set-up-state';
import { eventually } from '../support/eventually';
import { waitForIntegration } from '../support/user-workflows';
import { World } from '../support/world';

// A server that suggests to continue as new as soon as a set-up opens its question, instead of after thousands of events.

const MOST = '8';
const DAY = 86_400_000;

let world: World;
let count = 0;

beforeAll(async () => {
  world = await World.open('dev', { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': MOST } });
});

afterAll(async () => {
  await world?.close();
});

function provider(): string {
  const name = `long-${++count}`;
  world.nango.addProvider({ name, authMode: 'OAUTH2' });
  return name;
}

/** The set-up, once it has continued as new and waits. */
async function continued(name: string): Promise<IntegrationSetUp> {
  return await eventually(async () => {
    const open = (await world.connections.setUps()).find(({ view }) => view.integration === name);
    if (open?.view.status !== 'waiting') return undefined;
    const { runId } = await world.client.workflow.getHandle(open.id).describe();
    return runId === open.firstExecutionRunId ? undefined : world.connections.setUp(open);
  });
}

/** What operators were told of, in order. */
async function told(name: string, times: number): Promise<string[]> {
  return await eventually(() => {
    const notices = world.setUpNotices.filter(({ integration }) => integration === name);
    return Promise.resolve(notices.length >= times ? notices.map(({ reason }) => reason) : undefined);
  });
}

test.each([
  ['a workflow', async (name: string): Promise<unknown> => await world.start(waitForIntegration, { provider: name })],
  [
    'a backend',
    async (name: string): Promise<unknown> => await world.connections.ensureIntegration({ provider: name }),
  ],
])('operators hear of a question with which the set-up of %s continues as new, once', async (_, ensure) => {
  const name = provider();
  await ensure(name);
  const setUp = await continued(name);
  await world.atRest(setUp.ref.id);
  expect(await told(name, 1)).toEqual(['opened']);
  await setUp.cancelForAll({ by: 'ops' });
});

test('operators are reminded of a question, though the set-up continues as new with that', async () => {
  const name = provider();
  const since = Date.now() - DAY;
  const state: SetUpState = {
    ...begin({ integration: name, provider: name }),
    status: 'waiting',
    toDo: { authMode: 'OAUTH2', choices: ['own', 'made'], fields: ['clientId', 'clientSecret'] },
    joiners: [{ joinId: 'j', deadline: since + 7 * DAY }],
    isNotified: true,
    since,
    remindAt: nextReminder(since, since) + 2_000,
  };
  await world.client.workflow.start('integrationSetUp', {
    workflowId: `nango-integration/default/${name}`,
    taskQueue: 'nango',
    args: [{ ...state.subject, carried: state }],
    memo: { 'nango.setUp': { status: 'waiting', ...state.subject, subscribers: 1, reminders: 0 } },
  });
  const setUp = await continued(name);
  await world.atRest(setUp.ref.id);
  expect(await setUp.view()).toMatchObject({ reminders: 1 });
  expect(await told(name, 1)).toEqual(['reminder']);
  await setUp.cancelForAll({ by: 'ops' });
});
