import type { FailingReport } from '../../src/contract/types';
import { FAN_OUT_WINDOW } from '../../src/contract/limits';
import { WORKFLOW } from '../../src/contract/names';
import { MOST_JUDGED } from '../../src/workflows/health/health-step';
import { eventually } from '../support/eventually';
import { call, ensureThenFanOut, readsSideBySide, writeAfter, writeBesideRead } from '../support/user-workflows';
import { respondWithAccount } from './stage';
import type { Run, Stage, Story } from './stage';

/** How the recorded runs of an integration's health come about, and those of workflows whose calls wait for it. */

const HEALTH = 'nango-health/default/crm';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function report(stage: Stage, over: Partial<FailingReport> = {}): Promise<Run> {
  const { client, taskQueue } = stage.place;
  const failing: FailingReport = { connectionId: 'c_1', sign: 'refresh', tried: true, ...over };
  await client.workflow.signalWithStart(WORKFLOW.integrationHealth, {
    workflowId: HEALTH,
    taskQueue,
    args: [{ environment: 'default', integration: 'crm' }],
    signal: 'nango.failing',
    signalArgs: [failing],
  });
  return { workflowId: HEALTH };
}

/** Somebody who is gone by the time there is a verdict. */
const waiter = { workflowId: 'somebody', waitId: 'wait-1' };

async function grow(stage: Stage): Promise<Run> {
  await report(stage);
  const first = { workflowId: HEALTH, runId: await stage.runIdOf(HEALTH) };
  for (let n = 0; n < 14; n++) {
    await report(stage);
    await stage.atRest({ workflowId: HEALTH });
    if ((await stage.runIdOf(HEALTH)) !== first.runId) break;
  }
  await eventually(async () => ((await stage.runIdOf(HEALTH)) === first.runId ? undefined : true), 60_000);
  return first;
}

/** A connection of OAuth whose refresh fails. */
function failing(stage: Stage, mode: 'outage' | 'revoked' = 'outage'): void {
  stage.grants('read');
  stage.nango.refresh('c_1', mode);
}

export function userRuns(on: Story['on'], play: (stage: Stage) => Promise<Run>): Story {
  return {
    on,
    async play(stage) {
      await stage.world.startUserWorker();
      return await play(stage);
    },
  };
}

const GET = { method: 'GET', endpoint: '/contacts/1' } as const;

