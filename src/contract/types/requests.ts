import type { Owner, Subject, Unwritten } from './connections';

/**
 * Status of a connection request. `checking`: Nango has not answered the first lookup; `waiting`: a person has to act;
 * `connected`, `declined`, `timedOut` (no deadline of anybody's is left) and `cancelled` (nobody waits, or it cannot be
 * asked for) are its ends.
 */
export type RequestStatus = 'checking' | 'waiting' | 'connected' | 'declined' | 'timedOut' | 'cancelled';

/** What a person is to do, or to decide. */
export interface Question {
  /** to connect an account, to connect one anew, or to grant it more scopes */
  kind: 'connect' | 'reconnect' | 'approve-scopes';
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
  /** of `approve-scopes`: what the connection was granted, and what is to be added; as many of each as fit in 1 KB */
  scopes?: {
    /** names as the provider tells them */
    granted: string[];
    /** names as callers say them */
    missing: string[];
  };
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
export interface Decision {
  /** `no`: the connection has to be connected anew with the recorded account */
  choice: 'yes' | 'no';
  /** who says so, 1 to 255 characters; it is recorded */
  by: string;
}

/** A decision as it was recorded. */
export interface RecordedDecision extends Decision {
  /** when, in milliseconds since the epoch */
  at: number;
}

/** Names a request for ever: safe to store as JSON. A later request of the same owner has another one. */
export interface RequestRef {
  /** workflow id of the request, as `requestId` makes it */
  id: string;
  /** run id of the first run of the request, which tells it from later ones of the same id */
  firstExecutionRunId: string;
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
  /** connections that its links have made after the first: nothing uses them */
  extras: number;
  /** until when nobody is asked again without `ignoreCoolDown`, in milliseconds since the epoch */
  coolDownUntil?: number;
  /** of the connection: what could not be put back after a reconnect, since the key may not update connections */
  unwritten?: Unwritten[];
  /** requested instead of the integration's own; as many as fit in 1 KB */
  scopes?: string[];
  /** those of them that an existing connection was not granted, when the request ended; as many as fit in 1 KB */
  missingScopes?: string[];
  /** the decision about another account; in the query only */
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
  };
}

/** What a notifier is given: for whom somebody waits, and what for. */
export interface Notice {
  /**
   * `opened`: a workflow waits for somebody, who does not know yet; `reminder`: they know, and have not done it;
   * `accountChanged`: somebody has to say whether another account may be written to
   */
  reason: 'opened' | 'reminder' | 'accountChanged';
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
  /** what is looked up once more before */
  wanted: Wanted;
}
