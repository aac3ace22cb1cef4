import { randomBytes } from 'node:crypto';
import { NangoConnections } from '../src/client';
import type { NangoConfig } from '../src/config';
import { readSigned, signedPath } from '../src/requests/permanent-link';
import type { ConnectionRequest } from '../src/requests/connection-request';
import { eventually } from './support/eventually';
import { failureOf, World } from './support/world';

const key = () => randomBytes(32).toString('hex');
const linkKeys = [key()];
const DAY_MS = 86_400_000;

let world: World;
let config: NangoConfig;

beforeAll(async () => {
  world = await World.open('dev', { config: { linkKeys, publicUrl: 'https://connect.example.com' } });
  ({ config } = world);
});

afterAll(() => world.close());

let people = 0;

async function openRequest(options: { scopes?: string[] } = {}): Promise<ConnectionRequest> {
  const wanted = { integration: 'hubspot', endUser: { id: `op-${++people}` }, ...options };
  const request = await world.connections.ensureConnection(wanted);
  if (request.kind !== 'request') throw new Error('is connected already');
  // Otherwise what happens next may come before it.
  await world.request(request.ref.id, 'waiting');
  return request;
}

const whatOf = async (request: ConnectionRequest) =>
  (await request.timeline()).map(({ what, by }) => (by === undefined ? what : `${what} by ${by}`));

describe('what happened to a request', () => {
  test('is told from its history: from beginning to connected, clicks and extras in between', async () => {
    const request = await openRequest();
    const link = await request.connectLink();
    world.nango.webhooks.drop(2);
    world.nango.complete(link, { as: 'ann' });
    world.nango.complete(link, { as: 'bob' });
    const connection = await request.result();
    const timeline = await request.timeline();
    expect(timeline.map(({ what }) => what)).toEqual(['began', 'opened', 'clicked', 'connected', 'extra']);
    expect(timeline.every(({ at }, i) => i === 0 || at >= (timeline[i - 1]?.at ?? at))).toBe(true);
    expect(await request.describe()).toMatchObject({ view: { status: 'connected' }, connection });
  });

  test('names the operator who reminded, extended and declined', async () => {
    const request = await openRequest();
    const until = Date.now() + 3 * DAY_MS;
    await request.remind({ by: 'ops' });
    await world.notified(request.ref.id, 'reminder');
    await request.extend(until, { by: 'ops' });
    await request.decline({ by: 'ann' });
    expect(await whatOf(request)).toEqual(['began', 'opened', 'reminded by ops', 'extended by ops', 'declined by ann']);
    expect((await request.timeline())[3]?.until?.getTime()).toBe(until);
  });

  test('stands there for a request that was terminated: nobody waits for it any more', async () => {
    const request = await openRequest();
    await world.client.workflow.getHandle(request.ref.id).terminate();
    expect(await whatOf(request)).toEqual(['began', 'opened', 'cancelled']);
    expect((await request.describe())?.view.status).toBe('cancelled');
  });
});

test('an operator cancels for everybody: workflows that wait are told, and who did it is recorded', async () => {
  const request = await openRequest();
  const ended = failureOf(request.result());
  await request.cancelForAll({ by: 'ops' });
  expect((await ended).type).toBe('Nango.RequestCancelled');
  expect((await whatOf(request)).at(-1)).toBe('cancelled by ops');
  expect(await failureOf(request.cancelForAll({ by: 'ops' }))).toMatchObject({ reason: 'request_closed' });
});

test('a person is reminded when an operator says so, but not twice within an hour', async () => {
  const request = await openRequest();
  await request.remind();
  await world.notified(request.ref.id, 'reminder');
  expect(await failureOf(request.remind())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'reminded_lately' });
  expect((await request.describe())?.view.reminders).toBe(1);
});

