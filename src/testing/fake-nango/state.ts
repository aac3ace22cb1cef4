import { randomBytes, randomUUID } from 'node:crypto';
import type { Credentials } from './modes/credentials';
import type { Provider } from './provider';

/** Everything a FakeNango knows. Times are milliseconds since the epoch. */

/** A provider as an environment uses it. */
export interface Integration {
  key: string;
  provider: Provider;
  displayName: string;
  forwardWebhooks: boolean;
  /** of the developer's app */
  credentials: { [name: string]: unknown } | null;
  /** the app is Nango's own, and its credentials are nobody's to see or to change */
  isLent: boolean;
  /** the provider's `integrationConfig` that was filled in */
  config: { [name: string]: string };
  createdAt: number;
  updatedAt: number;
}

/** What the provider's token endpoint says to a refresh. */
export type RefreshMode = 'fine' | 'revoked' | 'outage';

/** Somebody's account at a provider, as a test sees it; integration and `connectionId` together name it. */
export interface FakeConnection {
  /** key of the integration */
  integration: string;
  /** id of the connection */
  connectionId: string;
  /** what calls are made with */
  credentials: Credentials;
  /** keys in lower case */
  tags: { [key: string]: string };
  /** `null`: none */
  metadata: { [key: string]: unknown } | null;
  /** what the connect page asked for, or the session settled */
  connectionConfig: { [key: string]: unknown };
  /** where its webhooks go instead; `null`: where all go */
  webhookUrlOverride: string | null;
  /** milliseconds since the epoch; a reconnect does not change it */
  createdAt: number;
  /** milliseconds since the epoch */
  updatedAt: number;
  /** what a refresh of its token comes to; absent: the provider's token endpoint is really asked */
  refreshMode?: RefreshMode;
}

/** The same with what only the server needs. */
export interface Connection extends FakeConnection {
  id: number;
  endUser: EndUser | null;
  lastFetchedAt: number;
  /** the last refresh failed; the id of its log */
  authError?: string;
  refreshFailures?: RefreshFailures;
}

/** Refreshes that failed since the last that did not. */
export interface RefreshFailures {
  lastAt: number;
  /** on how many days; a day counts once */
  days: number;
}

/** A person, named in the old way. */
export interface EndUser {
  id: string;
  email?: string;
  displayName?: string;
  tags?: { [key: string]: string };
  organization?: { id: string; displayName?: string };
}

/** What a connect link stands for. */
export interface ConnectSession {
  token: string;
  expiresAt: number;
  tags: { [key: string]: string };
  endUser: EndUser | null;
  allowedIntegrations?: string[];
  configDefaults?: { [integration: string]: ConfigDefaults };
  overrides?: { [integration: string]: object };
  webhookUrlOverride: string | null;
  /** of a reconnect session */
  reconnect?: { integration: string; connectionId: string };
}

/** What a session settles beforehand for the connections of one integration. */
interface ConfigDefaults {
  user_scopes?: string;
  authorization_params?: { [name: string]: string };
  connection_config?: { [name: string]: unknown };
}

/** Between the provider's authorize page and its callback. */
export interface OauthFlow {
  session: ConnectSession;
  integration: string;
  verifier: string;
}

/** A secret key of the environment. */
export interface ApiKey {
  /** `undefined`: everything of the environment */
  scopes?: string[];
}

/** The state of an asynchronous action. */
export interface ActionRun {
  response?: { status: number; body: unknown };
}

/** One object, so that a reader sees what can change. */
export class State {
  readonly keys = new Map<string, ApiKey>();
  readonly providers = new Map<string, Provider>();
  readonly integrations = new Map<string, Integration>();
  readonly sessions = new Map<string, ConnectSession>();
  readonly flows = new Map<string, OauthFlow>();
  /** of the environment, which functions may read */
  readonly variables = new Map<string, string>();
  readonly actionRuns = new Map<string, ActionRun>();
  /** in the order they were made */
  connections: Connection[] = [];
  readonly environmentId = randomUUID();
  private lastId = 0;

  constructor(
    /** milliseconds since the epoch */
    public clock: () => number,
  ) {}

  find(integration: string, connectionId: string): Connection | undefined {
    return this.connections.find((c) => c.integration === integration && c.connectionId === connectionId);
  }

  /** Makes a connection, or overwrites the one of that id, which loses whatever is not given anew. */
  upsert(given: Pick<Connection, 'integration' | 'credentials'> & Partial<Connection>): {
    connection: Connection;
    created: boolean;
  } {
    const now = this.clock();
    const connectionId = given.connectionId ?? randomUUID();
    const existing = this.find(given.integration, connectionId);
    const connection: Connection = {
      id: existing?.id ?? ++this.lastId,
      tags: {},
      metadata: {},
      connectionConfig: {},
      endUser: null,
      webhookUrlOverride: null,
      createdAt: existing?.createdAt ?? now,
      updatedAt: now,
      lastFetchedAt: now,
      ...given,
      connectionId,
    };
    if (existing === undefined) this.connections.push(connection);
    else this.connections[this.connections.indexOf(existing)] = connection;
    return { connection, created: existing === undefined };
  }

  newToken(): string {
    return `nango_connect_session_${randomBytes(32).toString('hex')}`;
  }

  /** An id as Nango gives its logs. */
  newLogId(): string {
    return `${String(this.clock()).padStart(13, '0').slice(0, 13)}_${randomBytes(8).toString('hex').slice(0, 8)}`;
  }

  /** A session by its token, unless it has expired or was revoked. */
  session(token: string): ConnectSession | undefined {
    const session = this.sessions.get(token);
    return session !== undefined && session.expiresAt > this.clock() ? session : undefined;
  }
}
