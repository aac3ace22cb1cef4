import type { LeaseRequest } from '../../src/contract/types';
import { limiterId } from '../../src/contract/request-id';
import { workflowLimiter } from '../../src/limits/workflow-limiter';
import { eventually } from '../support/eventually';
import type { Run, Stage, Story } from './stage';

/** How the recorded runs of a limiter come about. */

const ACCOUNT = limiterId('default');
const CONNECTION = limiterId('default', { integration: 'crm', connectionId: 'c_1' });
const known = { calls: 8, perMs: 60_000, source: 'nango' } as const;
const facts = { from: 'nango', calls: 8, remaining: 7, resetMs: 61_000, windowMs: 60_000 } as const;

async function lease(stage: Stage, id: string, request: Partial<LeaseRequest>): Promise<void> {
  const { client, taskQueue } = stage.place;
  const log = { warn: (message: string) => console.warn(message) };
  await workflowLimiter(id, () => ({ client, taskQueue, log })).lease({ holder: 'w_1', want: 4, known, ...request });
}

/** Two workers take all that there is, report and give back, and a third is sent away. */
async function share(stage: Stage): Promise<void> {
  await lease(stage, ACCOUNT, { facts, unleased: 1 });
  await lease(stage, ACCOUNT, { holder: 'w_2', want: 8 });
  await lease(stage, ACCOUNT, { used: 1, usedAgoMs: 20, giveBack: 1 });
  await lease(stage, ACCOUNT, { holder: 'w_3', want: 8 });
  await lease(stage, ACCOUNT, { holder: 'w_2', want: 0, used: 1 });
}

/** Many requests make a long history. */
async function grow(stage: Stage): Promise<Run> {
  await lease(stage, ACCOUNT, { facts });
  const first = { workflowId: ACCOUNT, runId: await stage.runIdOf(ACCOUNT) };
  for (let i = 0; i < 14; i++) await lease(stage, ACCOUNT, { want: 1, used: i % 2 });
  await eventually(async () => ((await stage.runIdOf(ACCOUNT)) === first.runId ? undefined : true), 60_000);
  return first;
}

export const LIMIT_STORIES: Record<string, Story> = {
  'rateLimiter.leasing': {
    on: 'dev',
    async play(stage) {
      await share(stage);
      return { workflowId: ACCOUNT };
    },
  },
  'rateLimiter.leasing.of-a-connection': {
    on: 'dev',
    async play(stage) {
      const refusals = { calls: 10, perMs: 2_000, source: 'refusals' } as const;
      await lease(stage, CONNECTION, { known: refusals, facts: { from: 'provider', pauseMs: 2_000 } });
      await lease(stage, CONNECTION, { known: { calls: 100, perMs: 10_000, source: 'declared' } });
      return { workflowId: CONNECTION };
    },
  },
  'rateLimiter.leasing.continues-as-new': { on: 'short', play: grow },
  'rateLimiter.leasing.continued': {
    on: 'short',
    async play(stage) {
      const { runId } = await grow(stage);
      await lease(stage, ACCOUNT, { want: 2, used: 1 });
      return { workflowId: ACCOUNT, runId: await nextRun(stage, runId) };
    },
  },
  'rateLimiter.idle': {
    on: 'timeSkipping',
    async play(stage) {
      await lease(stage, ACCOUNT, { facts });
      return await stage.ended(ACCOUNT);
    },
  },
};

async function nextRun(stage: Stage, before: string | undefined): Promise<string> {
  return await eventually(async () => {
    const runId = await stage.runIdOf(ACCOUNT);
    return runId === before ? undefined : runId;
  });
}
