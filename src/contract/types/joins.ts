import type { Candidate, Choose, Connection, Identity, Owner, Subject, Tags } from './connections';
import type { Question } from './requests';
import type { NangoReason } from '../errors';

/** What callers say to get a connection. Whoever says nothing of an owner gets the one connection of the integration. */
export interface EnsureConnectionInput extends Owner {
  /** key of the integration at Nango */
  integration: string;
  /** for a second connection of the same owner, 1 to 255 characters; default: the one without a slot */
  slot?: string;
  /**
   * Scopes that the provider must have granted, 100 at most; for OAuth. What a connection that exists lacks is asked for.
   * Where nobody can know what was granted, it is returned with `scopesChecked: false`. Default: the integration's own
   */
  scopes?: string[];
  /** believe nothing that was read of the granted scopes within the last ten minutes; default false */
  freshScopes?: boolean;
  /** tags of the caller's own on the connection, two to seven of them; default: none */
  tags?: Tags;
  /** id of a connection of this owner whose account shall be connected anew: it is asked for, whether or not it works */
  reconnect?: string;
  /**
   * Record the provider's account with the connection; after a reconnect with another one no write resumes unasked.
   * Default: not recorded
   */
  identity?: Identity;
  /** on a reconnect: return once the connection can be read, though its account is another; default: wait for a yes */
  readsOnAccountChange?: boolean;
  /** id of a connection without an owner that becomes this owner's if the owner has none; not together with `reconnect` */
  adopt?: string;
  /**
   * Of several connections that fit: the one that has all of these tags. Where none has, somebody is asked, whatever was
   * chosen before; a connection that is the only one is meant, whatever its tags. Not together with `reconnect`. Default: the one that was
   * chosen before
   */
  choose?: Choose;
  /**
   * What comes of several connections that nothing tells apart. `choose`: an operator is asked, and the choice is
   * remembered; `fail`: `Nango.ConnectionAmbiguous`, with what tells them apart. Default: `choose`
   */
  several?: 'choose' | 'fail';
  /** how long to wait: milliseconds since the epoch; default: seven days from now; at most a year ahead */
  deadline?: number;
  /**
   * Calls through the connection have it connected anew when it stops working, wait for that as long as this wait may
   * take, and go on. Default false: they fail, those whose token cannot be refreshed after three hours
   */
  heal?: boolean;
  /** ask even though the person declined, or let the deadline pass, within the last day; default: true */
  ignoreCoolDown?: boolean;
}

/** The same in workflow code, which reads no settings. */
export interface WorkflowEnsureConnectionInput extends EnsureConnectionInput {
  /**
   * Whose API it is, as Nango names it: an integration that is missing is then set up, within the same deadline. Default:
   * one that is missing fails as `Nango.IntegrationNotFound`
   */
  provider?: string;
  /** with `provider`: take the developer app that Nango lends, where it does, and ask nobody; default false */
  allowNangoApp?: boolean;
  /** as for a backend, but a workflow asks nobody again by itself; default: false */
  ignoreCoolDown?: boolean;
  /** the task queue of the worker that holds the key; default `nango` */
  taskQueue?: string;
}

/** A failure as data, where one must not be thrown: of a call in a fan-out, or how a wait ended. */
export interface Failure {
  /** of the taxonomy, such as `Nango.ProviderRejected`; docs/errors.md has them all */
  type: string;
  /** HTTP status of the response that decided it, where there was one */
  status?: number;
  /** what of several things it was, in our own words; docs/errors.md has them all */
  reason?: NangoReason;
  /** somebody else's: Nango's own `error.code`, or the code of a network error or of a call to Temporal */
  code?: string;
  /** the argument that is wrong, for a call of a bulk run that is refused as `Nango.InvalidRequest` */
  field?: string;
  /** the scope that the key lacks, for `Nango.Forbidden` */
  scope?: string;
  /** what the connection was not granted, for `Nango.ScopesMissing`, where it is known; 20 at most */
  scopes?: string[];
  /** names that may have been meant by one that there is not; 3 at most */
  suggestions?: string[];
  /** what tells connections apart, for `Nango.ConnectionAmbiguous`; 20 at most */
  connections?: Candidate[];
}

