import fc from 'fast-check';
import { findNangoFailure } from '../../src/contract/errors';
import { SIGNAL, UPDATE } from '../../src/contract/names';
import { holdsId } from '../../src/contract/request-id';
import type { RequestRef } from '../../src/contract/types';
import { historyOf } from '../../src/requests/history';
import { holdConnection } from '../support/hold-connection';
import { failureOf, World } from '../support/world';
import { waitFor } from '../support/user-workflows';

// Whoever reaches Temporal may say anything to a running workflow. None of it stops one.

let world: World;
let person = 0;
/** A request whose workflow task fails: it was started with nothing. The server needs a while to say so. */
const BROKEN = 'nango/default/hubspot/u:broken';
let broken: RequestRef;

beforeAll(async () => {
  // Histories may grow here without their workflows' continuing as new.
  const large = { 'limit.historySize.suggestContinueAsNew': '1000000000' };
  world = await World.open('dev', { dynamicConfig: large });
  const start = { workflowId: BROKEN, taskQueue: 'nango', args: [null] };
  const { firstExecutionRunId } = await world.client.workflow.start('connectionRequest', start);
  broken = { id: BROKEN, firstExecutionRunId };
});

afterAll(async () => {
  await world.close();
});

async function openRequest() {
  const id = `u_${++person}`;
  const waiting = await world.start(waitFor, { integration: 'hubspot', endUser: { id } });
  const request = `nango/default/hubspot/u:${id}`;
  const { firstExecutionRunId } = await world.request(request, 'waiting');
  await world.notified(request, 'opened');
  const handle = world.client.workflow.getHandle(request);
  return { id, waiting, request, handle, ref: { id: request, firstExecutionRunId } };
}

const UPDATES = ['join', 'leave', 'issueLink', 'extend', 'decline', 'remind', 'cancel', 'decide'];

const json = fc.oneof(
  { depthSize: 'small' },
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('x'.repeat(20_000), '\ud800', '..', '', 'constructor', -1, 1e300, null, [], {}),
);

/** Something that looks like what a handler expects: its fields, and anything in them. */
const nearly = fc.record(
  Object.fromEntries(
    [
      ...['joinId', 'deadline', 'subscriber', 'scopes', 'tags', 'reconnect', 'identity', 'readsOnAccountChange'],
      ...['choose', 'several'],
      ...['by', 'until', 'choice', 'source', 'connectionId', 'nonce', 'requestId', 'status', 'connection', 'failure'],
    ].map((field) => [field, json]),
  ),
  { requiredKeys: [] },
);

const message = fc.oneof(
  json,
  nearly,
  fc.record({ joinId: fc.string(), status: fc.constant('connected'), connection: json, failure: json }),
  fc.record({ joinId: fc.string({ minLength: 1 }), scopes: json, tags: json, subscriber: json, identity: json }),
  // Joins come as a list.
  fc.array(fc.oneof(json, nearly), { maxLength: 3 }),
);

test('anything at all, by every signal and update: no workflow task fails, and an honest joiner is answered', async () => {
  const { waiting, handle, id } = await openRequest();
  const user = world.client.workflow.getHandle(waiting.workflowId);
  // To end a request is allowed to whoever can: those who end this one mean another.
  const another = (given: fc.JsonValue | object): unknown =>
    typeof given === 'object' && given !== null && !Array.isArray(given)
      ? { ...given, firstExecutionRunId: 'another' }
      : given;
  const send = async (name: string, given: unknown): Promise<void> => {
    try {
      await handle.executeUpdate(`nango.${name}`, { args: [given] });
    } catch {
      expect(await failureOf(handle.executeUpdate(`nango.${name}`, { args: [given] }))).toMatchObject({
        type: 'Nango.InvalidRequest',
      });
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...UPDATES), message, async (name, given) => {
      await handle.signal('nango.hint', given);
      await user.signal('nango.resolve', given);
      await send(name, ['decline', 'cancel', 'leave'].includes(name) ? another(given) : given);
    }),
    { numRuns: 150, seed: 20_261_124 },
  );
  const made = world.nango.addConnection({
    integration: 'hubspot',
    connectionId: `c-${id}`,
    tags: { end_user_id: id },
  });
  await handle.signal('nango.hint', { source: 'webhook', connectionId: made.connectionId });
  expect(await waiting.result()).toMatchObject(made);
  for (const workflowId of [handle.workflowId, waiting.workflowId]) {
    const { runId } = await world.client.workflow.getHandle(workflowId).describe();
    for await (const event of historyOf(world.client, workflowId, runId)) {
      expect(event.workflowTaskFailedEventAttributes ?? undefined).toBeUndefined();
    }
  }
});

