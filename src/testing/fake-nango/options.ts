import type { Credentials } from './state';

/** How a FakeNango begins. */
export interface FakeNangoOptions {
  /** default: a free one */
  port?: number;
  /** default: a new one */
  secretKey?: string;
  /** milliseconds since the epoch; default `Date.now` */
  clock?: () => number;
  webhookSigningKey?: string;
  /** where webhooks go; default: nowhere */
  webhookUrl?: string;
  /** between the attempts of a delivery; default 3 s and 6 s, as Nango does it */
  webhookRetryDelaysMs?: number[];
  /** of all keys together; default 200, as of a self-hosted server. A test whose program needs more says so. */
  rateLimitPerMinute?: number;
}

/** Which connection a test puts there, as an import would. */
export interface AddedConnection {
  integration: string;
  connectionId?: string;
  tags?: { [key: string]: string };
  metadata?: { [key: string]: unknown };
  credentials?: Credentials;
  /** milliseconds since the epoch; default now */
  createdAt?: number;
}

/** Which account a person connects on a connect link, or why not. */
export interface Completion {
  /** the account; it becomes the credential */
  as: string;
  /** which one, if the link allows several; default: the first it allows */
  integration?: string;
}

/** An attempt on a connect link that fails. */
export interface FailedCompletion {
  /** what the webhook says, e.g. `invalid_callback` for a person who says no */
  error: string;
  integration?: string;
}
