import { z } from 'zod';
import { sessionOf } from './access';
import { fail, unauthorized } from './responses';
import type { ConnectSession, State } from './state';

/** The session whose token stands in the query of what a connect page asks, or the end of the request. */
export function pageSession(state: State, query: { [name: string]: unknown }): ConnectSession {
  const { connect_session_token: token, public_key: publicKey } = query;
  if (typeof token === 'string' && token !== '') return sessionOf(state, token);
  if (publicKey !== undefined) {
    return fail(401, { code: 'deprecated_authentication', message: 'Public keys are of the past.' });
  }
  return unauthorized('missing_public_key', 'There is no connect session token.');
}

/** A session may not choose the id of what it makes. */
export const ownId = z.looseObject({}).superRefine((query, context) => {
  if (query.connection_id === undefined) return;
  context.addIssue({ code: 'custom', message: 'A session may not choose the id.', path: ['connection_id'] });
});
