import type { Question } from '../../src/contract/types';
import type { Stage, Story } from './stage';

/** How the recorded runs of the `ensureConnection` workflow come about. */

type Kind = Extract<Question['kind'], 'connect' | 'reconnect' | 'approve-scopes' | 'choose-connection'>;

/** Starts it; what is to be connected anew is there already. @returns its id, once somebody is asked */
async function started(stage: Stage, kind: Kind, more: { deadline?: number; calls?: object[] } = {}): Promise<string> {
  if (kind === 'reconnect') stage.has();
  if (kind === 'approve-scopes') stage.grants('read');
  if (kind === 'choose-connection') stage.hasTwo();
  const wanted = {
    connect: stage.wanted,
    reconnect: stage.wantedAnew,
    'approve-scopes': stage.wantedMore,
    'choose-connection': stage.wantedOfSeveral,
  }[kind];
  const id = await stage.ensure({ ...wanted, ...more });
  await stage.waitingRequest();
  return id;
}

function waits(kind: Kind): Story {
  return {
    on: 'dev',
    async play(stage) {
      return { workflowId: await started(stage, kind) };
    },
  };
}

function ends(kind: Kind, how: (stage: Stage) => Promise<unknown>, calls?: object[]): Story {
  return {
    on: 'dev',
    async play(stage) {
      const id = await started(stage, kind, { calls });
      await how(stage);
      return await stage.ended(id);
    },
  };
}

function timesOut(kind: Kind): Story {
  return {
    on: 'dev',
    play: async (stage) => await stage.ended(await started(stage, kind, { deadline: await stage.soon() })),
  };
}

const decline = async (stage: Stage): Promise<void> => (await stage.waitingRequest()).decline();
const cancelRequest = (stage: Stage): Promise<unknown> =>
  stage.world.client.workflow.getHandle(stage.requestId).cancel();

export const ENSURE_STORIES: Record<string, Story> = {
  'ensureConnection.waiting.connect': waits('connect'),
  'ensureConnection.waiting.reconnect': waits('reconnect'),
  'ensureConnection.waiting.approve-scopes': waits('approve-scopes'),
  'ensureConnection.connected.approve-scopes': ends('approve-scopes', (stage) => stage.approve('read', 'write')),
  'ensureConnection.declined.approve-scopes': ends('approve-scopes', decline),
  'ensureConnection.cancelled.approve-scopes': ends('approve-scopes', cancelRequest),
  'ensureConnection.failed.approve-scopes': timesOut('approve-scopes'),
  'ensureConnection.waiting.choose-connection': waits('choose-connection'),
  'ensureConnection.connected.choose-connection': ends('choose-connection', (stage) => stage.choose()),
  'ensureConnection.declined.choose-connection': ends('choose-connection', decline),
  'ensureConnection.cancelled.choose-connection': ends('choose-connection', cancelRequest),
  'ensureConnection.failed.choose-connection': timesOut('choose-connection'),
  'ensureConnection.connected.choose-connection.adopts': {
    on: 'dev',
    async play(stage) {
      stage.hasTwo();
      stage.has({ connectionId: 'c_3', person: 'u_2' });
      const id = await stage.ensure({ ...stage.wantedOfSeveral, adopt: 'c_3' });
      await stage.choose();
      return await stage.ended(id);
    },
  },
  'ensureConnection.connected.approve-scopes.adopted': {
    on: 'dev',
    async play(stage) {
      stage.isOfOAuth();
      stage.nango.addConnection({ ...stage.connection, grant: ['read'] });
      const id = await stage.ensure({ ...stage.wantedMore, adopt: stage.connection.connectionId });
      await stage.waitingRequest();
      await stage.approve('read', 'write');
      return await stage.ended(id);
    },
  },
  'ensureConnection.connected.connect': ends('connect', (stage) => stage.connectAndHint(), [
    { method: 'GET', endpoint: '/contacts/1' },
    { method: 'POST', endpoint: '/contacts', body: { name: 'n' } },
  ]),
  'ensureConnection.connected.reconnect': ends('reconnect', (stage) => stage.connectAndHint()),
  'ensureConnection.declined.connect': ends('connect', decline),
  'ensureConnection.declined.reconnect': ends('reconnect', decline),
  'ensureConnection.timedOut.connect': timesOut('connect'),
  'ensureConnection.timedOut.reconnect': timesOut('reconnect'),
  'ensureConnection.cancelled.connect': ends('connect', cancelRequest),
  'ensureConnection.cancelled.reconnect': ends('reconnect', cancelRequest),
  'ensureConnection.failed.connect': {
    on: 'dev',
    async play(stage) {
      stage.has();
      stage.has({ connectionId: 'c_2' });
      return await stage.ended(await stage.ensure(stage.wanted));
    },
  },
  'ensureConnection.failed.reconnect': {
    on: 'dev',
    async play(stage) {
      stage.has({ person: 'u_2' });
      return await stage.ended(await stage.ensure(stage.wantedAnew));
    },
  },
  'ensureConnection.connected.connect.found-at-once': {
    on: 'dev',
    async play(stage) {
      stage.has();
      return await stage.ended(await stage.ensure(stage.wanted));
    },
  },
  'ensureConnection.connected.connect.adopted': {
    on: 'dev',
    async play(stage) {
      stage.nango.addConnection({ ...stage.connection });
      return await stage.ended(await stage.ensure({ ...stage.wanted, adopt: stage.connection.connectionId }));
    },
  },
  'ensureConnection.cancelled.connect.by-hand': {
    on: 'dev',
    async play(stage) {
      const id = await started(stage, 'connect');
      await stage.world.client.workflow.getHandle(id).cancel();
      return await stage.ended(id);
    },
  },
};
