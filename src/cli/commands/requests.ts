import type { Command } from 'commander';
import type { Question, RequestStatus } from '../../contract/types';
import type { ConnectionRequest } from '../../requests/connection-request';
import { withAllScopes } from '../../requests/all-scopes';
import type { OpenRequest } from '../../requests/list';
import { actionOf } from '../terminal/result';
import { notFound, usage } from '../terminal/failure';
import { group, leaf } from '../terminal/leaf';
import { ownerFrom, withOwnerOptions } from '../options/owner-options';
import type { OwnerOptions } from '../options/owner-options';
import { ownerText } from '../request/owner-text';
import { findRequest } from '../options/request-id-option';
import { requestJson, descriptionText, timelineText } from '../request/request-text';
import { printable } from '../../contract/rules/printable';
import { table } from '../terminal/table';
import { userName } from '../options/user-name';
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
    confirmCommand(),
    refuseCommand(),
    chooseCommand(),
    forgetCommand(),
    updateScopesCommand(),
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

const STATES: { [kind in Question['kind']]?: string } = {
  'approve-scopes': 'scopes missing',
  'choose-connection': 'several fit',
  'update-integration-scopes': 'update scopes',
  'recreate-connection': 'make anew',
};

/** What of a request somebody at the list acts on. */
function stateOf(status: RequestStatus, question?: Question): string {
  if (question?.confirmed !== undefined) return 'confirmed';
  if (question?.unconfirmed?.some(({ refusedBy }) => refusedBy === undefined)) return 'not confirmed';
  if (question?.accountChange !== undefined) return 'account changed';
  return (question && STATES[question.kind]) ?? status;
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
        const found = await findRequest(temporal, id);
        const request = temporal.connections.request(found.ref);
        const description = await withAllScopes(temporal.client, request, found);
        const timeline = await request.timeline();
        const { ref, view, startedAt, closedAt, connection } = description;
        const value = { ...requestJson(ref.id, startedAt, view), request: ref, closedAt, connection, timeline };
        return { value, text: [descriptionText(description), '', timelineText(timeline)].join('\n') };
      });
    }),
  );
}

