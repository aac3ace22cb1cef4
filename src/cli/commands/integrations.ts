import type { Command } from 'commander';
import { listIntegrations } from '../../nango/integrations';
import { actionOf } from '../terminal/result';
import { leaf } from '../terminal/leaf';
import { withNango } from '../nango';
import { integrationsAddCommand } from './integrations-add';
import { table } from '../terminal/table';

/** `temporal-nango integrations`: what the environment can connect to, and `integrations add`. */
export function integrationsCommand(): Command {
  const command = leaf('integrations', 'List the integrations of the Nango environment.', {
    examples: [
      ['integrations', 'what can be connected'],
      ['integrations --json | jq -r ".[].key"', 'their keys alone'],
    ],
  }).action(
    actionOf(async ({ io, signal }) => {
      const integrations = await withNango(signal, listIntegrations);
      const rows = integrations.map(({ key, provider, displayName }) => [key, provider, displayName]);
      const text =
        rows.length === 0
          ? 'No integration yet. Set one up with `temporal-nango integrations add PROVIDER`.'
          : table(['KEY', 'PROVIDER', 'NAME'], rows, io.colors.bold);
      return { value: integrations, text };
    }),
  );
  return command.addCommand(integrationsAddCommand());
}
