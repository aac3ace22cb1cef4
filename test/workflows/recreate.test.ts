import type { Connection, EnsureConnectionInput } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import {
  approvedInVain,
  asked,
  BY,
  byClient,
  closeWorld,
  connect,
  connectionsOf,
  granted,
  HOOK,
  METADATA,
  newcomer,
  openWorld,
  requestOf,
  scopesOf,
  send,
  setScopes,
  update,
  viewOf,
} from '../support/fixed-scopes';
import type { Person } from '../support/fixed-scopes';
import { waitFor } from '../support/user-workflows';
import { failureOf } from '../support/world';
import type { World } from '../support/world';

// Where a link adds no scopes, a new connection takes the place of the old one by its owner's yes, and not without it.

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(closeWorld);

const doors: [string, (wanted: EnsureConnectionInput) => Promise<Connection>][] = [
  ['the function', (wanted) => world.execute(waitFor, wanted)],
  ['the client', byClient],
];

test.each(doors)(
  '%s: an operator has the integration request more, the owner makes a new connection, the old one goes',
  async (_, ensure) => {
    const who = granted();
    const waiting = ensure(who.wanted);
    const view = await approvedInVain(who);
    expect(view.question?.scopes).toEqual({ granted: ['read'], missing: ['write'], toRequest: ['read', 'write'] });
    await world.notified(who.request, 'opened', 1);

    await update(who);
    expect(await scopesOf(who.integration)).toBe('read,write');
    await asked(who, 'recreate-connection');
    const id = await connect(who);
    expect(id).not.toBe(who.connectionId);

    expect(await waiting).toMatchObject({ connectionId: id, grantedScopes: ['read', 'write'] });
    expect((await connectionsOf(who)).map(({ connectionId }) => connectionId)).toEqual([id]);
    const made = world.nango.connection(who.integration, id)!;
    expect(made).toMatchObject({ metadata: METADATA, webhookUrlOverride: HOOK });
    expect(made.tags).toMatchObject({ ...who.tags, tn_replaces: who.connectionId });

    // Whoever holds the old id gets the new one.
    expect(await world.execute(waitFor, { ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: id });
    expect(await world.execute(waitFor, { ...who.wanted, reconnect: who.connectionId })).toMatchObject({
      connectionId: id,
    });
    expect(await byClient({ ...who.wanted, reconnect: who.connectionId })).toMatchObject({ connectionId: id });
  },
);

test('where the integration requests everything already, the owner is asked at once', async () => {
  const who = granted({ requests: 'read,write' });
  const waiting = world.execute(waitFor, who.wanted);
  await who.ready();
  await asked(who, 'approve-scopes');
  await connect(who);
  await asked(who, 'recreate-connection');
  const id = await connect(who);
  expect(await waiting).toMatchObject({ connectionId: id });
  expect(await connectionsOf(who)).toHaveLength(1);
});

test('without a yes to the deletion there is no link, and what is missing is named', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const request = await requestOf(who);
  for (const link of [() => request.connectLink(), () => request.connectSession({ verifyOwner: true })]) {
    const failure = await failureOf(link());
    expect(failure).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'other_question' });
    expect(failure.message).toContain('{ recreate: true }');
    expect(failure.message).toContain('permanentLink()');
  }
  expect((await viewOf(who)).question?.kind).toBe('recreate-connection');
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: who.connectionId }]);
  await waiting.cancel();
});

test('to disconnect the old connection once more leaves the new one', async () => {
  const who = granted({ requests: 'read,write' });
  const waiting = await world.start(waitFor, who.wanted);
  await who.ready();
  await asked(who, 'approve-scopes');
  await connect(who);
  await asked(who, 'recreate-connection');
  const id = await connect(who);
  await waiting.result();
  await world.connections.disconnect({ integration: who.integration, connectionId: who.connectionId });
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: id }]);
});

