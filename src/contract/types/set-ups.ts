import type { OutageNotice } from './health';
import type { Failure } from './joins';
import type { QuestionNotice } from './requests';

/**
 * Status of an integration's set-up. `checking`: it is not known yet what is to be done; `waiting`: an operator has to
 * act; `ready`, `declined`, `timedOut` (no deadline of anybody's is left) and `cancelled` (nobody waits, or it cannot be
 * had) are its ends.
 */
export type SetUpStatus = 'checking' | 'waiting' | 'ready' | 'declined' | 'timedOut' | 'cancelled';

/** An integration that is there. */
export interface MadeIntegration {
  /** its key at Nango */
  integration: string;
  /** whose API it is; another one than was wanted where somebody made it so by hand */
  provider: string;
}

/**
 * What an operator may choose: `nangoApp`, the developer app that Nango lends; `own`, an app of one's own, by its
 * credentials; `made`, to say that the integration has been made by other means, and is to be looked up now.
 */
export type SetUpChoice = 'nangoApp' | 'own' | 'made';

/** A field of a developer app's credentials. */
export type AppField = 'clientId' | 'clientSecret' | 'appId' | 'appLink' | 'privateKey';

/** A value that the worker reads from its environment: the name travels, the value does not. */
export interface FromEnvironment {
  /** name of the variable: capitals, digits and underscores; none of `NANGO_…` or `TEMPORAL_…` */
  fromEnv: string;
}

/** Credentials of a developer app of one's own. What is secret is given by the name of a variable only. */
export interface AppCredentials {
  /** 1 to 255 characters; not secret */
  clientId?: string | FromEnvironment;
  /** never as a text: it would stand in a history */
  clientSecret?: FromEnvironment;
  /** 1 to 255 characters; not secret */
  appId?: string | FromEnvironment;
  /** the page on which the app is installed, 1 to 255 characters; not secret */
  appLink?: string | FromEnvironment;
  /** PEM; never as a text: it would stand in a history */
  privateKey?: FromEnvironment;
}

/** What an operator decides, and who it is; it is recorded. */
export type SetUpDecision =
  | {
      /** one of the question's `choices` */
      choice: 'nangoApp' | 'made';
      /** who says so, 1 to 255 characters */
      by: string;
    }
  | {
      /** an app of one's own */
      choice: 'own';
      /** all of the question's `fields` */
      credentials: AppCredentials;
      /** who says so, 1 to 255 characters */
      by: string;
    };

/** A decision as a set-up shows it: without credentials. */
export interface RecordedSetUpDecision {
  /** which */
  choice: SetUpChoice;
  /** whose */
  by: string;
  /** when, in milliseconds since the epoch */
  at: number;
}

/** What an operator is to do so that an integration is there. */
export interface SetUpQuestion {
  /** the only kind there is */
  kind: 'set-up-integration';
  /** when it was opened, in milliseconds since the epoch */
  since: number;
  /** when the last of those who wait gives up, in milliseconds since the epoch */
  deadline: number;
  /** what may be chosen; with `made` alone it can only be made in Nango's dashboard */
  choices: SetUpChoice[];
  /** how the provider is authenticated to, as Nango names it, such as `OAUTH2` */
  authMode: string;
  /** what the credentials of an app of one's own consist of; empty where there is no such choice */
  fields: AppField[];
  /** https address of the provider's page of documentation, where Nango names one */
  docs?: string;
  /** address to register with the provider, unless the Nango environment has one of its own */
  callbackUrl?: string;
  /** scopes to tick; as many as fit in 1 KB, but in the query all of them */
  scopes?: string[];
  /** how many there are beside those that it shows. Absent: it shows all */
  moreScopes?: number;
  /** callers have named them. Absent: they are the provider's own, which an integration requests by itself */
  scopesNamed?: true;
}

/** What memo and query `nango.setUp` show of a set-up. */
export interface SetUpView {
  /** whether it is open, or how it has ended */
  status: SetUpStatus;
  /** key that the integration is to have */
  integration: string;
  /** whose API it is, as Nango names it */
  provider: string;
  /** what an operator is to do; absent while it is not `waiting` */
  question?: SetUpQuestion;
  /** why the last try came to nothing */
  problem?: Failure;
  /** how many wait */
  subscribers: number;
  /** how many reminders there were */
  reminders: number;
  /** until when nobody is asked again without `ignoreCoolDown`, in milliseconds since the epoch */
  coolDownUntil?: number;
  /** the latest decision; in the query only */
  decision?: RecordedSetUpDecision;
  /** in the query only: a memo cannot know it when a run starts */
  firstExecutionRunId?: string;
}

/** Names a set-up for ever: safe to store as JSON. A later set-up of the same integration has another one. */
export interface SetUpRef {
  /** workflow id of the set-up, `nango-integration/<environment>/<integration>` */
  id: string;
  /** run id of its first run, which tells it from later ones of the same id */
  firstExecutionRunId: string;
}

/** How an integration is to be set up if it is missing. */
export interface SetUpTerms {
  /** whose API it is, as Nango names it in https://nango.dev/docs/integrations/overview */
  provider: string;
  /** take the developer app that Nango lends, where it does, and ask nobody; default false */
  allowNangoApp?: boolean;
}

