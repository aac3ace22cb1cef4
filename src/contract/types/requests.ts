import type { Candidate, NotRemembered, Owner, Subject, Unwritten } from './connections';
import type { Healing } from './health';

/**
 * Status of a connection request. `checking`: Nango has not answered the first lookup; `waiting`: a person has to act;
 * `connected`, `declined`, `timedOut` (no deadline of anybody's is left) and `cancelled` (nobody waits, or it cannot be
 * asked for) are its ends.
 */
export type RequestStatus = 'checking' | 'waiting' | 'connected' | 'declined' | 'timedOut' | 'cancelled';

/** What a person is to do, or to decide. */
export interface Question {
  /**
   * to connect an account, to connect one anew, to grant it more scopes; of an operator, which of several is meant, or to
   * have the integration request more scopes; and of the owner, to make a new connection, in whose favour the old one is
   * deleted
   */
  kind:
    | 'connect'
    | 'reconnect'
    | 'approve-scopes'
    | 'choose-connection'
    | 'update-integration-scopes'
    | 'recreate-connection';
  /** when it was opened, in milliseconds since the epoch */
  since: number;
  /** when the last of those who wait gives up, in milliseconds since the epoch */
  deadline: number;
  /** of a reconnect that has put another account behind the connection: may it be written to? */
  accountChange?: {
    /** the account that was recorded */
    recorded: string;
    /** the account that is there now */
    found: string;
  };
  /**
   * where scopes are missing: what the connection was granted, and what is to be added; as many of each as fit in 1 KB,
   * but in the query all of them
   */
  scopes?: {
    /** names as the provider tells them */
    granted: string[];
    /** names as callers say them */
    missing: string[];
    /** of `update-integration-scopes`: all that the integration is to request */
    toRequest?: string[];
    /** of each list: how many there are beside those that it shows. Absent: it shows all */
    more?: {
      /** of `granted` */
      granted?: number;
      /** of `missing` */
      missing?: number;
      /** of `toRequest` */
      toRequest?: number;
    };
  };
  /**
   * connections that links have made, or connected anew, and of which nobody has confirmed that it was the owner; oldest
   * first, 5 at most
   */
  unconfirmed?: UnconfirmedConnection[];
  /**
   * somebody has said of one of them that it was the owner: it is being accepted, and nobody is asked or reminded until it is,
   * or turns out to be another's by now
   */
  confirmed?: RecordedStatement;
  /** of `choose-connection`: what can be chosen, oldest first; 20 at most, and of what tells them apart 2 KB */
  candidates?: Candidate[];
}

/** A connection of which nobody has confirmed that it was its owner who connected. */
export interface UnconfirmedConnection {
  /** Nango's id of the connection */
  connectionId: string;
  /** of the link that made it, or connected it anew: `<origin of the request>.<number of the link>`. No secret */
  nonce: string;
  /** when it was first seen, in milliseconds since the epoch */
  since: number;
  /** who has said that it was not the owner; absent: nobody */
  refusedBy?: string;
  /** its link has made others as well: nobody can say of one nonce which of them is the owner's, so none is confirmed */
  usedTwice?: true;
}

/** Who does something with a request, or a bulk run. */
export interface Actor {
  /**
   * 1 to 255 characters, such as an e-mail address. It is recorded, and told by a request's `timeline()` and a bulk run's
   * `progress()`. Default: not said
   */
  by?: string;
}

/** Of an operator: whether another account may be written to. */
export interface AccountDecision {
  /** `no`: the connection has to be connected anew with the recorded account */
  choice: 'yes' | 'no';
  /** who says so, 1 to 255 characters; it is recorded */
  by: string;
}

/** Of an operator: which of several connections is meant. */
export interface ConnectionDecision {
  /** Nango's id of one of the question's `candidates` */
  connectionId: string;
  /** who says so, 1 to 255 characters; it is recorded */
  by: string;
}

/** Of the person's browser, or of an operator: that it was the owner who connected, or that it was not. */
export interface OwnerStatement {
  /** of the link by which somebody has connected, as `question.unconfirmed` names it */
  nonce: string;
  /** who says so, 1 to 255 characters; it is recorded */
  by: string;
}

/** That it was the owner, as it was recorded. */
export interface RecordedStatement extends OwnerStatement {
  /** when, in milliseconds since the epoch */
  at: number;
}

/** What an operator says to a question. */
export type Decision = AccountDecision | ConnectionDecision;

/** A decision as it was recorded. */
export type RecordedDecision = Decision & {
  /** when, in milliseconds since the epoch */
  at: number;
};

