import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Question, RequestStatus } from '../../contract/types';
import type { ConnectionRequest } from '../../requests/connection-request';
import type { OpenRequest } from '../../requests/list';
import { actionOf } from '../terminal/result';
import { usage } from '../terminal/failure';
import { group, leaf } from '../terminal/leaf';
import { ownerFrom, withOwnerOptions } from '../options/owner-options';
import type { OwnerOptions } from '../options/owner-options';
import { ownerText } from '../request/owner-text';
import { findRequest } from '../options/request-id-option';
import { requestJson, descriptionText, timelineText } from '../request/request-text';
import { table } from '../terminal/table';
import { withTemporal } from '../temporal';
import { moment, span } from '../terminal/time';
import { until } from '../options/until';

/** `temporal-nango requests`: who is waited for, and what an operator can do about it. */
export function requestsCommand(): Command {
  return group('requests', 'See and steer the requests that wait for people.', [
    listCommand(),
    showCommand(),
    remindCommand(),
    extendCommand(),
    declineCommand(),
    cancelCommand(),
    decideCommand(),
  ]);
}

function listCommand(): Command {
  const command = leaf('list', 'List the open requests, newest first. No worker is needed.', {
    examples: [
      ['requests list', 'everybody who is waited for'],
      ['requests list --integration hubspot --end-user u_42', 'one person'],
    ],
  }).option('--integration <key>', 'only of this integration');
  return withOwnerOptions(command).action(
    actionOf<[OwnerOptions & { integration?: string }]>(async ({ io }, options) => {
      const filter = { integration: options.integration, ...ownerFrom(options) };
      const open = await withTemporal(({ connections }) => connections.requests(filter));
      const text = open.length === 0 ? 'Nobody is waited for.' : table(HEADINGS, open.map(rowOf), io.colors.bold);
      return { value: open.map(({ id, startedAt, ...view }) => requestJson(id, startedAt, view)), text };
    }),
  );
}

const HEADINGS = ['REQUEST', 'STATUS', 'WHO', 'WAITING', 'UNTIL', 'REMINDED', 'WAITERS'];

function rowOf({ id, status, owner, question, startedAt, reminders, subscribers }: OpenRequest) {
  const waiting = span(Date.now() - (question?.since ?? startedAt.getTime()));
  return [
    id,
    stateOf(status, question),
    ownerText(owner),
    waiting,
    question && moment(question.deadline),
    reminders,
    subscribers,
  ];
}

/** What of a request somebody at the list acts on. */
function stateOf(status: RequestStatus, question?: Question): string {
  if (question?.accountChange !== undefined) return 'account changed';
  return question?.kind === 'approve-scopes' ? 'scopes missing' : status;
}

function showCommand(): Command {
  return leaf('show <id>', 'Show a request, open or ended, and what happened to it. No worker is needed.', {
    examples: [
      ['requests show nango/default/hubspot/u:u_42', 'the latest request of a person'],
      ['requests show hubspot/u:u_42 --json', 'the same, its id abbreviated, for a program'],
    ],
  }).action(
    actionOf<[string]>(async (_, id) => {
      return await withTemporal(async (temporal) => {
        const description = await findRequest(temporal, id);
        const timeline = await temporal.connections.request(description.ref).timeline();
        const { ref, view, startedAt, closedAt, connection } = description;
        const value = { ...requestJson(ref.id, startedAt, view), request: ref, closedAt, connection, timeline };
        return { value, text: [descriptionText(description), '', timelineText(timeline)].join('\n') };
      });
    }),
  );
}

/** What an operator does to a request, and how it is told. */
interface Operation {
  operate: (request: ConnectionRequest, by: string) => Promise<void>;
  said: string;
  /** beside the request and who did it */
  value?: object;
}

/**
 * A command that does something to a request, in somebody's name.
 *
 * @param read what is to be done, from the options: wrong ones are told before anybody is asked
 */
function operating<Options extends { by?: string }>(command: Command, read: (options: Options) => Operation): Command {
  return command.option('--by <name>', 'who does it, for the record (default: your user name)').action(
    actionOf<[string, Options]>(async (_, id, options) => {
      const { operate, said, value } = read(options);
      const by = options.by ?? userName();
      return await withTemporal(async (temporal) => {
        const { ref } = await findRequest(temporal, id);
        await operate(temporal.connections.request(ref), by);
        return { value: { request: ref, by, ...value }, text: said };
      });
    }),
  );
}

function remindCommand(): Command {
  const command = leaf('remind <id>', 'Remind the person now, by the notifier of the worker.', {
    examples: [['requests remind hubspot/u:u_42', 'once an hour at the most']],
  });
  return operating(command, () => ({
    operate: (request, by) => request.remind({ by }),
    said: 'The notifier has been told to remind.',
  }));
}

function extendCommand(): Command {
  const command = leaf('extend <id>', 'Move the deadline of everybody who waits.', {
    examples: [
      ['requests extend hubspot/u:u_42 --until 7d', 'seven days from now'],
      ['requests extend hubspot/u:u_42 --until 2026-12-24', 'until a date'],
    ],
  }).requiredOption('--until <time>', 'a span from now, or a date');
  return operating<{ by?: string; until: string }>(command, (options) => {
    const deadline = until('--until', options.until);
    return {
      operate: (request, by) => request.extend(deadline, { by }),
      said: `It waits until ${moment(deadline)}.`,
      value: { deadline },
    };
  });
}

function declineCommand(): Command {
  const command = leaf('decline <id>', 'Pass on a no: everybody who waits is told, and nobody is asked for a day.', {
    examples: [['requests decline hubspot/u:u_42 --by ann@example.com', 'in the name of the person who said it']],
  });
  return operating(command, () => ({ operate: (request, by) => request.decline({ by }), said: 'Declined.' }));
}

function cancelCommand(): Command {
  const command = leaf('cancel <id>', 'End a request for everybody who waits.', {
    examples: [['requests cancel hubspot/u:u_42', 'the automations that wait get Nango.RequestCancelled']],
  });
  return operating(command, () => ({
    operate: (request, by) => request.cancelForAll({ by }),
    said: 'Cancelled for everybody.',
  }));
}

function decideCommand(): Command {
  const command = leaf('answer <id>', 'Say whether another account than before may be written to.', {
    examples: [
      ['requests answer hubspot/u:u_42 --allow', 'it may: the person meant to change accounts'],
      ['requests answer hubspot/u:u_42 --refuse', 'it may not: the person is asked for the right one'],
    ],
  })
    .option('--allow', 'it may')
    .option('--refuse', 'it may not');
  return operating<{ by?: string; allow?: boolean; refuse?: boolean }>(command, (options) => {
    const choice = choiceOf(options);
    return {
      operate: (request, by) => request.decide(choice, { by }),
      said: `Answered: ${choice}.`,
      value: { choice },
    };
  });
}

function choiceOf({ allow, refuse }: { allow?: boolean; refuse?: boolean }): 'yes' | 'no' {
  if (allow && !refuse) return 'yes';
  if (refuse && !allow) return 'no';
  throw usage('Either --allow or --refuse is needed.');
}

/** A container may run as a user that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody at the command line';
  }
}
