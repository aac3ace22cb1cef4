import { grantedScopes, scopeText } from './grants';
import { isOAuth2, isOAuth2Mode } from './modes/credentials';
import type { Credentials } from './modes/credentials';
import type { Origin } from './modes/mode';
import { MODES } from './modes/table';
import { filled, pageFields } from './page-fields';
import type { AuthMode } from './provider';
import type { Connection, ConnectSession, Integration } from './state';

/** A person at a connect page, or at the provider that it leads to. */
export interface Person {
  /** whose account it is */
  as: string;
  /** what they type, by field; default: made up */
  typed?: { [field: string]: string };
  /** scopes that they grant; default: those that the provider would */
  grant?: string[];
}

/** What a connection gets from a person. */
export interface Account {
  credentials: Credentials;
  /** for the connection's configuration */
  config: { [name: string]: unknown };
}

/**
 * Credentials that say whose they are, for providers that nobody can ask for real ones.
 *
 * @param existing the connection that is made anew
 * @throws ZodError if what was typed does not fit
 */
export function madeUpAccount(
  integration: Integration,
  { as, typed = {}, grant }: Person,
  now: number,
  session?: ConnectSession,
  existing?: Connection,
): Account {
  const fields = pageFields(integration, session);
  const [first] = Object.keys(fields.credentials);
  const origin = {
    ...{ as, integration, now },
    typed: filled(fields.credentials, typed, (name, { default_value, enum: values }) =>
      name === first ? as : (default_value ?? values?.[0] ?? `${name} of ${as}`),
    ),
    token: madeUpToken(integration, as, grant ?? grantedScopes(session, integration, existing)),
  };
  const config = filled(fields.config, typed, (_, { default_value, enum: values, example }) => {
    return default_value ?? values?.[0] ?? example ?? as;
  });
  return account(integration.provider.authMode, origin, config);
}

/** Credentials of what a page has sent. @param typed as the mode's form wants it */
export function typedAccount(integration: Integration, typed: { [field: string]: unknown }, now: number): Account {
  const [first = 'somebody'] = Object.values(typed);
  const as = String(first);
  return account(integration.provider.authMode, {
    ...{ as, typed, integration, now },
    token: madeUpToken(integration, as),
  });
}

function account<M extends AuthMode>(mode: M, origin: Origin, config: { [name: string]: unknown } = {}): Account {
  const row = MODES[mode];
  const credentials = row.credentials(origin);
  return { credentials, config: { ...config, ...row.config?.(credentials, origin) } };
}

/** @param granted `undefined`: nobody speaks of scopes */
function madeUpToken({ provider }: Integration, as: string, granted?: string[]): { [name: string]: unknown } {
  const token = { access_token: `access of ${as}`, token_type: 'bearer' };
  if (!isOAuth2Mode(provider.authMode)) return token;
  const { saysScope = true } = provider;
  return {
    ...{ ...token, refresh_token: `refresh of ${as}`, expires_in: 3600 },
    ...(saysScope && granted && { scope: scopeText(provider, granted) }),
  };
}

/** Credentials of a test's own, whose token response says which scopes were granted. */
export function granted({ provider }: Integration, credentials: Credentials, scopes?: string[]): Credentials {
  if (scopes === undefined || !isOAuth2(credentials)) return credentials;
  return { ...credentials, raw: { ...credentials.raw, scope: scopeText(provider, scopes) } };
}

/** As they are shown to who may see them: refresh tokens only where they were asked for. */
export function shownCredentials(credentials: Credentials, withRefreshToken: boolean): object {
  if (credentials.type === 'NONE') return {};
  if (!isOAuth2(credentials) || withRefreshToken) return credentials;
  return { ...credentials, refresh_token: undefined, raw: { ...credentials.raw, refresh_token: undefined } };
}