/** What callers say to have an integration. */
export interface EnsureIntegrationInput extends SetUpTerms {
  /** its key at Nango: letters, digits, space and `_~:.@-`; default: the provider's name */
  integration?: string;
  /** requested by its links, 100 at most; for OAuth with an app of one's own. Default: the provider's */
  scopes?: string[];
  /** how long to wait: milliseconds since the epoch; default: seven days from now; at most a year ahead */
  deadline?: number;
  /** ask even though an operator declined, or let the deadline pass, within the last day; default: true */
  ignoreCoolDown?: boolean;
}

/** The same in workflow code, which reads no settings. */
export interface WorkflowEnsureIntegrationInput extends EnsureIntegrationInput {
  /** as for a backend, but a workflow asks nobody again by itself; default: false */
  ignoreCoolDown?: boolean;
  /** the task queue of the worker that holds the key; default `nango` */
  taskQueue?: string;
}

/** What somebody who waits says to a set-up. */
export interface SetUpJoin {
  /** names the joiner: a second join of the same one takes the place of the first */
  joinId: string;
  /** must be the one that is being set up */
  provider: string;
  /** milliseconds since the epoch; default: seven days from now */
  deadline?: number;
  /** as in {@link SetUpTerms} */
  allowNangoApp?: boolean;
  /** as in {@link EnsureIntegrationInput} */
  scopes?: string[];
  /** who gets the resolution, by the signal `nango.resolveSetUp`; default: nobody */
  subscriber?: {
    /** of a running workflow in the same namespace */
    workflowId: string;
  };
}

/** How the wait for an integration ended. */
export type SetUpEnd =
  | {
      /** it is there */
      status: 'ready';
      /** which */
      made: MadeIntegration;
    }
  | {
      /** how it ended without one */
      status: 'declined' | 'timedOut' | 'cancelled';
      /** why it cannot be had, with `cancelled` */
      failure?: Failure;
      /** until when nobody is asked again without `ignoreCoolDown`, in milliseconds since the epoch */
      coolDownUntil?: number;
    };

/** What a join comes to: the end, or an operator has to act. */
export type SetUpJoinResponse = SetUpEnd | ({ status: 'pending' } & SetUpRef);

/** How the wait of one joiner ended; sent by the signal `nango.resolveSetUp`. */
export type SetUpResolution = {
  /** of the join that is resolved */
  joinId: string;
} & SetUpEnd;

/** What a decision has come to by the time that it is answered. */
export interface SetUpOutcome {
  /** `waiting` without a `problem`: it is still being carried out */
  status: SetUpStatus;
  /** why it came to nothing; the question is open again */
  problem?: Failure;
}

/** Input of the activity `nango.ensureIntegration`. */
export interface JoinSetUpInput {
  /** key that the integration is to have */
  integration: string;
  /** who waits, and how */
  join: SetUpJoin;
  /** ask in spite of a cool-down */
  ignoreCoolDown: boolean;
  /** the workflow's time, in milliseconds since the epoch */
  at: number;
}

/** Who waits no longer, and for what. */
export interface LeaveSetUpInput {
  /** key that the integration is to have */
  integration: string;
  /** of the join that is taken back */
  joinId: string;
}

/** An integration to be, and whose API it is. */
export interface SetUpSubject {
  /** key that it is to have */
  integration: string;
  /** as Nango names it */
  provider: string;
}

/** What is to be done to have an integration. */
export interface SetUpFacts {
  /** absent: it is there */
  toDo?: Pick<SetUpQuestion, 'authMode' | 'choices' | 'fields' | 'docs' | 'callbackUrl' | 'scopes'>;
  /** absent: it is not there */
  made?: MadeIntegration;
}

/** Input of the activity `nango.createIntegration`. */
export interface CreateIntegrationInput extends SetUpSubject {
  /** the developer app; default: the provider needs none */
  own?: {
    /** of the provider, as Nango names it */
    authMode: string;
    /** of the app */
    credentials: AppCredentials;
    /** requested by its links; default: the provider's */
    scopes?: string[];
  };
}

/** What an operator is notified of: `reason` tells which it is. */
export type OperatorNotice = OutageNotice | QuestionNotice | SetUpNotice;

/** Of an integration that has to be set up. */
export interface SetUpNotice {
  /** `opened`: an integration has to be set up; `reminder`: it still has */
  reason: 'opened' | 'reminder';
  /** the set-up that waits */
  setUp: SetUpRef;
  /** key that the integration is to have */
  integration: string;
  /** whose API it is, as Nango names it */
  provider: string;
  /** what is to be done, since when and until when */
  question: SetUpQuestion;
  /** how many reminders there were, this one included */
  reminders: number;
  /** where the inbox shows the set-up; absent without `TEMPORAL_NANGO_INBOX_URL` */
  page?: string;
}

/** The same as it travels: where the inbox is, only the worker that notifies knows. */
export type SetUpNoticeInput = Omit<SetUpNotice, 'page'>;
