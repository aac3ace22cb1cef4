import type { NangoConnections } from '../src/client';
import type { ConnectionRequest } from '../src/requests/connection-request';
import { eventually } from './support/eventually';
import { failureOf, World } from './support/world';
import { waitFor } from './support/user-workflows';

// Which connection is whose: extras, slots, organizations, adoption, and links that are taken back.

let world: World;
let nango: NangoConnections;
let person = 0;

beforeAll(async () => {
  world = await World.open('dev');
  nango = world.connections;
});

afterAll(async () => {
  await world.close();
});

function someone() {
  const id = `u_${++person}`;
  return { id, owner: { endUser: { id } }, wanted: { integration: 'hubspot', endUser: { id } } };
}

function add(connectionId: string, tags: { [key: string]: string } = {}) {
  world.nango.addConnection({ integration: 'hubspot', connectionId, tags });
  return { integration: 'hubspot', connectionId };
}

const exists = (connectionId: string) => world.nango.connection('hubspot', connectionId) !== undefined;

async function pending(wanted: Parameters<NangoConnections['ensureConnection']>[0], from = nango) {
  const request = await from.ensureConnection(wanted);
  if (request.kind !== 'request') throw new Error('expected a pending request');
  return request;
}

async function finish(request: ConnectionRequest, made: { connectionId: string }): Promise<void> {
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
}

describe('extras', () => {
  /** A link that made two connections, of two people perhaps. */
  async function twice() {
    const { wanted, owner } = someone();
    const request = await pending(wanted);
    const link = await request.connectLink();
    const first = world.nango.complete(link, { as: 'anna' });
    // Which was first is told by the time, to the millisecond.
    for (const now = Date.now(); Date.now() === now;);
    const second = world.nango.complete(link, { as: 'bert' });
    await finish(request, second);
    const used = await request.result();
    return { wanted, owner, first, second, used };
  }

  test('the first connection of a link is the one, whichever is heard of first; the second is listed as an extra', async () => {
    const { wanted, owner, first, second, used } = await twice();
    expect(used).toMatchObject(first);
    expect((await nango.extras(owner)).map(({ connectionId }) => connectionId)).toEqual([second.connectionId]);
    expect(await nango.ensureConnection(wanted)).toMatchObject({ kind: 'connection', connection: first });
    const memo = (await world.client.workflow.getHandle(`nango/default/hubspot/u:${owner.endUser.id}`).describe()).memo;
    expect(memo?.['nango.request']).toMatchObject({ status: 'connected', extras: 1 });
  });

  test('an extra is deleted on request; the connection in use is not one; one that is gone is fine', async () => {
    const { owner, first, second } = await twice();
    expect(await failureOf(nango.deleteExtra(first))).toMatchObject({
      type: 'Nango.InvalidRequest',
      reason: 'not_an_extra',
    });
    await nango.deleteExtra(second);
    await nango.deleteExtra(second);
    expect([exists(first.connectionId), exists(second.connectionId)]).toEqual([true, false]);
    expect(await nango.extras(owner)).toEqual([]);
  });

  test('to disconnect takes the extras along: one left behind would come to be used', async () => {
    const { wanted, first, second } = await twice();
    const other = add(`other-${wanted.endUser.id}`, { end_user_id: 'somebody-else' });
    await nango.disconnect(first);
    expect([first, second, other].map(({ connectionId }) => exists(connectionId))).toEqual([false, false, true]);
    expect((await nango.ensureConnection(wanted)).kind).toBe('request');
  });
});

describe('whose', () => {
  test('a slot is a second account of the same owner, and neither is taken for the other', async () => {
    const { id, wanted } = someone();
    const first = add(`a-${id}`, { end_user_id: id });
    expect(await nango.ensureConnection(wanted)).toMatchObject({ connection: first });
    const request = await pending({ ...wanted, slot: 'sales' });
    const made = world.nango.complete(await request.connectLink(), { as: 'sales' });
    await finish(request, made);
    expect(await request.result()).toMatchObject(made);
    expect(await nango.ensureConnection({ ...wanted, slot: 'sales' })).toMatchObject({ connection: made });
    expect(await nango.ensureConnection(wanted)).toMatchObject({ connection: first });
  });

  test('a connection of an organization is found by it, and not by one of its people alone', async () => {
    const { id } = someone();
    const organization = { id: `acme-${id}` };
    const request = await pending({ integration: 'hubspot', organization });
    const made = world.nango.complete(await request.connectLink(), { as: 'acme' });
    await finish(request, made);
    expect((await request.result()).tags).toMatchObject({ organization_id: organization.id });
    expect(await nango.ensureConnection({ integration: 'hubspot', organization })).toMatchObject({ connection: made });
    expect((await nango.ensureConnection({ integration: 'hubspot', endUser: { id } })).kind).toBe('request');
  });

  test('several with nothing to tell them apart: the failure says what differs', async () => {
    const { id, ...one } = someone();
    const wanted = { ...one.wanted, several: 'fail' as const };
    add(`x-${id}`, { end_user_id: id, team: 'red' });
    add(`y-${id}`, { end_user_id: id, team: 'blue' });
    const ambiguous = {
      type: 'Nango.ConnectionAmbiguous',
      connections: [
        { connectionId: `x-${id}`, tags: { team: 'red' } },
        { connectionId: `y-${id}`, tags: { team: 'blue' } },
      ],
    };
    expect(await failureOf(nango.ensureConnection(wanted))).toMatchObject(ambiguous);
    expect(await failureOf(world.execute(waitFor, wanted))).toMatchObject(ambiguous);
  });
});