export const HEALTH_STORIES: Record<string, Story> = {
  'integrationHealth.failing': {
    on: 'dev',
    async play(stage) {
      failing(stage);
      return await report(stage, { waiter });
    },
  },
  'integrationHealth.failing.tried': {
    on: 'timeSkipping',
    async play(stage) {
      failing(stage);
      const run = await report(stage, { waiter });
      await stage.world.env.sleep(5 * MINUTE);
      return run;
    },
  },
  'integrationHealth.failing.first-401': {
    on: 'dev',
    async play(stage) {
      failing(stage);
      await report(stage, { waiter });
      return await report(stage, { sign: 'unauthorized', waiter });
    },
  },
  'integrationHealth.dead': {
    on: 'timeSkipping',
    async play(stage) {
      stage.has();
      await report(stage, { sign: 'unauthorized' });
      await stage.world.env.sleep(11 * MINUTE);
      return await report(stage, { sign: 'unauthorized', waiter });
    },
  },
  'integrationHealth.over.dead-works': userRuns('timeSkipping', async (stage) => {
    stage.has();
    for (let n = 0; n < 2; n++) {
      await report(stage, { sign: 'unauthorized' });
      await stage.world.env.sleep(11 * MINUTE);
    }
    // What has worked before the next reading may have worked before it was met.
    await stage.world.env.sleep(60 * MINUTE);
    const { workflowId } = await stage.world.start(call, stage.connection, GET);
    await stage.ended(workflowId);
    return await stage.ended(HEALTH);
  }),
  'integrationHealth.outage': {
    on: 'dev',
    async play(stage) {
      for (const connectionId of ['c_1', 'c_2', 'c_3']) await report(stage, { connectionId });
      const run = { workflowId: HEALTH };
      await stage.seen('childWorkflowExecutionStarted', 1, run);
      return run;
    },
  },
  'integrationHealth.outage.burst': {
    on: 'dev',
    async play(stage) {
      await stage.withoutWorker(async () => {
        for (let n = 0; n < MOST_JUDGED; n++) await report(stage);
        // Only the loop concludes from these that it is an outage.
        for (const connectionId of ['c_2', 'c_3']) await report(stage, { connectionId });
      });
      return await stage.seen('childWorkflowExecutionStarted', 1, { workflowId: HEALTH });
    },
  },
  'integrationHealth.over': {
    on: 'dev',
    async play(stage) {
      await report(stage);
      await stage.seen('activityTaskCompleted', 1, { workflowId: HEALTH });
      await stage.place.client.workflow.getHandle(HEALTH).signal('nango.works', { connectionId: 'c_1' });
      return await stage.ended(HEALTH);
    },
  },
  'integrationHealth.failing.continues-as-new': { on: 'short', play: grow },
  'integrationHealth.failing.continued': {
    on: 'short',
    async play(stage) {
      const { runId } = await grow(stage);
      await report(stage);
      return {
        workflowId: HEALTH,
        runId: await eventually(async () => {
          const now = await stage.runIdOf(HEALTH);
          return now === runId ? undefined : now;
        }),
      };
    },
  },
  'operatorNotice.notified': {
    on: 'dev',
    async play(stage) {
      const { client, taskQueue } = stage.place;
      const workflowId = 'nango-notice/default/crm/2026-01-01T00';
      const notice = { reason: 'outage', integration: 'crm', failing: 3, since: Date.UTC(2026, 0, 1) };
      await client.workflow.start(WORKFLOW.operatorNotice, { workflowId, taskQueue, args: [notice] });
      return await stage.ended(workflowId);
    },
  },
  'user.call.waiting.refresh-fails': userRuns('dev', async (stage) => {
    failing(stage);
    const { workflowId } = await stage.world.start(call, stage.connection, GET);
    return await stage.seen('activityTaskCompleted', 1, { workflowId });
  }),
  'user.call.completed.tried-again': userRuns('dev', async (stage) => {
    failing(stage);
    const { workflowId } = await stage.world.start(call, stage.connection, GET);
    await stage.seen('activityTaskCompleted', 1, { workflowId });
    stage.nango.refresh('c_1', 'fine');
    return await stage.ended(workflowId);
  }),
  'user.ensureThenFanOut.waiting.withdrawn': userRuns('timeSkipping', async (stage) => {
    const { workflowId } = await withdrawn(stage);
    await stage.world.env.sleep(15 * MINUTE);
    await stage.waitingRequest();
    return { workflowId };
  }),
  'user.ensureThenFanOut.completed.healed': userRuns('timeSkipping', async (stage) => {
    const { workflowId } = await withdrawn(stage);
    await stage.world.env.sleep(15 * MINUTE);
    await stage.connectAndHint();
    return await stage.ended(workflowId);
  }),
  'user.ensureThenFanOut.completed.cancelled-for-all': userRuns('timeSkipping', async (stage) => {
    const { workflowId } = await withdrawn(stage, FAN_OUT_WINDOW + 1);
    await stage.world.env.sleep(15 * MINUTE);
    await (await stage.waitingRequest()).cancelForAll({ by: 'ops' });
    return await stage.ended(workflowId);
  }),
  'user.writeAfter.completed.nobody-agrees': userRuns('timeSkipping', async (stage) => {
    const connection = healing(stage, 3 * HOUR);
    const { workflowId } = await stage.world.start(writeAfter, connection, [0, 10 * HOUR]);
    await stage.world.env.sleep(15 * MINUTE);
    await stage.connectAndHint('bert');
    await stage.accountQuestion();
    return await stage.ended(workflowId);
  }),
  'user.writeBesideRead.failed': userRuns('dev', async (stage) => {
    failing(stage, 'revoked');
    await report(stage, { sign: 'exhausted' });
    const { workflowId } = await stage.world.start(writeBesideRead, {
      ...stage.connection,
      ...{ provider: 'crm', tags: {}, createdAt: '2026-01-01T00:00:00.000Z', health: 'ok' },
      heal: { owner: stage.owner, waitMs: HOUR },
    });
    await stage.waitingRequest();
    await stage.connectAndHint();
    return await stage.ended(workflowId);
  }),
  'user.readsSideBySide.completed.given-up': userRuns('timeSkipping', async (stage) => {
    const connection = healing(stage, 24 * HOUR);
    const { workflowId } = await stage.world.start(readsSideBySide, connection, [5 * HOUR, 100 * HOUR]);
    await stage.world.env.sleep(15 * MINUTE);
    await stage.waitingRequest();
    await stage.world.env.sleep(6 * HOUR);
    await stage.connectAndHint();
    return await stage.ended(workflowId);
  }),
  'user.call.completed.in-turn': userRuns('timeSkipping', async (stage) => {
    const connection = healing(stage, 24 * HOUR);
    stage.has({ connectionId: 'c_2' });
    await stage.join({ several: 'choose' });
    const { workflowId } = await stage.world.start(call, connection, GET);
    await stage.world.env.sleep(2 * HOUR);
    await stage.choose();
    await stage.world.env.sleep(2 * HOUR);
    await stage.connectAndHint();
    return await stage.ended(workflowId);
  }),
};

/** A key is withdrawn: the provider refuses it until somebody has connected anew. */
function withdrawKey(stage: Stage): void {
  stage.has();
  const updatedAt = () => stage.nango.connection('crm', 'c_1')!.updatedAt;
  const made = updatedAt();
  stage.nango.onProxy('crm', (proxied) =>
    updatedAt() === made ? { status: 401, json: {} } : respondWithAccount(proxied),
  );
}

/** The same of a connection whose account is compared, and for which calls wait so long. */
function healing(stage: Stage, waitMs: number) {
  withdrawKey(stage);
  return { ...stage.connection, heal: { owner: stage.owner, waitMs, identity: stage.identity } };
}

/** The same in the middle of a fan-out, of a read and so many writes. */
async function withdrawn(stage: Stage, writes = 1) {
  withdrawKey(stage);
  delete stage.nango.connection('crm', 'c_1')!.tags.tn_account;
  return await stage.world.start(ensureThenFanOut, { ...stage.wanted, heal: true }, [
    GET,
    ...Array.from({ length: writes }, () => ({ method: 'POST' as const, endpoint: '/contacts', body: {} })),
  ]);
}
