import { fail, unauthorized } from './responses';
import { covers } from './scopes';
import type { Access } from './route-table';
import type { ApiKey, ConnectSession, State } from './state';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const CONNECT_TOKEN = /^nango_connect_session_[a-f0-9]{64}$/;

/** Who is asking. */
export interface Caller {
  key?: ApiKey;
  session?: ConnectSession;
}

/** Looks at the Authorization header as the route wants it; ends the request if it does not do. */
export function authenticate(state: State, access: Access, authorization: string | undefined): Caller {
  if (access.by === 'public') return {};
  if (!authorization) return unauthorized('missing_auth_header', 'There is no Authorization header.');
  // A key alone does too; "bearer" in small letters is taken for a part of it.
  const credential = authorization.split('Bearer ').at(-1) ?? '';
  const isToken = access.by === 'connectToken' || (access.by === 'either' && credential.startsWith('nango_connect_'));
  return isToken ? { session: sessionOf(state, credential) } : { key: keyOf(state, credential) };
}

/** Ends the request unless the caller's scopes do; a connect token needs none. */
export function authorize(access: Access, { key }: Caller): void {
  if (key === undefined || !('anyOf' in access)) return;
  if (access.by === 'account' || !covers(key.scopes, access.anyOf)) forbidden(access.anyOf);
}

/** The session of a token, or the end of the request. */
export function sessionOf(state: State, token: string): ConnectSession {
  if (!CONNECT_TOKEN.test(token)) {
    return unauthorized('invalid_connect_session_token_format', 'The connect session token has the wrong form.');
  }
  return (
    state.session(token) ?? unauthorized('unknown_connect_session_token', 'Nobody has this connect session token.')
  );
}

function keyOf(state: State, secret: string): ApiKey {
  if (!UUID_V4.test(secret))
    return unauthorized('invalid_secret_key_format', 'The secret key is no UUID of version 4.');
  return state.keys.get(secret) ?? unauthorized('unknown_account', 'No account has this key.');
}

/** As Nango says it: one scope, or one of several. */
export function forbidden(anyOf: string[]): never {
  const [only, ...others] = anyOf;
  const message =
    others.length === 0 ? `Insufficient scope. Required: ${only}` : `Required one of: ${anyOf.join(' or ')}`;
  return fail(403, { code: 'forbidden', message });
}
