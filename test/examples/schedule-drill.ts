import { main as createSchedule } from '../../examples/hourly-schedule/create-schedule';
import type { Sync } from '../../examples/hourly-schedule/workflows';
import { eventually } from '../support/eventually';
import type { Stage } from './stage';

const EVERY_MS = 2_000;
/** For what comes after the firings: joins, a watch's look, results. */
const MARGIN_MS = 60_000;
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

  const ends: Sync[] = [];
  for await (const { workflowId, runId } of stage.client.workflow.list({ query: runs })) {
    const result = stage.client.workflow.getHandle(workflowId, runId).result() as Promise<Sync>;
    ends.push(await result);
  }
  return {
    ...{ started, skipped, waiting: subscribers, made, ends },
    requests: await stage.countRuns(`WorkflowId = '${request.id}'`),
    connections: (await stage.connections.list(wanted)).map(({ connectionId }) => connectionId),
  };
}