describe('the account of the new connection', () => {
  const identity = { endpoint: '/me', pointer: '/id' };

  /** Up to a new connection of this account, where `anna` is on record. */
  async function madeBy(as: string) {
    const who = granted();
    world.nango.onProxy(who.integration, ({ credentials }) => {
      const token = credentials.type === 'OAUTH2' ? credentials.access_token : '';
      return { json: { id: accounts.get(token) ?? 'anna' } };
    });
    await send('PATCH', `/connections/${who.connectionId}?provider_config_key=${who.integration}`, {
      tags: { ...who.tags, tn_account: 'anna' },
    });
    const waiting = await world.start(waitFor, { ...who.wanted, identity });
    await approvedInVain(who);
    await update(who);
    await asked(who, 'recreate-connection');
    const id = await connectAs(who, as);
    return { who, waiting, id };
  }

  const accounts = new Map<string, string>();

  async function connectAs(who: Person, as: string): Promise<string> {
    const link = await (await requestOf(who)).connectLink({ recreate: true });
    const made = world.nango.complete(link, { as });
    const { credentials } = world.nango.connection(who.integration, made.connectionId)!;
    if (credentials.type === 'OAUTH2') accounts.set(credentials.access_token, as);
    await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...made });
    return made.connectionId;
  }

  async function accountQuestion(who: Person) {
    await world.notified(who.request, 'accountChanged');
    return await requestOf(who);
  }

  test('the same: it is recorded with the new one', async () => {
    const { who, waiting, id } = await madeBy('anna');
    expect(await waiting.result()).toMatchObject({ connectionId: id, tags: { tn_account: 'anna' } });
    expect(await connectionsOf(who)).toHaveLength(1);
  });

  test('another, and a yes: it takes the place, with that account', async () => {
    const { who, waiting, id } = await madeBy('ben');
    const request = await accountQuestion(who);
    expect(world.nango.connection(who.integration, who.connectionId)).toBeDefined();
    await request.decide('yes', BY);
    expect(await waiting.result()).toMatchObject({ connectionId: id, tags: { tn_account: 'ben' } });
    expect(await connectionsOf(who)).toHaveLength(1);
  });

  test('another, and a no: it goes, the old one stays, and the next may be right', async () => {
    const { who, waiting, id } = await madeBy('ben');
    await (await accountQuestion(who)).decide('no', BY);
    await eventually(() => Promise.resolve(world.nango.connection(who.integration, id) === undefined || undefined));
    expect(await connectionsOf(who)).toMatchObject([{ connectionId: who.connectionId }]);
    const right = await connectAs(who, 'anna');
    expect(await waiting.result()).toMatchObject({ connectionId: right, tags: { tn_account: 'anna' } });
    expect(await connectionsOf(who)).toHaveLength(1);
  });

  test('another, and nobody says: whoever only reads keeps the old one, and the new one goes with the request', async () => {
    const { who, waiting } = await madeBy('ben');
    const request = await accountQuestion(who);
    expect(await byClient({ ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: who.connectionId });
    await request.extend(Date.now() + 3_000);
    expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.AccountChanged' });
    await world.client.workflow.getHandle(who.request).result();
    expect(await connectionsOf(who)).toMatchObject([{ connectionId: who.connectionId }]);
  });
});

test('the request that has made the old connection replaces it, too', async () => {
  const who = newcomer();
  await setScopes(who.integration, 'read');
  const waiting = await world.start(waitFor, who.wanted);
  await asked(who, 'connect');
  const old = await connect(who);
  await asked(who, 'approve-scopes');
  await connect(who);
  await asked(who, 'update-integration-scopes');
  await update(who);
  await asked(who, 'recreate-connection');
  const made = await connect(who);
  expect(made).not.toBe(old);
  expect(await waiting.result()).toMatchObject({ connectionId: made, grantedScopes: ['read', 'write'] });
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: made }]);
});

test('a connection whose tags are full gives up that of the environment only', async () => {
  const who = granted();
  const own = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`own_${i}`, 'x']));
  const tags = {
    end_user_id: who.id,
    managed_by: 'temporal-nango',
    tn_nonce: 'earlier.1',
    tn_environment: 'default',
    ...own,
  };
  await who.ready();
  await send('PATCH', `/connections/${who.connectionId}?provider_config_key=${who.integration}`, { tags });
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const id = await connect(who);
  await waiting.result();
  const { tags: now } = world.nango.connection(who.integration, id)!;
  expect(now).toEqual({
    ...{ end_user_id: who.id, managed_by: 'temporal-nango', ...own },
    ...{ tn_nonce: now.tn_nonce, tn_replaces: who.connectionId },
  });
});
