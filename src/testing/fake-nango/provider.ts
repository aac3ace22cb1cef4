/** What Nango knows of an API. */

/** How a provider wants to be authenticated to: the modes of Nango's catalogue. */
export type AuthMode =
  | 'OAUTH2'
  | 'API_KEY'
  | 'OAUTH2_CC'
  | 'BASIC'
  | 'TWO_STEP'
  | 'MCP_OAUTH2'
  | 'OAUTH1'
  | 'JWT'
  | 'BILL'
  | 'SIGNATURE'
  | 'TBA'
  | 'MCP_OAUTH2_GENERIC'
  | 'APP'
  | 'CUSTOM'
  | 'NONE'
  | 'AWS_SIGV4'
  | 'INSTALL_PLUGIN';

/** An API that Nango knows. Without the optional fields it says nothing of itself, and grants what is requested. */
export interface Provider {
  /** by which integrations name it */
  name: string;
  /** for people */
  displayName: string;
  /** which credentials it takes */
  authMode: AuthMode;
  /** where proxied calls go when a test gives no handler */
  baseUrl?: string;
  /** GET below `baseUrl` that says whether a key is good */
  verifyPath?: string;
  /** of OAuth 2: where a browser is sent; default: nowhere, and only the connect page and `complete` connect */
  authorizeUrl?: string;
  /** of OAuth 2: where codes and refresh tokens are exchanged; default: tokens are made up */
  tokenUrl?: string;
  /** of OAuth 2: requested where neither integration nor link names any; default: none */
  defaultScopes?: string[];
  /** of OAuth 2: between the scopes that it is sent and says; default a space */
  scopeSeparator?: string;
  /** whether made-up tokens say which scopes were granted; default true */
  saysScope?: boolean;
  /** whether they still do after a refresh; default as `saysScope` */
  saysScopeOnRefresh?: boolean;
  /** grants at a reconnect what the connection had, whatever scopes the link overrides; default false */
  ignoresScopesOverride?: boolean;
  /** the app of Nango's own that `POST /integrations/quickstart` lends; default: there is none */
  developerApp?: DeveloperApp;
  /** of MCP: how the client gets its id, as the catalogue says it */
  clientRegistration?: 'dynamic' | 'static' | 'cimd';
  /** what a connect page asks for besides credentials, e.g. a subdomain; by the names in `connection_config` */
  connectionConfig?: ProviderFields;
  /** what a connect page asks for as credentials; default: what the mode needs, if that is always the same */
  credentialFields?: ProviderFields;
  /** what an integration is configured with */
  integrationConfig?: ProviderFields;
  /** how its proxied calls are repeated, as Nango writes it: `{ after: 'retry-after' }` */
  retry?: { [name: string]: unknown };
  /** how it hands out lists, as Nango writes it: `{ type: 'cursor', cursor_path_in_response: … }` */
  paginate?: { [name: string]: unknown };
  /** default `['other']` */
  categories?: string[];
  /** its page of documentation; default: the one that Nango's own providers have */
  docs?: string;
  /** Nango knows how to route this provider's own webhooks */
  routesWebhooks?: boolean;
}

/** An app that Nango has registered with a provider, and lends. */
export interface DeveloperApp {
  /** those it was registered for, which nobody can change; default: the provider's `defaultScopes` */
  scopes?: string[];
}

/** Fields by their names. */
export interface ProviderFields {
  /** one field */
  [name: string]: ProviderField;
}

/** A value that somebody is asked for, as Nango writes it. */
export interface ProviderField {
  /** default `string` */
  type?: 'string' | 'boolean' | 'number';
  /** its label */
  title: string;
  /** what it is, for whoever fills it in */
  description?: string;
  /** need not be given; default false */
  optional?: boolean;
  /** taken where nothing is given */
  default_value?: string;
  /** the values there are; default: any */
  enum?: string[];
  /** regular expression of the values there are; default: any */
  pattern?: string;
  /** e.g. `uri` */
  format?: string;
  /** what a value may be */
  example?: string;
  /** never shown again; default false */
  secret?: boolean;
  /** Nango finds it out, and asks nobody; default false */
  automated?: boolean;
}
