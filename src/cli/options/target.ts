import type { Command } from 'commander';
import { belongsTo, candidates, choose } from '../../contract/rules/choose';
import { nangoFailure } from '../../contract/errors';
import type { ConnectionRef } from '../../contract/types';
import { notFound, usage } from '../terminal/failure';
import { ownerFrom, withOwnerOptions } from './owner-options';
import type { OwnerOptions } from './owner-options';
import type { Temporal } from '../temporal';

/** Which connection a call goes through. */
export interface TargetOptions extends OwnerOptions {
  connection?: string;
  slot?: string;
}

/** Adds `--connection`, and the options that find one by its owner. */
export function withTargetOptions(command: Command): Command {
  command.option('--connection <id>', 'the connection to call through');
  return withOwnerOptions(command).option('--slot <name>', 'a second account of the same owner');
}

/**
 * The connection that the options name, or that belongs to the owner they name: without either, the only one of the
 * integration.
 *
 * @throws CliFailure (Cli.NotFound); Nango.ConnectionAmbiguous; CliFailure (usage) for both; Nango.NoWorker
 */
export async function findTarget(
  { connections }: Temporal,
  integration: string,
  options: TargetOptions,
): Promise<ConnectionRef> {
  const { connection, slot } = options;
  const owner = ownerFrom(options);
  if (connection !== undefined) {
    if (slot === undefined && Object.keys(owner).length === 0) return { integration, connectionId: connection };
    throw usage('--connection names the connection already: leave out the owner and the slot.');
  }
  const all = await connections.list({ integration, ...owner });
  const choice = choose(
    all.filter((one) => belongsTo(one, owner, slot)),
    { owner, slot },
  );
  if (choice.kind === 'one') return choice.connection;
  if (choice.kind === 'several') {
    const hint = 'Name one with --connection.';
    throw nangoFailure('Nango.ConnectionAmbiguous', { hint, connections: candidates(choice.connections) });
  }
  throw notFound('There is no such connection.', 'Ask for one with `temporal-nango ensure`.');
}
