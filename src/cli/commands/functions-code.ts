import type { Command } from 'commander';
import { getFunctionCode } from '../../nango/deployments/deployed-function';
import { namedFunction, unknownFunction, withNameOptions } from '../functions/named-function';
import type { NameOptions } from '../functions/named-function';
import { withNango } from '../nango';
import { leaf } from '../terminal/leaf';
import { printableLines } from '../terminal/printable';
import { actionOf } from '../terminal/result';

/** `temporal-nango functions code`: the source of a function as it was deployed. */
export function functionsCodeCommand(): Command {
  const command = leaf('code <name>', 'Print the source of a deployed function.', {
    examples: [['functions code greet --integration hubspot > greet.ts', 'to change it, and deploy it again']],
  });
  return withNameOptions(command).action(
    actionOf<[string, NameOptions]>(async ({ io, signal }, name, options) => {
      const named = namedFunction(name, options);
      const found = await withNango(signal, async (api, bounds) => {
        const code = await getFunctionCode(api, named, bounds);
        if (code === undefined) throw await unknownFunction(api, named, bounds);
        return code;
      });
      const { integration } = named;
      const { kind, code } = found;
      // What goes to a file is deployed again; only a terminal acts on what it holds.
      return { value: { integration, kind, name, code }, text: io.toTerminal ? printableLines(code) : code };
    }),
  );
}