/** What somebody who waits says to a request. */
export interface Join {
  /** names the joiner: a second join of the same one is refused, or merged with the first */
  joinId: string;
  /** milliseconds since the epoch; default: seven days from now */
  deadline?: number;
  /** who gets the resolution, by the signal `nango.resolve`; default: nobody */
  subscriber?: {
    /** of a running workflow in the same namespace */
    workflowId: string;
  };
  /** as in {@link EnsureConnectionInput} */
  scopes?: string[];
  /** as in {@link EnsureConnectionInput} */
  freshScopes?: boolean;
  /** as in {@link EnsureConnectionInput} */
  tags?: Tags;
  /** as in {@link EnsureConnectionInput} */
  reconnect?: string;
  /** as in {@link EnsureConnectionInput} */
  identity?: Identity;
  /** as in {@link EnsureConnectionInput} */
  readsOnAccountChange?: boolean;
  /** as in {@link EnsureConnectionInput} */
  choose?: Choose;
  /** as in {@link EnsureConnectionInput}; default, as of all who know of no other: `fail` */
  several?: 'choose' | 'fail';
}

/** What a join comes to: there is a connection, it has to be waited for, it cannot be had, or the wait is over. */
export type JoinResponse =
  | {
      /** there is one */
      status: 'connected';
      /** which */
      connection: Connection;
    }
  | {
      /** a person has to act; the subscriber gets the resolution */
      status: 'pending';
      /** workflow id of the request */
      requestId: string;
      /** run id of the first run of the request */
      firstExecutionRunId: string;
      /** what the person is asked, once they are */
      question?: Question;
    }
  | {
      /** it cannot be asked for */
      status: 'failed';
      /** why */
      failure: Failure;
      /** workflow id of the request */
      requestId?: string;
    }
  | {
      /** the wait is over, or nobody is asked again so soon */
      status: 'declined' | 'timedOut' | 'cancelled';
      /** until when nobody is asked again without `ignoreCoolDown`, in milliseconds since the epoch */
      coolDownUntil?: number;
      /** workflow id of the request */
      requestId?: string;
    };

/** A join that is over: there is nothing left to wait for. */
export type JoinEnd = Exclude<JoinResponse, { status: 'pending' }>;

/** What one of several joins comes to: a response, why it may not join, or the same as an earlier one. */
export type JoinUpdateResult =
  | JoinResponse
  | {
      /** it may not join; the others may */
      status: 'refused';
      /** of the failure, of the taxonomy */
      type: string;
      /** of the failure */
      message: string;
      /** of the failure, such as `too_many_joiners`; docs/errors.md has them all */
      reason?: NangoReason;
      /** the argument that is wrong */
      field?: string;
      /** the same may be asked again */
      retryable: boolean;
    }
  | {
      /** it comes to the same as another */
      status: 'same';
      /** place of that other in the list of results, from 0 */
      as: number;
    };

/** How the wait of one joiner ended, which need not be how the request ends; sent by the signal `nango.resolve`. */
export type JoinResolution = {
  /** of the join that is resolved */
  joinId: string;
  /** workflow id of the request */
  requestId?: string;
} & (
  | {
      /** there is one */
      status: 'connected';
      /** which */
      connection: Connection;
    }
  | {
      /** it cannot be had */
      status: 'failed';
      /**
       * why; `Nango.AccountChanged` where the deadline passed without a yes to another account, `Nango.ScopesMissing`
       * where it passed, or the person has connected, without what was to be granted
       */
      failure: Failure;
    }
  | {
      /** the person declined, the deadline passed, or nobody is asked any more */
      status: 'declined' | 'timedOut' | 'cancelled';
      /** until when nobody is asked again without `ignoreCoolDown`, in milliseconds since the epoch */
      coolDownUntil?: number;
    }
);

/** What a request completes with. */
export type RequestResult =
  | {
      /** there is one */
      status: 'connected';
      /** which */
      connection: Connection;
    }
  | {
      /** how it ended without one */
      status: 'declined' | 'timedOut' | 'cancelled';
      /** why it cannot be had, with `cancelled`; `Nango.AccountChanged` or `Nango.ScopesMissing` with `timedOut` */
      failure?: Failure;
    };

/** A join, and what it joins. */
export interface JoinRequestInput {
  /** whose connection of which integration */
  subject: Subject;
  /** who waits, and how */
  join: Join;
  /** ask in spite of a cool-down */
  ignoreCoolDown: boolean;
  /** the workflow's time, in milliseconds since the epoch: a test server's clock runs ahead of the machine's */
  at: number;
  /** when it was first wanted, in milliseconds since the epoch; default: `at` */
  since?: number;
  /**
   * for a connection that is to be connected anew: waits, until the deadline of the join, while its owner's request asks
   * something else. Default: that is refused as `other_question`
   */
  waitsItsTurn?: true;
}

/** Who waits no longer, and for what. */
export interface LeaveRequestInput {
  /** whose connection of which integration */
  subject: Subject;
  /** of the join that is taken back */
  joinId: string;
}
