import { invalid } from '../errors';
import { checkNangoName } from './check-call';
import { checkScopeNames } from './check-request';
import { checkFromEnvironment } from './check-from-environment';
import { checkFields, checkOneOf } from './check-shape';
import { checkName, checkText } from './text';
import type { ScopesDecision, UpdateIntegrationScopesInput } from '../types';

/**
 * Rules for having an integration request more scopes. Each throws `Nango.InvalidRequest` naming the field, never its
 * value: a secret may have been put in the wrong place.
 */

/** More than any provider has. */
const MAX_REQUESTED_SCOPES = 1_000;

export function checkScopesDecision(
  given: { [field in keyof ScopesDecision]?: unknown } & { credentials?: unknown },
): void {
  const { choice, by, credentials } = given;
  checkOneOf(choice, 'choice', ['update', 'updated', 'no']);
  checkName(by, 'by');
  if (choice === 'update') checkAppCredentials(credentials);
  else if (credentials !== undefined) throw invalid('credentials', 'must be given with update only');
}

export function checkUpdateScopes({ integration, scopes, credentials }: UpdateIntegrationScopesInput): void {
  checkNangoName(integration, 'integration');
  checkScopeNames(scopes, MAX_REQUESTED_SCOPES);
  checkAppCredentials(credentials);
}

function checkAppCredentials(credentials: unknown): void {
  checkFields(credentials, 'credentials', ['clientId', 'clientSecret']);
  const { clientId, clientSecret } = credentials;
  checkText(clientId, 'credentials.clientId');
  checkFromEnvironment(clientSecret, 'credentials.clientSecret');
}
