import type { Healing } from './health';
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
  /** as the connection says it: calls have it connected anew when it stops working; default: they fail */
  heal?: Healing;
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
  /** nobody has confirmed yet that it was its owner who connected: nothing goes through it */
  unconfirmed?: true;
  /**
   * `false`: the caller named scopes, and what was granted could not be learnt, so the provider may have granted others.
   * Absent: none were named, or they were granted
   */
  scopesChecked?: false;
  /** its caller said `heal`: calls through it have it connected anew when it stops working, and go on */
  heal?: Healing;
}

/** One of several connections that fit, and what tells it from the others. */
export interface Candidate {
  /** Nango's id of the connection */
  connectionId: string;
  /** when it was made, ISO 8601 */
  createdAt: string;
  /** those that are not the same on all of them; in a question as many as fit */
  tags: Tags;
  /** `failing`: the last refresh or test of its credentials failed */
  health?: 'ok' | 'failing';
  /** the provider's account behind it, where it was recorded */
  account?: string;
  /** scopes the provider granted, in a question: where they can be known and are not the same on all, and as many as fit */
  grantedScopes?: string[];
}

/** Which of several connections is meant: the one that has all of these tags. */
export interface Choose {
  /** one to ten, the caller's own or this package's, such as `{ place: 'berlin' }` */
  tag: Tags;
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
  /** of several that the owner has: the one with these tags; default: the one that was chosen before */
  choose?: Choose;
}

/** Which of several connections somebody has chosen, and for whom. */
export interface RememberChoiceInput {
  /** whose, and for which slot */
  subject: Subject;
  /** Nango's id of the connection */
  connectionId: string;
}

/** The connection that was chosen, read before it was marked. */
export interface RememberedChoice {
  /** as it is now */
  connection: Connection;
  /** why the choice is not remembered; absent: it is */
  notRemembered?: NotRemembered;
}

/** Why a choice could not be kept: the key may not update connections, or the connection has ten tags of its own. */
export type NotRemembered = 'forbidden' | 'too_many_tags';

/** Connections between which somebody has to choose. */
export interface ReadCandidatesInput {
  /** key of the integration */
  integration: string;
  /** Nango's ids of the connections, 20 at most */
  connectionIds: string[];
}

/** What a list does not tell of connections. */
export interface ReadCandidates {
  /** granted scopes by connection id, where they can be known; as many as fit in 2 KB each */
  scopes: { [connectionId: string]: string[] };
}

/** Whose choice shall be forgotten. */
export interface ForgetChoiceInput {
  /** whose, and of which slot */
  subject: Subject;
}

/** What was forgotten. */
export interface ForgottenChoice {
  /** ids of the connections that were marked; none: there was no choice */
  connectionIds: string[];
}

/** How a connection shall be after a reconnect. */
export interface RestoreConnectionInput {
  /** which connection */
  connection: ConnectionNames;
  /** all that it shall have: others are removed; default: as they are */
  tags?: Tags;
  /** default, and `null`: as it is */
  metadata?: { [key: string]: Json } | null;
  /** default: none */
  webhookUrlOverride?: string;
  /** of the link whose use the owner has confirmed; default: of none, and tags are written to no unconfirmed connection */
  confirmed?: string;
  /**
   * whose it has to be still, read once more before the tags are written: `Nango.OwnerUnconfirmed` if it is not. Default:
   * anybody's
   */
  account?: {
    /** what to ask its provider */
    identity: Identity;
    /** as the provider named it */
    name: string;
  };
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
