import type { Command } from 'commander';
import type { Owner } from '../../contract/types';

/** Whose connection: the options that say it, wherever somebody is meant. */
export interface OwnerOptions {
  endUser?: string;
  organization?: string;
}

/** Adds `--end-user` and `--organization`. */
export function withOwnerOptions(command: Command): Command {
  return command
    .option('--end-user <id>', 'the person whose connection it is')
    .option('--organization <id>', 'the organization whose connection it is');
}

/** The owner that the options name: anybody, if they name none. */
export function ownerFrom({ endUser, organization }: OwnerOptions): Owner {
  return {
    ...(endUser !== undefined && { endUser: { id: endUser } }),
    ...(organization !== undefined && { organization: { id: organization } }),
  };
}