describe('adopting', () => {
  test('an untagged connection becomes the owner’s, and is found from then on', async () => {
    const { id, wanted } = someone();
    const orphan = add(`orphan-${id}`, { team: 'red' });
    expect((await nango.ensureConnection(wanted)).kind).toBe('request');
    const adopt = orphan.connectionId;
    expect(await nango.ensureConnection({ ...wanted, adopt })).toMatchObject({ connection: orphan });
    expect(world.nango.connection('hubspot', adopt)?.tags).toEqual({ team: 'red', end_user_id: id });
    expect(await world.execute(waitFor, wanted)).toMatchObject(orphan);
  });

  test('into a slot, by a workflow', async () => {
    const { id, wanted } = someone();
    const orphan = add(`orphan-${id}`);
    const adopted = await world.execute(waitFor, { ...wanted, slot: 'sales', adopt: orphan.connectionId });
    expect(adopted).toMatchObject({ ...orphan, tags: { end_user_id: id, tn_slot: 'sales' } });
  });

  test('an owner who has a connection keeps it, and adopts nothing', async () => {
    const { id, wanted } = someone();
    const own = add(`own-${id}`, { end_user_id: id });
    const { connectionId: adopt } = add(`orphan-${id}`);
    expect(await nango.ensureConnection({ ...wanted, adopt })).toMatchObject({ connection: own });
    expect(world.nango.connection('hubspot', adopt)?.tags).toEqual({});
  });

  test('a connection that has an owner is refused; one that does not exist is not found', async () => {
    const { id, wanted } = someone();
    const { connectionId: adopt } = add(`taken-${id}`, { end_user_id: 'another' });
    expect(await failureOf(nango.ensureConnection({ ...wanted, adopt }))).toMatchObject({
      type: 'Nango.InvalidRequest',
      reason: 'other_owner',
    });
    expect(await failureOf(nango.ensureConnection({ ...wanted, adopt: 'nowhere' }))).toMatchObject({
      type: 'Nango.ConnectionNotFound',
    });
    expect(await failureOf(nango.ensureConnection({ integration: 'hubspot', adopt }))).toMatchObject({
      field: 'adopt',
    });
  });
});

describe('links are taken back', () => {
  const opens = (link: string): boolean => {
    try {
      world.nango.complete(link, { as: 'late' });
      return true;
    } catch {
      return false;
    }
  };

  test('by whoever made them, when the request is cancelled or declined, and when it has ended', async () => {
    for (const end of ['cancel', 'decline', 'result'] as const) {
      const request = await pending(someone().wanted);
      const links = [await request.connectLink(), await request.connectLink()];
      if (end === 'result') await finish(request, world.nango.complete(links[0]!, { as: 'anna' }));
      await request[end]();
      expect(links.map(opens)).toEqual([false, false]);
    }
  });

  test('by another handle of the same process too', async () => {
    const request = await pending(someone().wanted);
    const link = await request.connectLink();
    await nango.request(request.ref).decline();
    expect(opens(link)).toBe(false);
  });

  test('not while others still wait', async () => {
    const { wanted } = someone();
    const request = await pending(wanted);
    await world.start(waitFor, wanted);
    await eventually(async () => ((await request.view()).subscribers === 2 ? true : undefined));
    const link = await request.connectLink();
    await request.cancel();
    expect(opens(link)).toBe(true);
  });

  test('and if Nango cannot be reached, the request is cancelled all the same', async () => {
    const request = await pending(someone().wanted);
    await request.connectLink();
    world.nango.outage(true);
    await request.cancel();
    world.nango.outage(false);
    expect(await failureOf(request.result())).toMatchObject({ type: 'Nango.RequestCancelled' });
  });
});

describe('what is refused leaves the request unharmed', () => {
  test('a second decline, an extension of a closed request or into the past', async () => {
    const request = await pending(someone().wanted);
    expect(await failureOf(request.extend(Date.now() - 1))).toMatchObject({ field: 'until' });
    expect(await failureOf(request.extend(Number.NaN))).toMatchObject({ field: 'until' });
    expect(await request.view()).toMatchObject({ status: 'waiting' });
    await request.decline();
    expect(await failureOf(request.decline())).toMatchObject({ reason: 'request_closed' });
    expect(await failureOf(request.extend(Date.now() + 1_000))).toMatchObject({ reason: 'request_closed' });
  });
});

test('a notifier that goes on hears that its request has ended', async () => {
  const { id, wanted } = someone();
  const request = `nango/default/hubspot/u:${id}`;
  let aborted: AbortSignal | undefined;
  world.notifier = async (notice, _, signal) => {
    if (notice.request.id !== request) return;
    aborted = signal;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const waiting = await world.start(waitFor, wanted);
  await world.notified(request, 'opened');
  const { firstExecutionRunId } = await world.request(request, 'waiting');
  await nango.request({ id: request, firstExecutionRunId }).decline();
  expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.ConnectionDeclined', requestId: request });
  await eventually(() => Promise.resolve(aborted?.aborted ? true : undefined));
  world.notifier = () => undefined;
});

test('a request that had begun to ask before anybody joined it tells its first joiner’s person all the same', async () => {
  const { id, owner, wanted } = someone();
  const request = `nango/default/hubspot/u:${id}`;
  // As if a server had died between the two halves of an update-with-start.
  const subject = { integration: 'hubspot', owner };
  await world.client.workflow.start('connectionRequest', { workflowId: request, taskQueue: 'nango', args: [subject] });
  await world.request(request, 'waiting');
  await world.start(waitFor, wanted);
  await world.notified(request, 'opened');
  await world.atRest(request);
});
