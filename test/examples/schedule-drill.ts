import { main as createSchedule } from '../../examples/hourly-schedule/create-schedule';
import type { Sync } from '../../examples/hourly-schedule/workflows';
import { eventually } from '../support/eventually';
import type { Stage } from './stage';

const EVERY_MS = 2_000;
/** For what comes after the firings: joins, a watch's look, results. */
const MARGIN_MS = 180_000;
/** After failures on so many days Nango has given a refresh up. */
const GIVEN_UP_DAYS = 4;
/** Contacts of every user. */
export const CONTACTS = 3;

/** What became of a schedule whose user connects only after many firings. */
export interface Drill {
  /** firings before the click: those that started a run, and those that were skipped since one was waiting */
  started: number;
  skipped: number;
  /** runs that waited at the click */
  waiting: number;
  /** connection requests of the user, ever */
  requests: number;
  /** the connection that the click made */
  made: string;
  /** the user's connections */
  connections: string[];
  /** how each run ended, the waiting ones and those after the click */
  ends: Sync[];
}

/**
 * Lets a schedule fire this often while nobody has connected; then the user clicks. Ends the schedule once a run after
 * that has ended too.
 */
export async function drill(stage: Stage, overlap: 'SKIP' | 'ALLOW_ALL', firings: number): Promise<Drill> {
  const userId = `u_${overlap.toLowerCase()}`;
  const wanted = { integration: 'hubspot', endUser: { id: userId } };
  const schedule = stage.client.schedule.getHandle(await createSchedule(userId, { every: EVERY_MS, overlap }));
  const counts = async () => {
    const { info } = await schedule.describe();
    return { started: info.numActionsTaken, skipped: info.numActionsSkippedOverlap };
  };
  const first = await stage.waiting(userId, 1);
  const { started, skipped } = await eventually(
    async () => {
      const now = await counts();
      return now.started + now.skipped >= firings ? now : undefined;
    },
    firings * EVERY_MS + MARGIN_MS,
  );

  const { subscribers, ...request } = await stage.waiting(userId, started);
  const { connectionId: made } = stage.nango.complete(await stage.connections.request(request).connectLink(), {
    as: userId,
  });
  await stage.connections.request(first).result();
  const { started: byThen } = await counts();
  const runs = `TemporalScheduledById = '${schedule.scheduleId}'`;
  await eventually(async () => {
    const ended = await stage.countRuns(`${runs} AND ExecutionStatus != 'Running'`);
    return ended > byThen ? true : undefined;
  }, MARGIN_MS);
  await schedule.delete();

  return {
    ...{ started, skipped, waiting: subscribers, made, ends: await endsOf(stage, runs) },
    requests: await stage.countRuns(`WorkflowId = '${request.id}'`),
    connections: (await stage.connections.list(wanted)).map(({ connectionId }) => connectionId),
  };
}

/** What became of a schedule whose user was connected, and has then revoked access. */
export interface Revocation {
  /** firings between the question and the click that started no run, since one was waiting */
  skipped: number;
  /** connection requests of the user, ever */
  requests: number;
  /** the connection from before */
  had: string;
  /** the connection that the click made */
  made: string;
  /** how each run ended: before the revocation, across it, and after the click */
  ends: Sync[];
}

/**
 * Lets the account of a user be revoked between runs that have worked, and Nango give its refresh up: else an hour has to
 * pass, or a day. The user clicks after this many firings; ends the schedule once a run after that has ended too.
 */
export async function revoke(stage: Stage, firings: number): Promise<Revocation> {
  const userId = 'u_revoked';
  const { connectionId: had } = stage.nango.addConnection({ integration: 'hubspot', tags: { end_user_id: userId } });
  const schedule = stage.client.schedule.getHandle(await createSchedule(userId, { every: EVERY_MS }));
  const runs = `TemporalScheduledById = '${schedule.scheduleId}'`;
  const endedAfter = async (before: number) =>
    await eventually(async () => {
      const ended = await stage.countRuns(`${runs} AND ExecutionStatus != 'Running'`);
      return ended > before ? ended : undefined;
    }, MARGIN_MS);
  await endedAfter(0);
  stage.nango.refresh(had, 'revoked');
  Object.assign(stage.nango.connection('hubspot', had)!, {
    refreshFailures: { lastAt: Date.now(), days: GIVEN_UP_DAYS },
    authError: 'a log',
  });

  const { id, firstExecutionRunId } = await stage.waiting(userId, 1);
  const skippedBy = async () => (await schedule.describe()).info.numActionsSkippedOverlap;
  const before = await skippedBy();
  const skipped = await eventually(
    async () => {
      const now = (await skippedBy()) - before;
      return now >= firings ? now : undefined;
    },
    firings * EVERY_MS + MARGIN_MS,
  );
  const ended = await stage.countRuns(`${runs} AND ExecutionStatus != 'Running'`);
  const link = await stage.connections.request({ id, firstExecutionRunId }).connectLink();
  const { connectionId: made } = stage.nango.complete(link, { as: userId });
  // The run that waited, and one more.
  await endedAfter(ended + 1);
  await schedule.delete();
  return {
    ...{ skipped, had, made, ends: await endsOf(stage, runs) },
    requests: await stage.countRuns(`WorkflowId = '${id}'`),
  };
}

async function endsOf(stage: Stage, runs: string): Promise<Sync[]> {
  const ends: Sync[] = [];
  for await (const { workflowId, runId } of stage.client.workflow.list({ query: runs })) {
    const result = stage.client.workflow.getHandle(workflowId, runId).result() as Promise<Sync>;
    ends.push(await result);
  }
  return ends;
}