const BY = 'who does it, for the record (default: your user name)';

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
  return command.option('--by <name>', BY).action(
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

interface ScopesOptions {
  by?: string;
  clientId?: string;
  clientSecretEnv?: string;
  done?: boolean;
  refuse?: boolean;
}

function updateScopesCommand(): Command {
  const command = leaf('update-scopes <id>', 'Have the integration request the scopes that the request lists.', {
    examples: [
      [
        'requests update-scopes crm/u:u_42 --client-id ID --client-secret-env CRM_SECRET',
        'the worker changes it, with the secret in its own environment',
      ],
      ['requests update-scopes crm/u:u_42 --done', 'it was changed at Nango, which the worker verifies'],
      ['requests update-scopes crm/u:u_42 --refuse', 'it stays as it is, and whoever needs more is told so'],
    ],
  })
    .option('--client-id <id>', "of the integration's app")
    .option('--client-secret-env <name>', 'environment variable of the worker that holds the secret of the app')
    .option('--done', 'it was changed elsewhere')
    .option('--refuse', 'it is not to be changed');
  return operating<ScopesOptions>(command, scopesOperation);
}

function scopesOperation({ clientId, clientSecretEnv, done, refuse }: ScopesOptions): Operation {
  const isUpdate = clientId !== undefined || clientSecretEnv !== undefined;
  const given = [isUpdate, done, refuse].filter(Boolean).length;
  if (given === 1 && done) {
    const operate: Operation['operate'] = (request, by) => request.scopesUpdated({ by });
    return { operate, said: 'The integration requests all of them.', value: { choice: 'updated' } };
  }
  if (given === 1 && refuse) {
    const operate: Operation['operate'] = (request, by) => request.decide('no', { by });
    return { operate, said: 'Answered: no.', value: { choice: 'no' } };
  }
  if (given !== 1 || clientId === undefined || clientSecretEnv === undefined) {
    throw usage('Either --client-id with --client-secret-env, or --done, or --refuse is needed.');
  }
  const credentials = { clientId, clientSecret: { fromEnv: clientSecretEnv } };
  return {
    operate: (request, by) => request.updateScopes(credentials, { by }),
    said: 'The integration requests all of them now.',
    value: { choice: 'update' },
  };
}

function choiceOf({ allow, refuse }: { allow?: boolean; refuse?: boolean }): 'yes' | 'no' {
  if (allow && !refuse) return 'yes';
  if (refuse && !allow) return 'no';
  throw usage('Either --allow or --refuse is needed.');
}

function confirmCommand(): Command {
  const command = leaf('confirm <id> <connection>', 'Say that it was the owner who made a connection.', {
    examples: [
      ['requests confirm hubspot/u:u_42 CONNECTION', 'what waits goes on with it; `requests show` lists them'],
    ],
  });
  return statement(command, (request, nonce, by) => request.confirmOwner(nonce, { by }), 'Confirmed');
}

function refuseCommand(): Command {
  const command = leaf('refuse <id> <connection>', 'Say that it was not the owner who made a connection.', {
    examples: [['requests refuse hubspot/u:u_42 CONNECTION', 'the owner is waited for as before']],
  });
  return statement(command, (request, nonce, by) => request.refuseOwner(nonce, { by }), 'Refused');
}

/** A command that says who made a connection, as it is now: whoever has a link may have used it since it was listed. */
function statement(
  command: Command,
  say: (request: ConnectionRequest, nonce: string, by: string) => Promise<void>,
  said: string,
): Command {
  return command.option('--by <name>', BY).action(
    actionOf<[string, string, { by?: string }]>(async (_, id, connectionId, options) => {
      const by = options.by ?? userName();
      return await withTemporal(async (temporal) => {
        const { ref, view } = await findRequest(temporal, id);
        const { unconfirmed = [] } = view.question ?? {};
        const found = unconfirmed.find((one) => one.connectionId === connectionId);
        if (found === undefined) {
          throw notFound(
            'The request has no such connection that waits to be confirmed.',
            'List them with `temporal-nango requests show`.',
          );
        }
        await say(temporal.connections.request(ref), found.nonce, by);
        return { value: { request: ref, by, connectionId }, text: printable(`${said}: ${connectionId}.`) };
      });
    }),
  );
}

function chooseCommand(): Command {
  const command = leaf('choose <id> <connection>', 'Say which of several connections is meant.', {
    examples: [['requests choose hubspot/u:u_42 CONNECTION', 'what waits goes on with it; `requests show` lists them']],
  });
  return command.option('--by <name>', BY).action(
    actionOf<[string, string, { by?: string }]>(async (_, id, connectionId, options) => {
      const by = options.by ?? userName();
      return await withTemporal(async (temporal) => {
        const { ref } = await findRequest(temporal, id);
        await temporal.connections.request(ref).choose(connectionId, { by });
        return { value: { request: ref, by, connectionId }, text: printable(`Chosen: ${connectionId}.`) };
      });
    }),
  );
}

function forgetCommand(): Command {
  const command = leaf('forget <integration>', 'Forget which of several connections was chosen.', {
    examples: [['requests forget hubspot --end-user u_42', 'the next who wants it makes somebody choose again']],
  });
  return withOwnerOptions(command)
    .option('--slot <name>', 'of a second account of the same owner')
    .action(
      actionOf<[string, OwnerOptions & { slot?: string }]>(async (_, integration, options) => {
        const subject = { integration, ...ownerFrom(options), slot: options.slot };
        const forgotten = await withTemporal(({ connections }) => connections.forgetChoice(subject));
        const text = forgotten.length === 0 ? 'None was chosen.' : `Forgotten: ${forgotten.join(', ')}.`;
        return { value: { forgotten }, text: printable(text) };
      }),
    );
}
