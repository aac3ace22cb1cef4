import { main as start } from '../../examples/long-running-automation/start';
import { main as runWorker } from '../../examples/long-running-automation/worker';
import { Stage } from './stage';

let stage: Stage;
/** what HubSpot was sent */
const notes: unknown[] = [];
/** when set, the provider breaks the line after it has kept a note */
let losesResponse = false;
/** what the provider does before it answers a note */
let beforeResponse: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  stage = await Stage.open([runWorker]);
  stage.nango.onProxy('hubspot', async ({ method, path, body }) => {
    if (method === 'GET') {
      const id = Number(path.split('/').at(-1));
      return id < 100 ? { json: { properties: { amount: String(id) } } } : { status: 404, json: {} };
    }
    notes.push(body);
    await beforeResponse();
    if (!losesResponse) return { status: 201, json: { id: String(notes.length) } };
    losesResponse = false;
    return 'reset';
  });
});

afterAll(async () => {
  await stage?.close();
});

beforeEach(() => {
  notes.length = 0;
});

function noteOf(day: number, sum: number) {
  return { properties: { hs_note_body: `Day ${day}: ${sum}` } };
}

const days = (count: number) => Array.from({ length: count }, (_, i) => noteOf(i + 1, 6));

/** Whether the last run of a workflow was continued from another one, and that from a first one. */
async function isSecondRun(workflowId: string): Promise<boolean> {
  const last = await previousOf(workflowId);
  return last !== undefined && (await previousOf(workflowId, last)) === undefined;
}

/** The run that a run was continued from. */
async function previousOf(workflowId: string, runId?: string): Promise<string | undefined> {
  const { events } = await stage.client.workflow.getHandle(workflowId, runId).fetchHistory();
  return events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
}

test('it waits for the user, then reports day after day, and continues as new after a week', async () => {
  const dealIds = ['1', '2', '3', '404'];
  const { workflowId, connectLink = '' } = await start({ userId: 'u_1', dealIds, rounds: 9, pause: '100 ms' });
  await stage.waiting('u_1', 2);
  expect(notes).toEqual([]);

  stage.nango.complete(connectLink, { as: 'ann' });
  expect(await stage.client.workflow.getHandle(workflowId).result()).toBe(9);
  expect(notes).toEqual(days(9));
  expect(await isSecondRun(workflowId)).toBe(true);
  expect(stage.sessions).toBe(1);
});

test('a report whose answer is lost is not written twice', async () => {
  losesResponse = true;
  stage.nango.addConnection({ integration: 'hubspot', tags: { end_user_id: 'u_2' } });
  const { workflowId, connectLink } = await start({ userId: 'u_2', dealIds: ['6'], rounds: 2, pause: '100 ms' });
  expect(connectLink).toBeUndefined();
  expect(await stage.client.workflow.getHandle(workflowId).result()).toBe(2);
  expect(notes).toEqual(days(2));
});

test('an account that is disconnected between two days is asked for again', async () => {
  const connection = stage.nango.addConnection({ integration: 'hubspot', tags: { end_user_id: 'u_3' } });
  beforeResponse = () => stage.connections.disconnect(connection);
  const { workflowId } = await start({ userId: 'u_3', dealIds: ['6'], rounds: 2, pause: '100 ms' });

  const request = await stage.waiting('u_3', 1);
  beforeResponse = () => Promise.resolve();
  stage.nango.complete(await stage.connections.request(request).connectLink(), { as: 'ann' });
  expect(await stage.client.workflow.getHandle(workflowId).result()).toBe(2);
  expect(notes).toEqual(days(2));
});
