import type { Credentials } from './modes/credentials';

/** How a FakeNango begins. */
export interface FakeNangoOptions {
  /** default: a free one */
  port?: number;
  /** default: a new one */
  secretKey?: string;
  /** milliseconds since the epoch; default `Date.now` */
  clock?: () => number;
  /** signs webhooks; default: a new one */
  webhookSigningKey?: string;
  /** where webhooks go; default: nowhere */
  webhookUrl?: string;
  /** between the attempts of a delivery; default 3 s and 6 s, as Nango does it */
  webhookRetryDelaysMs?: number[];
  /** of all keys together; default 200, as of a self-hosted server. A test whose program needs more says so. */
  rateLimitPerMinute?: number;
  /** length of the window that this limit is of, in milliseconds; default a minute, as of a server */
  rateLimitWindowMs?: number;
}

/** Which connection a test puts there, as an import would. */
export interface AddedConnection {
  /** key of an integration that was added */
  integration: string;
  /** default: a new one; with that of another it takes its place */
  connectionId?: string;
  /** keys in lower case; default: none */
  tags?: { [key: string]: string };
  /** default `{}` */
  metadata?: { [key: string]: unknown };
  /** default: made up, of the kind that the provider takes */
  credentials?: Credentials;
  /** of OAuth 2: scopes that its `raw` token response says were granted; default: those that the integration requests */
  grant?: string[];
  /** milliseconds since the epoch; default now */
  createdAt?: number;
}

/** Which account a person connects on a connect link, or why not. */
export interface Completion {
  /** the account; it becomes the credential */
  as: string;
  /** what the person types, by field of the page; default: made up */
  typed?: { [field: string]: string };
  /** of OAuth 2: scopes that the person grants, fewer or more than requested; default: those that are requested */
  grant?: string[];
  /** which one, if the link allows several; default: the first it allows */
  integration?: string;
}

/** An attempt on a connect link that fails. */
export interface FailedCompletion {
  /** what the webhook says, e.g. `invalid_callback` for a person who says no */
  error: string;
  /** which one, if the link allows several; default: the first it allows */
  integration?: string;
}

/** A connection by its names. */
export interface FakeConnectionRef {
  /** key of the integration */
  integration: string;
  /** id of the connection */
  connectionId: string;
}

/** Which integration a test puts there. */
export interface AddedIntegration {
  /** by which everybody calls it */
  key: string;
  /**
   * name of a provider that was added, or of one that a FakeNango begins with: `github`, `hubspot`, `airtable-pat`,
   * `unauthenticated`
   */
  provider: string;
  /** the provider's `integrationConfig` filled in; default: nothing of it */
  config?: { [name: string]: string };
}

/** A key that may do less than everything. */
export interface AddedKey {
  /** default: a new one */
  key?: string;
  /** what it may do, as `environment:connections:list` */
  scopes: string[];
}

/** JSON schemas of a deployed function, as `GET /scripts/config` shows them. */
export interface FunctionSchemas {
  /** default: `{}`, which is anything */
  input?: object;
  /** default: `{}`, which is anything */
  output?: object;
  /** by name, for `#/definitions/NAME` in the other two; default: none */
  definitions?: { [name: string]: object };
}

/** What is known of a deployed function besides what it does. */
export interface FakeFunction extends FunctionSchemas {
  /** for people, and for language models; default: its kind and its name */
  description?: string;
  /** default `1.0.0`; deployed again, the next after that */
  version?: string;
  /** who deployed it; what comes from a `repo` is changed only there; default `standalone` */
  source?: 'standalone' | 'repo' | 'catalog';
  /** TypeScript that `GET …/code` shows; default: a line of comment */
  code?: string;
}
