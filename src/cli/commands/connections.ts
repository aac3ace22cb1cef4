import type { Command } from 'commander';
import { checkOwner } from '../../contract/rules/check-request';
import { ownerOf, ownerTags } from '../../contract/rules/tags';
import { TAG } from '../../contract/names';
import type { Connection } from '../../contract/types';
import { listConnections } from '../../nango/connections';
import { actionOf } from '../terminal/result';
import { leaf } from '../terminal/leaf';
import { withNango } from '../nango';
import { ownerFrom, withOwnerOptions } from '../options/owner-options';
import type { OwnerOptions } from '../options/owner-options';
import { table } from '../terminal/table';
import { moment } from '../terminal/time';

const MAX_CONNECTIONS = 1_000;

interface Options extends OwnerOptions {
  integration?: string;
}

/** `temporal-nango connections`: accounts that are connected. Credentials, configuration and metadata are never read out. */
export function connectionsCommand(): Command {
  const command = leaf('connections', 'List connections, newest first, at most 1,000.', {
    examples: [
      ['connections --integration hubspot', 'all of an integration'],
      ['connections --end-user u_42', 'all of a person'],
      ['connections --organization acme --json', 'all of an organization, for a program'],
    ],
  }).option('--integration <key>', 'only of this integration');
  return withOwnerOptions(command).action(
    actionOf<[Options]>(async ({ io, signal }, options) => {
      const owner = ownerFrom(options);
      checkOwner(owner);
      const query = { integration: options.integration, tags: ownerTags(owner), limit: MAX_CONNECTIONS };
      const { connections } = await withNango(signal, (api, bounds) => listConnections(api, query, bounds));
      const text =
        connections.length === 0
          ? 'No such connection. `temporal-nango ensure` asks for one.'
          : table(HEADINGS, connections.map(rowOf), io.colors.bold);
      return { value: connections, text };
    }),
  );
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
