import { randomUUID } from 'node:crypto';
import { main as runImports } from '../../examples/backend-service/worker';
import type { importContacts } from '../../examples/backend-service/workflows';
import { main as runSyncs } from '../../examples/hourly-schedule/worker';
import type { syncContacts } from '../../examples/hourly-schedule/workflows';
import { main as runAutomations } from '../../examples/long-running-automation/worker';
import type { reportDeals } from '../../examples/long-running-automation/workflows';
import { madeUpHubspot } from '../../src/cli/dev/made-up-hubspot';
import { findNangoFailure } from '../../src/contract/errors';
import type { Connection, Json } from '../../src/contract/types';
import { within } from '../support/within';
import { Stage } from './stage';

// What the examples make of what the provider answers: that of `temporal-nango dev`, and what nobody expects.

const ENDS_WITHIN_MS = 120_000;
const USER = 'u_1';

let stage: Stage;
let connection: Connection;

beforeAll(async () => {
  stage = await Stage.open([runImports, runSyncs, runAutomations]);
  stage.nango.addConnection({ integration: 'hubspot', tags: { end_user_id: USER } });
  [connection] = (await stage.connections.list({ integration: 'hubspot' })) as [Connection];
});

afterAll(async () => {
  await stage?.close();
});

/** Runs all three to their ends: what each returned, or the type of its failure. */
async function ends() {
  const options = (taskQueue: string) => ({ taskQueue, workflowId: randomUUID() });
  const report = { userId: USER, dealIds: ['1', '2'], rounds: 1 };
  const { workflow } = stage.client;
  const running = {
    names: workflow.execute<typeof importContacts>('importContacts', { ...options('imports'), args: [connection] }),
    sync: workflow.execute<typeof syncContacts>('syncContacts', { ...options('syncs'), args: [USER] }),
    rounds: workflow.execute<typeof reportDeals>('reportDeals', { ...options('automations'), args: [report] }),
  };
  const ended = Object.entries(running).map(async ([name, end]) => [name, await end.catch(typeOf)]);
  const all = within(ENDS_WITHIN_MS, Promise.all(ended), 'the end of all: the task of one fails again and again');
  return Object.fromEntries(await all) as { [name in keyof typeof running]: unknown };
}

function typeOf(error: unknown): string {
  const type = findNangoFailure(error)?.type;
  if (type === undefined) throw error;
  return type;
}

test('on the provider of `temporal-nango dev` each ends well', async () => {
  const hubspot = madeUpHubspot();
  const notes: unknown[] = [];
  stage.nango.onProxy('hubspot', (request) => {
    if (request.path.endsWith('/notes')) notes.push(request.body);
    return hubspot(request) ?? { status: 404 };
  });
  expect(await ends()).toEqual({
    names: ['Ann', 'Ben', 'Cleo'],
    sync: { connectionId: connection.connectionId, contacts: 3 },
    rounds: 1,
  });
  expect(notes).toEqual([{ properties: { hs_note_body: 'Day 1: 300' } }]);
});

const bad = 'Nango.BadResponse';

test.each<[string, Json, object]>([
  ['what was asked', { method: 'GET', path: '/', body: null }, { names: bad, sync: bad, rounds: bad }],
  ['null', null, { names: bad, sync: bad, rounds: bad }],
  ['a list', [], { names: bad, sync: bad, rounds: bad }],
  ['a text', 'ok', { names: bad, sync: bad, rounds: bad }],
  [
    'a list of nothing, a total that is a text, and an amount that is an object',
    { results: [null], total: '3', properties: { amount: {} } },
    { names: [], sync: bad, rounds: bad },
  ],
  [
    'names that are numbers, a total of null, and an amount that is no number',
    { results: [{ properties: { firstname: 5 } }], total: null, properties: { amount: 'much' } },
    { names: bad, sync: bad, rounds: bad },
  ],
  [
    'nothing that anybody has entered',
    { results: [{ properties: { firstname: null } }], total: 0, properties: { amount: null } },
    { names: [], sync: { contacts: 0 }, rounds: 1 },
  ],
])('on %s each ends, and what it cannot use fails the workflow by type', async (_, json, expected) => {
  stage.nango.onProxy('hubspot', () => ({ json }));
  expect(await ends()).toMatchObject(expected);
});