/** Names a request for ever: safe to store as JSON. A later request of the same owner has another one. */
export interface RequestRef {
  /** workflow id of the request, as `requestId` makes it */
  id: string;
  /** run id of the first run of the request, which tells it from later ones of the same id */
  firstExecutionRunId: string;
  /** its caller said `heal`: the connection that it ends with says so too */
  heal?: Healing;
}

/** What memo and query `nango.request` show of a request. */
export interface RequestView {
  /** whether it is open, or how it has ended */
  status: RequestStatus;
  /** key of the integration at Nango */
  integration: string;
  /** who is asked */
  owner: Owner;
  /** which of several connections of the same owner; absent: the one without a slot */
  slot?: string;
  /** what the person is to do or to decide; absent while it is not `waiting` */
  question?: Question;
  /** how many wait */
  subscribers: number;
  /** how many reminders there were */
  reminders: number;
  /** connections that its links have made after the first, or that nobody had confirmed at its end: nothing uses them */
  extras: number;
  /**
   * until when nobody is asked again without `ignoreCoolDown`, in milliseconds since the epoch; with `missingScopes` nobody
   * who names one of them
   */
  coolDownUntil?: number;
  /** of the connection: what could not be put back after a reconnect, since the key may not update connections */
  unwritten?: Unwritten[];
  /** of a connection that was chosen from several: why the choice is not remembered for the next who wants it */
  notRemembered?: NotRemembered;
  /** requested instead of the integration's own; as many as fit in 1 KB, but in the query all of them */
  scopes?: string[];
  /** how many more are requested than `scopes` names; absent: none */
  moreScopes?: number;
  /**
   * those of them that an existing connection was not granted when the request ended, and those that its owner has refused
   * while others wait on; as many as fit in 1 KB
   */
  missingScopes?: string[];
  /** how many more were not granted than `missingScopes` names; absent: none */
  moreMissingScopes?: number;
  /**
   * once it has ended without a connection: who had connected anew the one that was in use, and nobody has confirmed; oldest
   * first, 5 at most. What is behind it by now only Nango knows: see `unconfirmed` of the connection
   */
  unconfirmed?: UnconfirmedConnection[];
  /** the latest decision: about another account, or which connection is meant; in the query only */
  decision?: RecordedDecision;
  /** in the query only: a memo cannot know it when a run starts */
  firstExecutionRunId?: string;
}

/** Which connections a request takes for its own. */
export interface Wanted {
  /** whose, and of which integration */
  subject: Subject;
  /** what the nonces of its links begin with */
  origin: string;
  /** milliseconds since the epoch */
  startedAt: number;
  /** the connection to be connected anew, as it was */
  reconnect?: {
    /** Nango's id of the connection */
    connectionId: string;
    /** one that failed is accepted once it works again, however that came about */
    health: 'ok' | 'failing';
    /** only a link with a later number counts; default: any link of this request */
    afterLink?: number;
    /** one that a link with a later number has made takes its place; default: none does */
    replacedAfterLink?: number;
    /** granted all of these it is accepted, however that came about; default: what it was granted is not looked at */
    scopes?: string[];
  };
}

/**
 * Of a request that only an operator can help on: which of several connections is meant, whether the integration is to
 * request more scopes, or whether another account may be written to (`question.accountChange`).
 */
export interface QuestionNotice extends Omit<Notice, 'reason'> {
  /** `question`: a request for a connection waits for an operator */
  reason: 'question';
  /** why now, as a {@link Notice} says it */
  occasion: Notice['reason'];
  /** where the inbox shows the request; absent without `TEMPORAL_NANGO_INBOX_URL` */
  page?: string;
}

/** What a notifier is given: for whom somebody waits, and what for. */
export interface Notice {
  /**
   * `opened`: a workflow waits for somebody, who does not know yet; `reminder`: they know, and have not done it;
   * `accountChanged`: somebody has to say whether another account may be written to; `ownerRefused`, to an operator only:
   * somebody has said that it was not the owner who connected
   */
  reason: 'opened' | 'reminder' | 'accountChanged' | 'ownerRefused';
  /** the request that waits */
  request: RequestRef;
  /** key of the integration at Nango */
  integration: string;
  /** who is asked */
  owner: Owner;
  /** which of several connections of the same owner; absent: the one without a slot */
  slot?: string;
  /** what they are to do, since when and until when */
  question: Question;
  /** how many reminders there were, this one included */
  reminders: number;
}

/** A notice, and what would make it needless. */
export interface NotifyInput {
  /** what the notifier is given */
  notice: Notice;
  /** what is looked up once more before; absent: nothing that could be found would make it needless */
  wanted?: Wanted;
}
