import type { Json } from './json';

/** Whose a connection is: a person's, an organization's, both, or nobody's. Each text has 1 to 255 characters. */
export interface Owner {
  /** the person; default: nobody named */
  endUser?: {
    /** your own id of the person; becomes the tag `end_user_id` */
    id: string;
    /** becomes the tag `end_user_email`; tells no two people apart */
    email?: string;
    /** becomes the tag `end_user_display_name`; tells no two people apart */
    displayName?: string;
  };
  /** the organization; default: nobody named */
  organization?: {
    /** your own id of the organization; becomes the tag `organization_id` */
    id: string;
  };
}

/**
 * Tags of a connection, all of them texts. Nango keeps ten at most, and keys in lower case:
 * https://nango.dev/docs/reference/api/connect/sessions/create
 */
export type Tags = {
  /** 1 to 255 characters */
  [key: string]: string;
};

/**
 * A connection by its names. A whole {@link Connection} will do, and is better: one whose account has changed is not
 * written to.
 */
export interface ConnectionRef {
  /** key of the integration at Nango; it and `connectionId` together name a connection, neither does alone */
  integration: string;
  /** Nango's id of the connection */
  connectionId: string;
  /** as the connection says it: with `true` a write is refused as `Nango.AccountChanged`; default false */
  accountChanged?: boolean;
}

/** What an activity is told of a connection: workflow code has looked at the rest. */
export type ConnectionNames = Pick<ConnectionRef, 'integration' | 'connectionId'>;

/**
 * All of a connection that may enter a history: no credentials, no `connection_config`. At most 64 KB.
 * https://nango.dev/docs/reference/api/connections/list
 */
export interface Connection {
  /** key of the integration at Nango */
  integration: string;
  /** Nango's id of the connection */
  connectionId: string;
  /** Nango's name of the provider, such as `hubspot` */
  provider: string;
  /** whose it is, which link made it, and your own */
  tags: Tags;
  /** when it was made, ISO 8601; a reconnect does not change it */
  createdAt: string;
  /** `failing`: the last refresh or test of its credentials failed */
  health: 'ok' | 'failing';
  /** scopes the provider granted, where Nango knows them and the key may read them */
  grantedScopes?: string[];
  /** a reconnect has put another account behind it: reads only, until somebody has said yes */
  accountChanged?: boolean;
  /**
   * `false`: the caller named scopes, and what was granted could not be learnt, so the provider may have granted others.
   * Absent: none were named, or they were granted
   */
  scopesChecked?: false;
}

/** One of several connections that fit, and what tells it from the others. */
export interface Candidate {
  /** Nango's id of the connection */
  connectionId: string;
  /** when it was made, ISO 8601 */
  createdAt: string;
  /** those that are not the same on all of them */
  tags: Tags;
}

/** Whose connection of which integration, and which of several. */
export interface Subject {
  /** key of the integration at Nango */
  integration: string;
  /** whose it is; `{}`: nobody's in particular */
  owner: Owner;
  /** which of several connections of the same owner, 1 to 255 characters; default: the one without a slot */
  slot?: string;
}

/** How to learn which account of the provider is behind a connection: a GET, and where in its response that is. */
export interface Identity {
  /** path and query below the provider's base URL, beginning with `/`, such as `/users/me` */
  endpoint: string;
  /** JSON pointer to a string or a number, such as `/data/id`; at most 1,024 characters */
  pointer: string;
}

/** What of a connection a reconnect would lose. */
export interface Snapshot {
  /** the connection as it was, with its tags */
  connection: Connection;
  /** its metadata at Nango; `null`: none */
  metadata: { [key: string]: Json } | null;
  /** where its webhooks go instead of to the address of the environment */
  webhookUrlOverride?: string;
  /** scopes that its link requested instead of the integration's own; a reconnect without them would request those */
  scopesOverride?: string[];
  /** scopes that the integration requests by itself, where the key may read them and there is no override */
  integrationScopes?: string[];
}

/** What of a connection a key without `connections:update` could not write. */
export type Unwritten = 'tags' | 'metadata' | 'webhookUrlOverride';

/** Which connections to look for. */
export interface FindInput {
  /** key of the integration; default: of all integrations */
  integration?: string;
  /** whose; `{}`: of everybody */
  owner: Owner;
  /** only this slot; default: only the one without a slot, unless `anySlot` */
  slot?: string;
  /** whatever slot they are in; default false */
  anySlot?: boolean;
}

/** A connection that a hint named, and whose request it may concern. */
export interface FindHintedInput {
  /** what the request asks for */
  subject: Subject;
  /** Nango's id of the connection */
  connectionId: string;
}

/** A connection without an owner, and who shall own it. */
export interface AdoptConnectionInput {
  /** who shall own it */
  subject: Subject;
  /** Nango's id of the connection */
  connectionId: string;
}

/** How a connection shall be after a reconnect. */
export interface RestoreConnectionInput {
  /** which connection */
  connection: ConnectionNames;
  /** all that it shall have: others are removed */
  tags: Tags;
  /** default, and `null`: as it is */
  metadata?: { [key: string]: Json } | null;
  /** default: none */
  webhookUrlOverride?: string;
}

/** A connection as it is after it was put in order. */
export interface RestoredConnection {
  /** read afterwards */
  connection: Connection;
  /** what the key could not write; absent: it is as it shall be */
  unwritten?: Unwritten[];
}

/** A connection whose scopes somebody wants to know. */
export interface GetGrantedScopesInput {
  /** which connection */
  connection: ConnectionNames;
  /** read it anew, instead of believing what was read within the last ten minutes; default false */
  fresh?: boolean;
}

/** What a provider granted a connection, by the names of the scopes alone. */
export interface GrantedScopes {
  /**
   * absent: it cannot be known, since the key may not read credentials, the connection fails, or its provider or its
   * kind of credentials tells no scopes
   */
  granted?: string[];
}

/** A connection, and how to learn whose account it is. */
export interface IdentifyAccountInput {
  /** which connection */
  connection: ConnectionNames;
  /** what to ask its provider */
  identity: Identity;
}
