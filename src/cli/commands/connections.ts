import type { Command } from 'commander';
import { checkOwner, checkTagsToFind } from '../../contract/rules/check-request';
import { ownerOf, ownerTags } from '../../contract/rules/tags';
import { TAG } from '../../contract/names';
import type { Connection } from '../../contract/types';
import { listConnections } from '../../nango/connections';
import type { Bounds } from '../../nango/http/bounds';
import type { NangoApi } from '../../nango/http/http';
import { requireIntegration } from '../../nango/integrations';
import { actionOf } from '../terminal/result';
import { leaf, repeated } from '../terminal/leaf';
import { withNango } from '../nango';
import { ownerFrom, withOwnerOptions } from '../options/owner-options';
import type { OwnerOptions } from '../options/owner-options';
import { tagsIn } from '../options/tag-option';
import { wholeNumber } from '../options/whole-number';
import { table } from '../terminal/table';
import { moment } from '../terminal/time';

const MAX_CONNECTIONS = 1_000;
const MAX_PAGES = 100_000;

interface Options extends OwnerOptions {
  integration?: string;
  tag: string[];
  limit: string;
  page: string;
}

/** `temporal-nango connections`: accounts that are connected. Credentials, configuration and metadata are never read out. */
export function connectionsCommand(): Command {
  const command = leaf('connections', 'List connections, newest first, a page at a time.', {
    examples: [
      ['connections --integration hubspot', 'all of an integration'],
      ['connections --end-user u_42', 'all of a person'],
      ['connections --organization acme --json', 'all of an organization, for a program'],
      ['connections --tag team=red --limit 50 --page 2', 'the second fifty of those that have a tag'],
    ],
  })
    .option('--integration <key>', 'only of this integration')
    .option('--tag <tag>', 'only with this tag, as key=value; repeatable', repeated, [])
    .option('--limit <number>', `connections of a page, at most ${MAX_CONNECTIONS}`, String(MAX_CONNECTIONS))
    .option('--page <number>', 'which page, from 1', '1');
  return withOwnerOptions(command).action(
    actionOf<[Options]>(async ({ io, signal }, options) => {
      const query = queryOf(options);
      const connections = await withNango(signal, (api, bounds) => read(api, query, bounds));
      if (connections.length === query.limit) io.say(`There may be more: --page ${query.page + 2}`);
      const text =
        connections.length === 0
          ? 'No such connection. `temporal-nango ensure` asks for one.'
          : table(HEADINGS, connections.map(rowOf), io.colors.bold);
      return { value: connections, text };
    }),
  );
}

function queryOf({ integration, tag, limit, page, ...options }: Options) {
  const owner = ownerFrom(options);
  checkOwner(owner);
  return {
    integration,
    tags: { ...ownerTags(owner), ...checkTagsToFind(tagsIn('--tag', tag), 'tag') },
    limit: wholeNumber('--limit', limit, { least: 1, most: MAX_CONNECTIONS }),
    page: wholeNumber('--page', page, { least: 1, most: MAX_PAGES }) - 1,
  };
}

/** An unknown integration has no connections either. */
async function read(api: NangoApi, query: ReturnType<typeof queryOf>, bounds: Bounds): Promise<Connection[]> {
  const { integration } = query;
  const { connections } = await listConnections(api, query, bounds);
  if (connections.length === 0 && integration !== undefined) await requireIntegration(api, integration, bounds);
  return connections;
}

const HEADINGS = ['INTEGRATION', 'CONNECTION', 'OWNER', 'SLOT', 'ACCOUNT', 'HEALTH', 'CREATED'];

function rowOf({ integration, connectionId, tags, health, accountChanged, createdAt }: Connection) {
  const { endUser, organization } = ownerOf(tags);
  const owner = [organization?.id, endUser?.id].filter((id) => id !== undefined).join(', ');
  const state = accountChanged ? 'account changed' : health;
  return [
    integration,
    connectionId,
    owner || undefined,
    tags[TAG.slot],
    tags[TAG.account],
    state,
    moment(new Date(createdAt)),
  ];
}