test('whoever leaves by a name that is no name is refused, and nothing of it is kept', async () => {
  const { handle } = await openRequest();
  await world.atRest(handle.workflowId);
  const before = await world.events(handle.workflowId);
  const left = handle.executeUpdate('nango.leave', { args: [{ joinId: 'x'.repeat(900_000) }] });
  expect(await failureOf(left)).toMatchObject({ type: 'Nango.InvalidRequest', field: 'joinId' });
  expect(await world.events(handle.workflowId)).toEqual(before);
});

test('a hint at a connection by an id that is none is dropped: nothing is looked up', async () => {
  const { handle } = await openRequest();
  await world.atRest(handle.workflowId);
  const before = await world.events(handle.workflowId);
  await handle.signal('nango.hint', { source: 'webhook', connectionId: 'x'.repeat(900_000) });
  await handle.signal('nango.hint', { source: 'webhook', connectionId: '..' });
  await world.atRest(handle.workflowId);
  const after = (await world.events(handle.workflowId)).slice(before.length);
  expect(after.filter((event) => event.startsWith('workflowExecutionSignaled'))).toHaveLength(2);
  expect(after.filter((event) => event.startsWith('activityTask'))).toEqual([]);
});

test('the history of a request may be larger than gRPC takes: its timeline is read page by page', async () => {
  const { handle, ref } = await openRequest();
  for (let i = 0; i < 6; i++) await handle.signal('somebody-elses', 'x'.repeat(900_000));
  const request = world.connections.request(ref);
  await request.decline({ by: 'ops' });
  const { historySize } = await handle.describe();
  expect(historySize).toBeGreaterThan(4 * 1024 * 1024);
  const what = (await request.timeline()).map((event) => event.what);
  expect(what).toEqual(['began', 'opened', 'notified', 'declined']);
});

test('a click on a request whose workflow task fails is told so, typed', async () => {
  const click = world.connections.request(broken).connectLink();
  expect(await failureOf(click)).toMatchObject({ type: 'Nango.NoWorker', code: 'FAILED_PRECONDITION' });
  await world.client.workflow.getHandle(BROKEN).terminate();
});

test('anything at all said to the holds is refused, and what is held stays held', async () => {
  const place = { client: world.client, taskQueue: 'nango', environment: 'hostile' };
  const connection = { integration: 'hubspot', connectionId: 'c-held' };
  const first = await holdConnection(place, { connection, until: Date.now() + 60_000 });
  const handle = world.client.workflow.getHandle(holdsId('hostile'));
  const one = fc.oneof(
    message,
    fc.record({ connection: json, until: json }),
    fc.record({ connection: fc.record({ integration: json, connectionId: json }), until: fc.double() }),
  );
  const given = fc.oneof(one, fc.array(one, { maxLength: 3 }));
  await fc.assert(
    fc.asyncProperty(given, async (hold) => {
      await handle.signal(SIGNAL.confirmed, hold);
      try {
        await handle.executeUpdate(UPDATE.hold, { args: [hold] });
      } catch (error) {
        expect(findNangoFailure(error)).toMatchObject({ type: 'Nango.InvalidRequest' });
      }
    }),
    { numRuns: 100, seed: 20_261_130 },
  );
  expect(await holdConnection(place, { connection, until: Date.now() + 60_000 })).toEqual(first);
  expect(await world.events(handle.workflowId)).not.toContain('workflowTaskFailed');
});
