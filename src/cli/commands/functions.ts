import type { Command } from 'commander';
import { listFunctions } from '../../nango/functions';
import { actionOf } from '../terminal/result';
import { leaf } from '../terminal/leaf';
import { withNango } from '../nango';
import { table } from '../terminal/table';
import { nangoFailure } from '../../contract/errors';
import type { Bounds } from '../../nango/http/bounds';
import type { NangoApi } from '../../nango/http/http';
import { listIntegrations } from '../../nango/integrations';

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
      actionOf<[{ integration?: string }]>(async ({ io, signal }, { integration }) => {
        const functions = await withNango(signal, async (api, bounds) => {
          const all = await listFunctions(api, bounds);
          const own = all.filter((one) => integration === undefined || one.integration === integration);
          // Nothing is deployed to one that does not exist either.
          if (integration !== undefined && own.length === 0) await requireIntegration(api, integration, bounds);
          return own;
        });
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

/** @throws Nango.IntegrationNotFound; Nango.Forbidden without `environment:integrations:list` */
async function requireIntegration(api: NangoApi, integration: string, bounds: Bounds): Promise<void> {
  const known = await listIntegrations(api, bounds);
  if (!known.some(({ key }) => key === integration)) throw nangoFailure('Nango.IntegrationNotFound');
}
