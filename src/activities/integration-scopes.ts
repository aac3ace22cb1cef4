import { Context } from '@temporalio/activity';
import { findNangoFailure } from '../contract/errors';
import { checkNangoName } from '../contract/rules/check-call';
import { checkUpdateScopes } from '../contract/rules/check-recreate';
import { getIntegrationScopesInputSchema, updateIntegrationScopesInputSchema } from '../contract/schemas/recreate';
import type { GetIntegrationScopesInput } from '../contract/types';
import { getIntegrationApp } from '../nango/integrations';
import { addIntegrationScopes, hasFixedScopes } from '../nango/update-scopes';
import { bounds } from './context';
import { defineActivity } from './define';
import { fromEnvironment } from './from-environment';

/** What links of an integration request, and how that is changed: its secret stays in the worker. */
export const integrationScopesActivities = {
  ...defineActivity(
    'nango.getIntegrationScopes',
    getIntegrationScopesInputSchema,
    checkInput,
    async ({ integration }, { api }) => {
      try {
        const app = await getIntegrationApp(api, integration, bounds());
        return hasFixedScopes(app) ? { scopes: app.scopes, isFixed: true } : { scopes: app.scopes };
      } catch (error) {
        if (findNangoFailure(error)?.type !== 'Nango.Forbidden') throw error;
        const { log } = Context.current();
        log.error('The key lacks environment:integrations:read_credentials', { integration });
        return {};
      }
    },
  ),

  ...defineActivity(
    'nango.updateIntegrationScopes',
    updateIntegrationScopesInputSchema,
    checkUpdateScopes,
    async ({ integration, scopes, credentials }, { api }) => {
      const { clientId } = credentials;
      const clientSecret = fromEnvironment(credentials.clientSecret, 'credentials.clientSecret.fromEnv');
      return await addIntegrationScopes(api, integration, { clientId, clientSecret, scopes }, bounds());
    },
  ),
};

function checkInput({ integration }: GetIntegrationScopesInput): void {
  checkNangoName(integration, 'integration');
}
