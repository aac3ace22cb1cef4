import { Context } from '@temporalio/activity';
import { lacksScopes } from '../contract/rules/scopes';
import { checkConnectionRef } from '../contract/rules/check-call';
import { getGrantedScopesInputSchema } from '../contract/schemas/connections';
import type { Connection, GetGrantedScopesInput, Join } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import { bounds } from './context';
import type { ActivityDependencies } from './context';
import { defineActivity } from './define';

export const scopesActivities = defineActivity(
  'nango.getGrantedScopes',
  getGrantedScopesInputSchema,
  checkInput,
  ({ connection, fresh = false }, { scopes }) => scopes.of(connection, fresh, bounds()),
);

/**
 * A connection that exists, for somebody who joins.
 *
 * @returns with what it was granted, where that is known and was asked for; nothing if it lacks some of the scopes
 */
export async function ifGranted(
  connection: Connection,
  { scopes: wanted = [], freshScopes = false }: Join,
  { scopes }: Pick<ActivityDependencies, 'scopes'>,
  within: Bounds,
): Promise<Connection | undefined> {
  if (wanted.length === 0) return connection;
  const { granted } = await scopes.of(connection, freshScopes, within, wanted);
  const read = { ...connection, grantedScopes: granted };
  return lacksScopes(read, wanted) ? undefined : read;
}

/** In the log of the activity that met it first. */
export function warnOfUnknownScopes(integration: string): void {
  Context.current().log.warn(
    `What connections of ${integration} were granted cannot be known: scopesChecked is false. Either the key lacks ` +
      'environment:connections:read_credentials, or the connection fails, or its provider does not tell.',
    { integration },
  );
}

function checkInput({ connection }: GetGrantedScopesInput): void {
  checkConnectionRef(connection);
}
