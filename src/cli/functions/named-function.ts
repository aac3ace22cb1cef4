import { Option } from 'commander';
import type { Command } from 'commander';
import { checkConnectionId } from '../../contract/rules/check-call';
import type { FunctionKind } from '../../contract/types';
import { findFunction } from '../../nango/deployments/deployed-function';
import type { FoundFunction, NamedFunction } from '../../nango/deployments/deployed-function';
import type { Bounds } from '../../nango/http/bounds';
import type { NangoApi } from '../../nango/http/http';
import { listFunctions } from '../../nango/functions';
import { suggestionsFor } from '../../nango/suggestions';
import { notFound } from '../terminal/failure';
import type { CliFailure } from '../terminal/failure';

/** Which of the functions of a name. */
export interface NameOptions {
  integration: string;
  type?: FunctionKind;
}

/** Adds `--integration` and `--type`. */
export function withNameOptions(command: Command): Command {
  return command
    .requiredOption('--integration <key>', 'the integration that it is deployed to')
    .addOption(typeOption('needed where an action and a sync have the name'));
}

/** `--type`, as Nango calls the kind of a function. */
export function typeOption(says: string): Option {
  return new Option('--type <type>', says).choices(['action', 'sync']);
}

/** What the arguments name. @throws Nango.InvalidRequest for what cannot be a name */
export function namedFunction(name: string, { integration, type: kind }: NameOptions): NamedFunction {
  checkConnectionId(integration, '--integration');
  checkConnectionId(name, 'name');
  return { integration, kind, name };
}

/** @throws CliFailure (Cli.NotFound) if nothing is deployed under the name; what {@link findFunction} throws */
export async function requireFunction(api: NangoApi, named: NamedFunction, bounds: Bounds): Promise<FoundFunction> {
  const found = await findFunction(api, named, bounds);
  if (found === undefined) throw await unknownFunction(api, named, bounds);
  return found;
}

/** Nothing is deployed under the name; where the key may list what is, the names that may have been meant. */
export async function unknownFunction(api: NangoApi, named: NamedFunction, bounds: Bounds): Promise<CliFailure> {
  const all = await listFunctions(api, named.integration, bounds).catch(() => []);
  const names = all.filter(({ kind }) => named.kind === undefined || kind === named.kind).map(({ name }) => name);
  const { hint } = suggestionsFor(named.name, names);
  const list = 'List those that are deployed with `temporal-nango functions`.';
  return notFound('There is no such function.', [hint, list].filter(Boolean).join(' '));
}
