import type { Command } from 'commander';
import { MAX_WAIT_MS } from '../../contract/limits';
import { checkTemporalName } from '../../contract/rules/check-shape';
import type { Json } from '../../contract/types';
import { actionOf } from '../terminal/result';
import { duration } from '../options/duration';
import { usage } from '../terminal/failure';
import { jsonOption } from '../options/json-option';
import { group, leaf } from '../terminal/leaf';
import { createSchedule, listSchedules, ownSchedule } from '../schedules';
import type { ListedSchedule } from '../schedules';
import { table } from '../terminal/table';
import { withTemporal } from '../temporal';
import { moment, span } from '../terminal/time';

/** Temporal's own shortest is a second; a workflow that asks people has no use for less than a minute. */
const SHORTEST_MS = 60_000;

/** `temporal-nango schedule`: a workflow that runs every hour. */
export function scheduleCommand(): Command {
  return group('schedule', 'Run a workflow every hour, or as often as you say.', [
    createCommand(),
    listCommand(),
    pauseCommand(),
    resumeCommand(),
    deleteCommand(),
  ]);
}

interface CreateOptions {
  workflow: string;
  taskQueue: string;
  args?: string;
  every: string;
  note?: string;
}

function createCommand(): Command {
  return leaf('create <id>', 'Make a schedule. While a run waits for a person, no other starts beside it.', {
    examples: [
      [`schedule create sync-u_42 --workflow syncContacts --task-queue automations --args '["u_42"]'`, 'every hour'],
      ['schedule create digest --workflow digest --task-queue automations --every 1d', 'every day'],
    ],
  })
    .requiredOption('--workflow <type>', 'type of the workflow')
    .requiredOption('--task-queue <queue>', 'where its worker polls')
    .option('--args <json>', 'its arguments: a JSON list, @FILE, or - for standard input')
    .option('--every <time>', 'from one start to the next', '1h')
    .option('--note <text>', 'what it is for')
    .action(
      actionOf<[string, CreateOptions]>(async (_, id, { workflow, taskQueue, args, every, note }) => {
        checkTemporalName(id, 'id');
        checkTemporalName(workflow, '--workflow');
        checkTemporalName(taskQueue, '--task-queue');
        const everyMs = duration('--every', every, MAX_WAIT_MS);
        if (everyMs < SHORTEST_MS) throw usage('--every must be a minute or more.');
        const planned = { id, workflow, taskQueue, args: await argsOf(args), everyMs, note };
        await withTemporal(({ client }) => createSchedule(client, planned));
        return { value: { id, workflow, taskQueue, everyMs, note }, text: `Made: ${id} runs every ${span(everyMs)}.` };
      }),
    );
}

async function argsOf(args: string | undefined): Promise<Json[]> {
  const given = args === undefined ? [] : await jsonOption('--args', args);
  if (Array.isArray(given)) return given;
  throw usage('--args must be a list, one item an argument.', `Write --args '["u_42"]'.`);
}

function listCommand(): Command {
  return leaf('list', 'List the schedules that were made by this command.', {
    examples: [['schedule list', 'what runs, and when next']],
  }).action(
    actionOf(async ({ io }) => {
      const schedules = await withTemporal(({ client }) => listSchedules(client));
      const text =
        schedules.length === 0 ? 'No schedule was made here.' : table(HEADINGS, schedules.map(rowOf), io.colors.bold);
      return { value: schedules, text };
    }),
  );
}

const HEADINGS = ['SCHEDULE', 'WORKFLOW', 'EVERY', 'PAUSED', 'NEXT', 'LAST', 'NOTE'];

function rowOf({ id, workflow, everyMs, paused, next, last, note }: ListedSchedule) {
  const every = everyMs === undefined ? undefined : span(everyMs);
  return [id, workflow, every, paused ? 'yes' : 'no', next && moment(next), last && moment(last), note];
}

function pauseCommand(): Command {
  return leaf('pause <id>', 'Start no more runs; the one that runs goes on.', {
    examples: [['schedule pause sync-u_42 --note "until the incident is over"', 'and says why']],
  })
    .option('--note <text>', 'why')
    .action(
      actionOf<[string, { note?: string }]>(async (_, id, { note }) => {
        await withTemporal(async ({ client }) => (await ownSchedule(client, id)).pause(note));
        return { value: { id, paused: true }, text: `Paused: ${id}.` };
      }),
    );
}

function resumeCommand(): Command {
  return leaf('resume <id>', 'Start runs again.', {
    examples: [['schedule resume sync-u_42', 'from the next time on']],
  }).action(
    actionOf<[string]>(async (_, id) => {
      await withTemporal(async ({ client }) => (await ownSchedule(client, id)).unpause());
      return { value: { id, paused: false }, text: `Runs again: ${id}.` };
    }),
  );
}

function deleteCommand(): Command {
  return leaf('delete <id>', 'Delete a schedule; the run that runs goes on.', {
    examples: [['schedule delete sync-u_42', 'one that was made by this command']],
  }).action(
    actionOf<[string]>(async (_, id) => {
      await withTemporal(async ({ client }) => (await ownSchedule(client, id)).delete());
      return { value: { id, deleted: true }, text: `Deleted: ${id}.` };
    }),
  );
}
