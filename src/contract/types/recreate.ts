import type { ConnectionNames } from './connections';
import type { Actor } from './requests';
import type { FromEnvironment } from './set-ups';

/** Making a connection anew where a reconnect adds no scopes: first its integration requests more, then its owner agrees. */

/** Of the developer's app that an integration uses. Nango takes all of them anew, whatever of them is to change. */
export interface OAuthApp {
  /** the one that the integration has; another would break every connection that exists */
  clientId: string;
  /** the secret of that app */
  clientSecret: FromEnvironment;
}

/**
 * Of an operator: what becomes of the scopes that an integration requests. `update`: the worker changes them; `updated`:
 * they have been changed elsewhere, which is verified; `no`: they stay, and whoever needs more does not get it.
 */
export type ScopesDecision = Required<Actor> &
  ({ choice: 'update'; credentials: OAuthApp } | { choice: 'updated' | 'no' });

/** An integration whose scopes somebody wants to know. */
export interface GetIntegrationScopesInput {
  /** key of the integration at Nango */
  integration: string;
}

/** What links of an integration request by themselves. */
export interface IntegrationScopes {
  /** absent: the key lacks `environment:integrations:read_credentials` */
  scopes?: string[];
  /** nobody can change them: the app is Nango's own, or of a kind that takes no scopes. Default false */
  isFixed?: boolean;
}

/** Scopes that an integration is to request, too. */
export interface UpdateIntegrationScopesInput {
  /** key of the integration at Nango */
  integration: string;
  /** what it requests already stays, whether or not it is among these */
  scopes: string[];
  /** of its app */
  credentials: OAuthApp;
}

/** A connection that is whole, and the one that it takes the place of. */
export interface ReplaceConnectionInput extends ConnectionNames {
  /** Nango's id of the one that goes, of the same integration */
  replaces: string;
}

/** A connection that stays, and a request whose links have made others to take its place. */
export interface DropReplacementsInput extends ConnectionNames {
  /** what the nonces of its links begin with */
  origin: string;
}
