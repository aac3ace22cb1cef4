import type { Command } from 'commander';
import { printable } from '../../contract/rules/printable';
import type { FoundFunction } from '../../nango/deployments/deployed-function';
import { namedFunction, requireFunction, withNameOptions } from '../functions/named-function';
import type { NameOptions } from '../functions/named-function';
import { withNango } from '../nango';
import { leaf } from '../terminal/leaf';
import { actionOf } from '../terminal/result';
import { moment } from '../terminal/time';

/** `temporal-nango functions show`: what is deployed under a name. */
export function functionsShowCommand(): Command {
  const command = leaf('show <name>', 'Show a deployed function.', {
    examples: [['functions show greet --integration hubspot', 'what it is, and where it is managed']],
  });
  return withNameOptions(command).action(
    actionOf<[string, NameOptions]>(async ({ signal }, name, options) => {
      const named = namedFunction(name, options);
      const found = await withNango(signal, (api, bounds) => requireFunction(api, named, bounds));
      return { value: found, text: factsText(found) };
    }),
  );
}

function factsText({ integration, kind, name, description, enabled, source, deployedAt }: FoundFunction): string {
  const managed = source === 'standalone' ? 'by itself: `functions deploy` replaces it' : `by other means (${source})`;
  return [
    `${kind} ${name} of ${integration}${enabled ? '' : ', switched off'}`,
    ...(description === undefined ? [] : [description]),
    ...(source === undefined ? [] : [`Deployed ${managed}.`]),
    ...(deployedAt === undefined ? [] : [`Last deployed ${moment(new Date(deployedAt))}.`]),
  ]
    .map(printable)
    .join('\n');
}
