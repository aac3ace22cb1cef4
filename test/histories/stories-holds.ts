import { SIGNAL } from '../../src/contract/names';
import { holdsId } from '../../src/contract/request-id';
import { holdConnection } from '../support/hold-connection';
import { eventually } from '../support/eventually';
import { call } from '../support/user-workflows';
import type { Run, Stage, Story } from './stage';
import { userRuns } from './stories-health';

/** How the recorded runs of the holds come about. */

const HOLDS = holdsId('default');
const MINUTE = 60_000;

async function hold(stage: Stage, connectionId = stage.connection.connectionId): Promise<void> {
  const until = (await stage.world.env.currentTimeMs()) + 30 * MINUTE;
  await holdConnection(stage.place, { connection: { ...stage.connection, connectionId }, until });
}

/** Many links make a long history. */
async function grow(stage: Stage): Promise<Run> {
  await hold(stage);
  const first = { workflowId: HOLDS, runId: await stage.runIdOf(HOLDS) };
  for (let n = 2; n < 9; n++) await hold(stage, `c_${n}`);
  await eventually(async () => ((await stage.runIdOf(HOLDS)) === first.runId ? undefined : true), 60_000);
  return first;
}

/** A write of somebody whose connection is connected anew, by nobody knows whom; it waits. */
async function waiting(stage: Stage): Promise<{ workflowId: string; nonce: string }> {
  stage.has();
  await stage.join({ reconnect: stage.connection.connectionId, identity: stage.identity });
  const nonce = await stage.connectUnconfirmed();
  const heal = { owner: stage.owner, waitMs: 60 * MINUTE, identity: stage.identity };
  const write = { method: 'POST', endpoint: '/contacts', body: {} } as const;
  const { workflowId } = await stage.world.start(call, { ...stage.connection, heal }, write);
  await eventually(async () => ((await (await stage.waitingRequest()).view()).subscribers > 1 ? true : undefined));
  return { workflowId, nonce };
}

/** Held so many times for one link, whose owner is then confirmed. */
function confirmedAfter(times: number): Story {
  return {
    on: 'timeSkipping',
    async play(stage) {
      stage.has();
      const { connection } = stage;
      const until = (await stage.world.env.currentTimeMs()) + 30 * MINUTE;
      for (let n = 0; n < times; n++) await holdConnection(stage.place, { connection, until });
      await stage.world.client.workflow.getHandle(HOLDS).signal(SIGNAL.confirmed, { connection, until });
      return await stage.ended(HOLDS);
    },
  };
}

export const HOLD_STORIES: Record<string, Story> = {
  'connectionHolds.holding': {
    on: 'dev',
    async play(stage) {
      await hold(stage);
      await hold(stage, 'c_2');
      await hold(stage);
      return { workflowId: HOLDS };
    },
  },
  'connectionHolds.holding.continues-as-new': { on: 'short', play: grow },
  'connectionHolds.holding.continued': {
    on: 'short',
    async play(stage) {
      await grow(stage);
      await hold(stage, 'c_another');
      return { workflowId: HOLDS };
    },
  },
  'connectionHolds.unconfirmed': {
    on: 'timeSkipping',
    async play(stage) {
      stage.nango.addConnection({ ...stage.connection, tags: { tn_owner: 'unconfirmed' } });
      await hold(stage);
      await hold(stage, 'c_2');
      await stage.world.env.sleep(4 * 60 * MINUTE);
      return await stage.seen('activityTaskCompleted', 3, { workflowId: HOLDS });
    },
  },
  'connectionHolds.over.confirmed': confirmedAfter(1),
  // The response to the first was lost.
  'connectionHolds.over.said-twice': confirmedAfter(2),
  'connectionHolds.over': {
    on: 'timeSkipping',
    async play(stage) {
      stage.has();
      await hold(stage);
      return await stage.ended(HOLDS);
    },
  },
  'user.call.waiting.unconfirmed': userRuns('dev', async (stage) => {
    const { workflowId } = await waiting(stage);
    return { workflowId };
  }),
  'user.call.completed.confirmed': userRuns('dev', async (stage) => {
    const { workflowId, nonce } = await waiting(stage);
    await stage.confirm(nonce);
    return await stage.ended(workflowId);
  }),
};
