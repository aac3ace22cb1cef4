import type { Command } from 'commander';
import { listAllFunctions } from '../../nango/functions';
import { Inventory } from '../../nango/inventory';
import { functionsCodeCommand } from './functions-code';
import { functionsDeleteCommand } from './functions-delete';
import { functionsDeployCommand } from './functions-deploy';
import { functionsInitCommand } from './functions-init';
import { functionsShowCommand } from './functions-show';
import { actionOf } from '../terminal/result';
import { leaf } from '../terminal/leaf';
import { withNango } from '../nango';
import { table } from '../terminal/table';

/** `temporal-nango functions`: what is deployed, and can be called with `temporal-nango action`; and to deploy more. */
export function functionsCommand(): Command {
  return listCommand('functions', 'functions')
    .addCommand(listCommand('list', 'functions list'))
    .addCommand(functionsShowCommand())
    .addCommand(functionsCodeCommand())
    .addCommand(functionsInitCommand())
    .addCommand(functionsDeployCommand())
    .addCommand(functionsDeleteCommand());
}

/** @param line as it is typed */
function listCommand(name: string, line: string): Command {
  return leaf(name, 'List the deployed actions and syncs.', {
    examples: [
      [line, 'everything that is deployed'],
      [`${line} --integration hubspot`, 'what is deployed to one integration'],
    ],
  })
    .option('--integration <key>', 'only of this integration')
    .action(
      actionOf<[{ integration?: string }]>(async ({ io, signal }, { integration }) => {
        const functions = await withNango(signal, (api, bounds) =>
          integration === undefined
            ? listAllFunctions(api, bounds)
            : new Inventory(api).functionsOf(integration, false, bounds),
        );
        const rows = functions.map(({ integration: key, kind, name, enabled, description }) => [
          ...[key, kind, name],
          ...[enabled ? 'yes' : 'no', description],
        ]);
        const text =
          rows.length === 0
            ? 'Nothing is deployed.'
            : table(['INTEGRATION', 'KIND', 'NAME', 'ENABLED', 'DESCRIPTION'], rows, io.colors.bold);
        // Schemas are long, and few who list functions want them.
        return { value: functions.map((one) => ({ ...one, input: undefined, output: undefined })), text };
      }),
    );
}