test('of two operators who remind at once one is told that the person was reminded', async () => {
  const request = await openRequest();
  const both = await Promise.allSettled([request.remind({ by: 'a' }), request.remind({ by: 'b' })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const [refused] = both.filter((one) => one.status === 'rejected');
  expect(await failureOf(Promise.reject(refused?.reason as Error))).toMatchObject({ reason: 'reminded_lately' });
  await world.notified(request.ref.id, 'reminder');
  expect((await request.view()).reminders).toBe(1);
});

test('a name of an operator that is no name is refused', async () => {
  const request = await openRequest();
  expect(await failureOf(request.decline({ by: '' }))).toMatchObject({ type: 'Nango.InvalidRequest', field: 'by' });
  expect((await request.view()).status).toBe('waiting');
});

test('a list without a worker shows what it must: a moved deadline, those who wait, scopes', async () => {
  const scopes = Array.from({ length: 50 }, (_, i) => `https://scopes.example.com/a.rather.long.name.${i}`);
  const request = await openRequest({ scopes });
  const until = Date.now() + 30 * DAY_MS;
  await request.extend(until);
  const [open] = await eventually(async () => {
    const found = (await world.connections.requests()).filter(({ id }) => id === request.ref.id);
    return found[0]?.question?.deadline === until ? found : undefined;
  });
  expect(open?.scopes?.length).toBeGreaterThan(10);
  expect(scopes).toEqual(expect.arrayContaining(open?.scopes ?? []));
  expect(JSON.stringify(open).length).toBeLessThan(2_048);
});

test('a request that ended stands as it ended, and names the one that has taken its place', async () => {
  const first = await openRequest();
  await first.decline();
  const { integration, owner } = (await first.describe())?.view ?? {};
  const second = await world.connections.ensureConnection({ integration: integration ?? '', ...owner });
  expect(await first.describe()).toMatchObject({
    view: { status: 'declined' },
    replacedBy: (second as ConnectionRequest).ref,
  });
  expect((await world.connections.describeRequest(first.ref.id))?.ref).toEqual((second as ConnectionRequest).ref);
  expect(await world.connections.describeRequest('nango/default/hubspot/u:nobody')).toBeUndefined();
});

describe('a permanent link', () => {
  const ref = {
    id: 'nango/default/hubspot/u:%C3%BCn%C3%AF_%252F',
    firstExecutionRunId: '0197a1b2-0000-7000-8000-000000000000',
  };

  test('names one run of one request, and can be read with any of the keys', () => {
    const [old = '', fresh = ''] = [key(), key()];
    const signed = signedPath(ref, [old]);
    expect(readSigned(signed, [fresh, old], 'default')).toEqual(ref);
    expect(readSigned(signed, [fresh], 'default')).toBeUndefined();
    expect(readSigned(signed, [], 'default')).toBeUndefined();
  });

  test('of another environment is none', () => {
    expect(readSigned(signedPath(ref, linkKeys), linkKeys, 'staging')).toBeUndefined();
  });

  test('with any character changed, taken away or added is none', () => {
    const signed = signedPath(ref, linkKeys);
    for (let i = 0; i < signed.length; i++) {
      const other = signed[i] === 'A' ? 'B' : 'A';
      for (const forged of [
        signed.slice(0, i) + other + signed.slice(i + 1),
        signed.slice(0, i) + signed.slice(i + 1),
        signed.slice(0, i) + other + signed.slice(i),
      ]) {
        expect([forged, readSigned(forged, linkKeys, 'default')]).toEqual([forged, undefined]);
      }
    }
  });

  test('is what a backend without a Nango key shows, and a key there mints', async () => {
    const { ref } = await openRequest();
    const keyless = new NangoConnections(world.client, { config: { ...config, secretKey: undefined } });
    const link = await keyless.request(ref).connectLink();
    expect(link).toBe(keyless.request(ref).permanentLink());
    expect(link).toMatch(/^https:\/\/connect\.example\.com\/connect\/1\./);
    expect(await world.connections.request(ref).connectLink()).toContain('session_token');
  });

  test.each([
    ['TEMPORAL_NANGO_LINK_KEYS', { linkKeys: [] }],
    ['TEMPORAL_NANGO_PUBLIC_URL', { publicUrl: undefined }],
  ])('cannot be made without %s', async (field, lacking) => {
    const { ref } = await openRequest();
    const incomplete = new NangoConnections(world.client, { config: { ...config, ...lacking } });
    expect(await failureOf(Promise.resolve().then(() => incomplete.request(ref).permanentLink()))).toMatchObject({
      type: 'Nango.Misconfigured',
      field,
    });
  });
});

test('who polls is told, ours with its version', async () => {
  const workers = await world.connections.workers();
  expect(workers?.map(({ identity }) => identity)).toEqual([
    expect.stringMatching(/^temporal-nango\/\d+\.\d+\.\d+ \d+@/),
  ]);
});
