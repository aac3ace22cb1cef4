import { requireSecretKey } from '../../config';
import type { NangoConfig } from '../../config';
import { invalid, nangoFailure, reasonOf } from '../../contract/errors';
import { checkText } from '../../contract/rules/text';
import { addIntegrationScopes } from '../../nango/update-scopes';
import type { ConnectionRequest } from '../../requests/connection-request';
import { withApi } from '../../nango/http/with-api';
import type { Form } from '../read-form';

const WITHIN_MS = 15_000;
/** Of the form, and longer than any provider's. */
const MAX_SECRET_CHARS = 4_096;

/**
 * Has the integration of a request ask for all that the request's question lists. Id and secret go to Nango, with the key
 * of this process; Temporal hears only that it was done.
 *
 * @throws Nango.Misconfigured without a key, Nango.Forbidden naming the scope that it lacks, and what Nango and the
 *   request refuse
 */
export async function updateScopes(
  config: NangoConfig,
  request: ConnectionRequest,
  { clientId, clientSecret = '' }: Form,
  by: string,
): Promise<void> {
  checkText(clientId, 'credentials.clientId');
  if (clientSecret === '' || clientSecret.length > MAX_SECRET_CHARS) {
    throw invalid('credentials.clientSecret', `must have 1 to ${MAX_SECRET_CHARS} characters`);
  }
  const { integration, question } = await request.view();
  const scopes = question?.scopes?.toRequest;
  if (scopes === undefined) throw nangoFailure('Nango.InvalidRequest', { reason: 'no_open_question' });
  const app = { clientId, clientSecret, scopes };
  const { baseUrl, secretKeyName: keyName } = config;
  const own = { baseUrl, secretKey: requireSecretKey(config), keyName };
  await withApi(own, (api) => addIntegrationScopes(api, integration, app, { deadlineMs: WITHIN_MS }));
  try {
    await request.scopesUpdated({ by });
  } catch (error) {
    // It has ended meanwhile, and the integration was changed all the same.
    if (reasonOf(error) !== 'request_closed') throw error;
  }
}
