import type { Client, ScheduleHandle, ScheduleSummary } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleNotFoundError } from '@temporalio/client';
import { MADE_BY_COMMAND } from '../contract/names';
import type { Json } from '../contract/types';
import { notFound, usage } from './terminal/failure';

/** A run of a workflow, over and over. */
export interface PlannedRun {
  id: string;
  workflow: string;
  taskQueue: string;
  args: Json[];
  /** milliseconds from one start to the next */
  everyMs: number;
  note?: string;
}

/** A schedule as a list shows it. */
export interface ListedSchedule {
  id: string;
  workflow?: string;
  everyMs?: number;
  paused: boolean;
  note?: string;
  next?: Date;
  last?: Date;
}

/**
 * Plans the runs. While one run still waits for a person no other starts beside it, and runs that were missed while the
 * server was down are not made up for, but for the last hour's.
 *
 * @throws CliFailure (usage) if there is a schedule of this id
 */
export async function createSchedule({ schedule }: Client, planned: PlannedRun): Promise<void> {
  const { id, workflow, taskQueue, args, everyMs, note } = planned;
  try {
    await schedule.create({
      scheduleId: id,
      spec: { intervals: [{ every: everyMs }] },
      policies: { overlap: 'SKIP', catchupWindow: '1 hour' },
      action: { type: 'startWorkflow', workflowType: workflow, workflowId: id, taskQueue, args },
      memo: { [MADE_BY_COMMAND]: true },
      state: note === undefined ? undefined : { note },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    throw usage('There is a schedule of this id.', 'Delete it first: temporal-nango schedule delete ID.');
  }
}

/** The schedules that were made here, by id. */
export async function listSchedules({ schedule }: Client): Promise<ListedSchedule[]> {
  const listed: ListedSchedule[] = [];
  for await (const summary of schedule.list())
    if (summary.memo?.[MADE_BY_COMMAND] === true) listed.push(listedOf(summary));
  return listed.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function listedOf({ scheduleId, action, spec, state, info }: ScheduleSummary): ListedSchedule {
  return {
    id: scheduleId,
    workflow: action?.workflowType,
    everyMs: spec?.intervals?.[0]?.every,
    paused: state.paused,
    note: state.note || undefined,
    next: info.nextActionTimes[0],
    last: info.recentActions.at(-1)?.takenAt,
  };
}

/**
 * A schedule that was made here.
 *
 * @throws CliFailure (Cli.NotFound) if there is none, or one that something else has made
 */
export async function ownSchedule({ schedule }: Client, id: string): Promise<ScheduleHandle> {
  const handle = schedule.getHandle(id);
  const described = await handle.describe().catch((error: unknown) => {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  });
  if (described?.memo?.[MADE_BY_COMMAND] === true) return handle;
  throw notFound('There is no such schedule made by this command.', 'See `temporal-nango schedule list`.');
}
