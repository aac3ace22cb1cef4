import type { Command } from 'commander';
import type { Connection, Owner, Question } from '../../contract/types';
import { LINK_TTL_MS, MAX_WAIT_MS } from '../../contract/limits';
import type { ConnectionRequest } from '../../requests/connection-request';
import { usage } from '../terminal/failure';
import { actionOf } from '../terminal/result';
import type { CommandResult, Run } from '../terminal/result';
import { duration } from '../options/duration';
import { leaf, repeated } from '../terminal/leaf';
import { ownerFrom, withOwnerOptions } from '../options/owner-options';
import type { OwnerOptions } from '../options/owner-options';
import { printable } from '../../contract/rules/printable';
import { tagsIn } from '../options/tag-option';
import { listOf } from '../request/request-text';
import { DELETES, requestLink } from '../request/request-link';
import type { RequestLink } from '../request/request-link';
import { withTemporal } from '../temporal';
import { watchRequest } from '../request/watch-request';

interface Options extends OwnerOptions {
  slot?: string;
  scope: string[];
  freshScopes?: boolean;
  reconnect?: string;
  deadline?: string;
  wait?: boolean;
  choose: string[];
  several?: string;
  recreate?: boolean;
}

/** `temporal-nango ensure`: a connection, or a request for one. */
export function ensureCommand(): Command {
  const command = leaf('ensure <integration>', 'Get the connection of somebody, or ask for it.', {
    timeout: 'none',
    examples: [
      ['ensure hubspot --end-user u_42', 'prints the connection, or the link to send to the person'],
      ['ensure hubspot --end-user u_42 --wait --timeout 5m', 'waits for the person, five minutes at the most'],
      ['ensure hubspot --end-user u_42 --scope crm.objects.contacts.read', 'asks for a scope that was not granted'],
      ['ensure hubspot --end-user u_42 --reconnect CONNECTION --wait', 'asks to connect the account anew'],
    ],
  });
  return withOwnerOptions(command)
    .option('--slot <name>', 'a second account of the same owner')
    .option('--scope <scope>', "OAuth scope that is needed, instead of the integration's own; repeatable", repeated, [])
    .option('--fresh-scopes', 'read anew what was granted, instead of believing what was read in the last ten minutes')
    .option('--reconnect <connection>', 'connect this account anew, whether or not it works')
    .option('--deadline <time>', 'how long the request stays open, such as 2h; without it seven days')
    .option('--choose <tag>', 'of several the one with this tag, as key=value; repeatable', repeated, [])
    .option('--several <what>', 'if nothing tells them apart: choose, and an operator is asked, or fail', 'choose')
    .option('--recreate', 'the owner knows that a new connection takes the place of the old one, and agrees to that')
    .option('--wait', 'wait until the request ends')
    .action(
      actionOf<[string, Options]>(async (run, integration, options) => {
        const { slot, scope, freshScopes, reconnect, deadline, wait = false, choose, recreate = false } = options;
        const wanted = {
          integration,
          ...ownerFrom(options),
          ...{ slot, reconnect, scopes: scope.length === 0 ? undefined : scope, freshScopes },
          choose: choose.length === 0 ? undefined : { tag: tagsIn('--choose', choose) },
          several: severalOf(options),
          deadline: deadline === undefined ? undefined : Date.now() + duration('--deadline', deadline, MAX_WAIT_MS),
        };
        return await withTemporal(async ({ connections, config }) => {
          const request = await connections.ensureConnection(wanted);
          if (request.kind === 'connection') return connected(request.connection);
          const question = (await request.describe())?.view.question;
          const link =
            question?.candidates === undefined
              ? await requestLink(request, config, question, recreate)
              : { missing: CHOOSE };
          if (!wait) return pending(request, link, question);
          return connected(await waited(run, request, linkText(link, question), wanted));
        });
      }),
    );
}

const CHOOSE = 'Somebody has to choose between several connections: `temporal-nango requests choose`.';

function severalOf({ several }: Options): 'choose' | 'fail' | undefined {
  if (several === undefined || several === 'choose' || several === 'fail') return several;
  throw usage('--several is choose or fail.');
}

async function waited(
  run: Run,
  request: ConnectionRequest,
  link: string,
  wanted: Owner & { integration: string },
): Promise<Connection> {
  run.leaves(
    'The request goes on waiting.',
    `See it with \`temporal-nango requests show ${request.ref.id}\`, or run the same command again.`,
  );
  run.io.say(link);
  const watching = watchRequest(run, request, wanted);
  try {
    return await request.result();
  } finally {
    watching.stop();
  }
}

function connected(connection: Connection): CommandResult {
  const { integration, connectionId, health, accountChanged, scopesChecked } = connection;
  const notes = [
    health === 'failing' ? ' Its credentials fail: add --reconnect to have it connected anew.' : '',
    accountChanged ? ' Another account is behind it than before, and nobody has agreed to that.' : '',
    scopesChecked === false ? ' What it was granted is not known: the key or the provider does not tell.' : '',
  ];
  return {
    value: { status: 'connected', connection },
    text: printable(`Connected: ${integration} connection ${connectionId}.${notes.join('')}`),
  };
}

function pending({ ref }: ConnectionRequest, link: RequestLink, question: Question | undefined): CommandResult {
  const { url = null, expiresAt = null } = link;
  return {
    value: { status: 'pending', request: ref, question: question ?? null, link: url, linkExpiresAt: expiresAt },
    text: [linkText(link, question), `Request: ${ref.id}`].join('\n'),
  };
}

function linkText({ url, expiresAt, missing }: RequestLink, question: Question | undefined): string {
  if (url === undefined) return `There is no link to show. ${missing}`;
  const what = purposeOf(question);
  const pageSays = expiresAt === undefined ? ' The page of the link asks the owner first.' : '';
  const deletes = question?.kind === 'recreate-connection' ? `${DELETES}${pageSays}\n` : '';
  if (expiresAt === undefined) return `${deletes}Link ${what}, good until the request ends:\n${url}`;
  const minutes = LINK_TTL_MS / 60_000;
  return `${deletes}Link ${what}, good for ${minutes} minutes; the same command makes another one:\n${url}`;
}

/** What a link is for. */
export function purposeOf(question: Question | undefined): string {
  const { kind, scopes } = question ?? {};
  if (kind === 'recreate-connection') return 'to make the connection anew';
  if (kind !== 'approve-scopes' || scopes === undefined) return 'to connect';
  return printable(`to grant what the connection lacks (${listOf(scopes.missing, ' ', scopes.more?.missing)})`);
}
