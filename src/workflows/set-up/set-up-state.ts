import { notShown, shownScopes } from '../request/request-state';
import type {
  Failure,
  MadeIntegration,
  RecordedSetUpDecision,
  SetUpDecision,
  SetUpFacts,
  SetUpJoin,
  SetUpQuestion,
  SetUpStatus,
  SetUpSubject,
} from '../../contract/types';

/** Somebody who waits for the integration. */
export interface SetUpJoiner extends Pick<SetUpJoin, 'joinId' | 'subscriber'> {
  /** when it gives up, in milliseconds since the epoch */
  deadline: number;
}

/** Everything that a set-up knows; it hands this on when it continues as new. */
export interface SetUpState {
  subject: SetUpSubject;
  status: SetUpStatus;
  joiners: SetUpJoiner[];
  /** of all who joined */
  scopes: string[];
  /** one of them agrees to an app that Nango lends */
  allowNangoApp: boolean;
  /** what is to be done, once that is known */
  toDo?: NonNullable<SetUpFacts['toDo']>;
  /** when the question was opened */
  since?: number;
  isNotified: boolean;
  reminders: number;
  /** when the next reminder is due */
  remindAt?: number;
  /** one that is being carried out */
  decision?: SetUpDecision;
  /** the latest */
  decided?: RecordedSetUpDecision;
  /** why the last try came to nothing */
  problem?: Failure;
  /** with `ready` */
  made?: MadeIntegration;
  /** with `cancelled` */
  failure?: Failure;
  coolDownUntil?: number;
}

export function begin(subject: SetUpSubject): SetUpState {
  return {
    subject,
    status: 'checking',
    joiners: [],
    scopes: [],
    allowNangoApp: false,
    isNotified: false,
    reminders: 0,
  };
}

export function isClosed({ status }: SetUpState): boolean {
  return status !== 'checking' && status !== 'waiting';
}

/** What has to be done next, by nobody but us. */
export type SetUpTask = 'facts' | 'create' | 'quickstart' | 'own' | 'find';

export function nextTask(state: SetUpState): SetUpTask | undefined {
  const { toDo, decision, allowNangoApp } = state;
  if (isClosed(state)) return undefined;
  if (toDo === undefined) return 'facts';
  if (decision !== undefined) return TASKS[decision.choice];
  if (toDo.choices.length === 0) return 'create';
  return allowNangoApp && toDo.choices.includes('nangoApp') ? 'quickstart' : undefined;
}

const TASKS = { nangoApp: 'quickstart', own: 'own', made: 'find' } as const satisfies Record<string, SetUpTask>;

/**
 * What an operator is to do; nothing unless the set-up is `waiting`.
 *
 * @param isWhole with all scopes; default: as many as a memo has room for
 */
export function questionOf(
  { status, toDo, since, joiners, scopes }: SetUpState,
  isWhole = false,
): SetUpQuestion | undefined {
  if (status !== 'waiting' || toDo === undefined || since === undefined) return undefined;
  const deadline = Math.max(...joiners.map((joiner) => joiner.deadline));
  const areNamed = scopes.length > 0 && toDo.fields.length > 0;
  const toTick = areNamed ? scopes : toDo.scopes;
  return {
    kind: 'set-up-integration',
    since,
    deadline,
    ...toDo,
    scopes: isWhole ? toTick : toTick && shownScopes(toTick),
    moreScopes: isWhole ? undefined : toTick && notShown(toTick),
    scopesNamed: areNamed ? true : undefined,
  };
}

/** The next deadline or reminder. @returns nothing while nobody has joined */
export function nextDue({ joiners, status, remindAt = Infinity }: SetUpState): number | undefined {
  if (joiners.length === 0) return undefined;
  return Math.min(...joiners.map(({ deadline }) => deadline), status === 'waiting' ? remindAt : Infinity);
}
