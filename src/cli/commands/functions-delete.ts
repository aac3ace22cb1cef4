import type { Command } from 'commander';
import { printable } from '../../contract/rules/printable';
import { requireStandalone } from '../../contract/rules/check-deployment';
import { deleteFunction } from '../../nango/deployments/deployed-function';
import { namedFunction, requireFunction, withNameOptions } from '../functions/named-function';
import type { NameOptions } from '../functions/named-function';
import { withNango } from '../nango';
import { usage } from '../terminal/failure';
import { leaf } from '../terminal/leaf';
import { actionOf } from '../terminal/result';

/** `temporal-nango functions delete`: what `functions deploy` has made, and nothing else. */
export function functionsDeleteCommand(): Command {
  const command = leaf('delete <name>', 'Delete a deployed function.', {
    timeout: 'none',
    examples: [
      ['functions delete greet --integration hubspot', 'asks first'],
      ['functions delete greet --integration hubspot --yes', 'for a script'],
    ],
  });
  return withNameOptions(command)
    .option('--yes', 'do not ask before it is deleted')
    .action(
      actionOf<[string, NameOptions & { yes?: true }]>(async ({ io, signal }, name, options) => {
        const named = namedFunction(name, options);
        const found = await withNango(signal, (api, bounds) => requireFunction(api, named, bounds));
        requireStandalone(found);
        const { integration, kind } = found;
        const what = printable(`the ${kind} ${name} of ${integration}`);
        if (!options.yes && !io.interactive) {
          throw usage('A deletion asks first, and there is nobody to ask.', 'Add --yes.');
        }
        if (!options.yes && !(await io.confirm(`Delete ${what}?`))) throw usage('Nothing was deleted.');
        const subject = { integration, kind, name };
        await withNango(signal, (api, bounds) => deleteFunction(api, subject, bounds));
        return { value: { status: 'deleted', ...subject }, text: `Deleted: ${what}.` };
      }),
    );
}
