import { ApplicationFailure } from '@temporalio/common';
import { bulkPageId } from '../../src/contract/names';
import type { BulkInput } from '../../src/contract/types';
import type { BulkRun } from '../../src/bulk/bulk-run';
import { BulkUser, reads } from '../support/bulk-user';
import { eventually } from '../support/eventually';
import type { Run, Server, Stage, Story } from './stage';

/** How the recorded bulk runs and their pages come about. */

const PAGE = 4;
/** Calls of which nothing is known yet. */
const FIRST_FAN_OUT = 15;

interface BulkStage {
  stage: Stage;
  user: BulkUser;
  start: (more?: Partial<BulkInput>) => Promise<BulkRun>;
}

function bulk(play: (bulk: BulkStage) => Promise<Run>, on: Server = 'dev'): Story {
  return {
    on,
    async play(stage) {
      stage.has();
      const { connections } = stage.world;
      await eventually(async () => ((await connections.workers())?.length ? true : undefined));
      // The name of its queue is in the history.
      const user = await BulkUser.start(stage.world, 'bulk-user');
      user.has(reads(3 * PAGE), PAGE, 3 * PAGE);
      const { connection } = stage;
      const start = (more?: Partial<BulkInput>): Promise<BulkRun> =>
        connections.bulk(user.input({ connection, ...more }), { id: 'story' });
      try {
        return await play({ stage, user, start });
      } finally {
        await user.close();
      }
    },
  };
}

const pageOf = ({ ref }: BulkRun, page: number): string => bulkPageId(ref.firstExecutionRunId, page);

function sourceThrows({ user }: BulkStage): void {
  const { source } = user;
  user.source = (input) => {
    if (input.cursor !== undefined) throw ApplicationFailure.nonRetryable('no');
    return source(input);
  };
}

/** A server that suggests early to continue as new. */
async function firstRun({ stage, start }: BulkStage, page?: number): Promise<Run> {
  const run = await start();
  const workflowId = page === undefined ? run.ref.id : pageOf(run, page);
  await stage.ended(run.ref.id);
  const { raw } = await stage.world.client.workflow.getHandle(workflowId).describe();
  const { firstRunId } = raw.workflowExecutionInfo!;
  if (raw.workflowExecutionInfo!.execution!.runId === firstRunId) throw new Error('was not continued as new');
  return { workflowId };
}

/** In the middle of its only page. */
async function stopAfterPause({ stage, user, start }: BulkStage): Promise<BulkRun> {
  user.has(reads(100), 100);
  let made = 0;
  let stopped = (): void => undefined;
  const stopping = new Promise<void>((resolve) => (stopped = resolve));
  stage.nango.onProxy('crm', async () => {
    if (++made > FIRST_FAN_OUT) await stopping;
    return { json: 1 };
  });
  const run = await start({ concurrency: 1 });
  await eventually(() => Promise.resolve(made > FIRST_FAN_OUT || undefined));
  await run.pause();
  await run.resume();
  await run.stop();
  stopped();
  await stage.ended(run.ref.id);
  return run;
}

export const BULK_STORIES: Record<string, Story> = {
  'bulk.running': bulk(async ({ stage, user, start }) => {
    user.sink = () => Promise.reject(new Error('down'));
    const run = await start();
    await eventually(async () => ((await run.progress()).waitsFor === 'sink' ? true : undefined), 30_000);
    return await stage.seen('childWorkflowExecutionStarted', 3, { workflowId: run.ref.id });
  }),
  'bulk.completed': bulk(async ({ stage, start }) => await stage.ended((await start()).ref.id)),
  'bulk.stopped.after-a-pause': bulk(async (all) => ({ workflowId: (await stopAfterPause(all)).ref.id })),
  'bulk.failed.source-throws': bulk(async (all) => {
    sourceThrows(all);
    return await all.stage.ended((await all.start()).ref.id);
  }),
  'bulk.completed.continued': bulk(async (all) => {
    all.user.has(reads(12 * PAGE), PAGE);
    return await firstRun(all);
  }, 'short'),
  'bulkPage.running.sink-down': bulk(async ({ stage, user, start }) => {
    user.sink = () => Promise.reject(new Error('down'));
    const run = await start();
    return await stage.seen('externalWorkflowExecutionSignaled', 2, { workflowId: pageOf(run, 0) });
  }),
  'bulkPage.completed': bulk(async ({ stage, start }) => {
    const run = await start();
    await run.result();
    return await stage.ended(pageOf(run, 1));
  }),
  'bulkPage.completed.stopped': bulk(async (all) => ({ workflowId: pageOf(await stopAfterPause(all), 0) })),
  'bulkPage.completed.continued': bulk(async (all) => {
    all.user.has(reads(150), 150);
    return await firstRun(all, 0);
  }, 'short'),
  'bulkPage.failed.source-throws': bulk(async (all) => {
    sourceThrows(all);
    const run = await all.start();
    await all.stage.ended(run.ref.id);
    return await all.stage.ended(pageOf(run, 1));
  }),
};
