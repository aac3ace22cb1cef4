import type { Command } from 'commander';
import { listFunctions } from '../../nango/functions';
import { answering } from '../terminal/answer';
import { leaf } from '../terminal/leaf';
import { withNango } from '../nango';
import { table } from '../terminal/table';

/** `temporal-nango functions`: what is deployed, and can be called with `temporal-nango action`. */
export function functionsCommand(): Command {
  return leaf('functions', 'List the deployed actions and syncs.', {
    examples: [
      ['functions', 'everything that is deployed'],
      ['functions --integration hubspot', 'what is deployed to one integration'],
    ],
  })
    .option('--integration <key>', 'only of this integration')
    .action(
      answering<[{ integration?: string }]>(async ({ io, signal }, { integration }) => {
        const all = await withNango(signal, listFunctions);
        const functions = all.filter((one) => integration === undefined || one.integration === integration);
        const rows = functions.map(({ integration: key, kind, name, version, enabled, description }) => [
          ...[key, kind, name, version],
          ...[enabled ? 'yes' : 'no', description],
        ]);
        const text =
          rows.length === 0
            ? 'Nothing is deployed.'
            : table(['INTEGRATION', 'KIND', 'NAME', 'VERSION', 'ENABLED', 'DESCRIPTION'], rows, io.colors.bold);
        return { value: functions, text };
      }),
    );
}
