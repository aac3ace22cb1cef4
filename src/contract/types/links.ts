import type { ConnectionNames, Tags } from './connections';

/** A reason for a lookup, never a fact. */
export interface Hint {
  /** who says it */
  source: 'webhook' | 'watch';
  /** the connection that may be the one; default: any of the owner's */
  connectionId?: string;
  /** of the link that made it */
  nonce?: string;
}

/** What whoever wants a link says of it. */
export interface LinkTerms {
  /** a connection that it makes, or connects anew, counts only once somebody has confirmed that it was the owner */
  verifyOwner?: true;
  /** the owner has agreed to the deletion of the old connection: without that no link is made in favour of a new one */
  recreate?: true;
}

/** What whoever mints a connect session must put into it: no secret. */
export interface LinkGrant {
  /** the only integration that the link may make connections of */
  integration: string;
  /** every tag of the session but `tn_environment`, which the minter adds */
  tags: Tags;
  /** asked of the provider; default: the integration's own */
  scopes?: string[];
  /** id of the connection that is connected anew */
  reconnectOf?: string;
  /** a reconnect would reset it */
  webhookUrlOverride?: string;
  /** by which its connection is known: `<origin of the request>.<number of the link>` */
  nonce: string;
  /** until when its connection is looked for, in milliseconds since the epoch */
  until: number;
}

/** A link whose connection the watch looks for. */
export interface WatchedLink {
  /** workflow id of the request that granted it */
  requestId: string;
  /** by which its connection is known */
  nonce: string;
  /** milliseconds since the epoch */
  until: number;
  /** it connects a connection anew, which does not move up the list of new ones: there is another list for these */
  renews?: boolean;
  /** one of these whose tags leave no room to be listed by: it is read by its id */
  unlisted?: ConnectionNames;
}

/** Links that nobody waits for any more. */
export interface ForgottenLinks {
  /** of the nonces that they have */
  origin: string;
}

/** Where a sweep goes on in each of its lists: the page, from 0. */
interface SweepPages {
  /** in the list of new connections */
  made: number;
  /** in the list of those that were connected anew */
  renewed: number;
}

/** What a sweep looks for. */
export interface SweepInput {
  /** the first characters of the nonces that are waited for */
  wanted: string[];
  /** look for connections made since, in milliseconds since the epoch; default: not for new ones */
  madeSince?: number;
  /** look for connections that were connected anew; default false */
  renewed?: boolean;
  /** read this one, which is in no list */
  unlisted?: ConnectionNames;
  /** where it begins */
  pages: SweepPages;
}

/** What a sweep has found, and what it has cost. */
export interface SweepResult {
  /** connections of links that are waited for */
  seen: {
    /** Nango's id of the connection */
    connectionId: string;
    /** of the link that made it, or connected it anew */
    nonce: string;
  }[];
  /** made at Nango, whether or not a response came */
  requests: number;
  /** where the next sweep goes on */
  pages: SweepPages;
  /** the account's requests a minute, where the server says so */
  limitPerMinute?: number;
  /** what ended it before its end */
  failure?: {
    /** of the taxonomy, such as `Nango.RateLimited` */
    type: string;
    /** how long Nango asks to wait, in milliseconds */
    retryAfterMs?: number;
  };
}
