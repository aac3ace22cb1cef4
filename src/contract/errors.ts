import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Candidate, CompilerError, Failure } from './types';

/**
 * The error taxonomy. The key is `ApplicationFailure.type`, a public contract (use it in `nonRetryableErrorTypes`
 * and in `catch`); the value is the fixed message. Messages and details land in histories in clear, so nothing of a
 * provider's body, no header and no URL ever enters them: only our own words, numbers and Nango's error codes. The only
 * exceptions are the names of scopes in `scopes`, which have to look like names, those in `suggestions`, which the operator of
 * this environment has given, and in `errors` what a compiler says of code that its caller has given.
 */
export const MESSAGES = {
  /** no connection to Nango, no response in time, or 5xx; reads are retried, a write only if it never left */
  'Nango.Unavailable': 'Nango could not be reached, or failed.',
  /** the same for a write that may have run; `callId`: Temporal could not be asked; reason `pending` of an async action */
  'Nango.OutcomeUnknown': 'A write may or may not have been carried out; it is not repeated.',
  /** 429 from Nango, whose limit all keys of an account share; reads and writes are retried when Nango says */
  'Nango.RateLimited': "The Nango account's rate limit is used up for now.",
  /** 429 from the provider; reads and proxied writes are retried when it says */
  'Nango.ProviderRateLimited': "The provider's rate limit is used up for now.",
  /** a key is unknown, a setting is wrong, or what answers is not Nango; `field` or the message names it */
  'Nango.Misconfigured': 'Nango is not set up correctly; an operator has to act.',
  /** 403 of Nango; `scope` names the one that is missing, where Nango did */
  'Nango.Forbidden': 'The Nango key lacks a scope.',
  /** no integration of that key in the environment of the secret key */
  'Nango.IntegrationNotFound': 'There is no such integration in this Nango environment.',
  /** no connection of that name; `ensureConnection` asks for one */
  'Nango.ConnectionNotFound': 'There is no such connection.',
  /** nothing of that name is deployed for the integration, or it is switched off */
  'Nango.ActionNotFound': 'The action does not exist or is disabled.',
  /** an outage and a revoked grant look alike at first; reads are retried after 30 s, doubled to an hour */
  'Nango.RefreshFailing': "Refreshing the connection's token failed; Nango tries again.",
  /** Nango has given the refresh up: `ensureConnection` with `reconnect` */
  'Nango.ReconnectRequired': 'The connection no longer works; its owner has to connect again.',
  /** of a write after a reconnect with another account, or of a wait for a yes that has ended without one */
  'Nango.AccountChanged': 'Another account is behind the connection; nobody has agreed to write to it.',
  /** nobody has confirmed that it was the owner who connected: nothing was sent. With `heal` the call waits for it */
  'Nango.OwnerUnconfirmed': 'It is not confirmed that its owner made the connection.',
  /** 4xx of the provider that says so, or a wait for scopes that ended without them; `scopes`, where known. Not retried */
  'Nango.ScopesMissing': 'The connection was not granted the scopes that are needed.',
  /** any other 4xx of the provider, or a redirect that was not followed; `status` says which */
  'Nango.ProviderRejected': 'The provider refused the call.',
  /** 5xx of the provider, or Nango could not reach it; reads are retried */
  'Nango.ProviderUnavailable': 'The provider could not be reached, or failed.',
  /** it threw, crashed, or met an error of the provider; parts of it may have been carried out */
  'Nango.ActionFailed': 'The action ended with an error.',
  /** the one or the other has to be corrected; not retried */
  'Nango.ActionInvalid': 'The action refused its input, or its output was invalid.',
  /** 402 of Nango: no more calls, or no more connections */
  'Nango.PlanLimit': 'The limit of the Nango plan is reached.',
  /** over 256 KB (16 MB with External Storage), or over the budget of all together; with a `status` it was carried out */
  'Nango.ResponseTooLarge': 'The answer is larger than may enter a history.',
  /** of a call in a `fanOut` with `onFailure: 'stop'`, after another one has failed */
  'Nango.NotSent': 'The call was not sent, since another one had failed.',
  /** not the JSON it says it is, not text, or not of the expected shape; with a `status` the call was carried out */
  'Nango.BadResponse': 'The answer is not what it says it is.',
  /** before any I/O with `field`; with `code` where Nango or a request refused it */
  'Nango.InvalidRequest': 'Bad argument.',
  /** with `several: 'fail'`, or when nobody has chosen in time: `connections` tells them apart */
  'Nango.ConnectionAmbiguous': 'Several connections fit and nothing tells them apart.',
  /** inside the worker only; called again after one hour, then two */
  'Nango.NotifierFailed': 'The notifier threw, or took too long.',
  /** of a client only: the worker is not started, fails at the request, or has not answered within 25 s */
  'Nango.NoWorker': 'No worker polls the task queue, or none has answered.',
  /** of a client; of a write, only if it was not sent. In a worker: whether its connection is held is unknown, so retried */
  'Nango.TemporalUnavailable': 'Temporal could not be reached.',
  /** of a wait; with `coolDownUntil` nobody is asked before that without `ignoreCoolDown` */
  'Nango.ConnectionTimedOut': 'The connection was not made before the deadline.',
  /** of a wait; nobody is asked again for a day without `ignoreCoolDown` */
  'Nango.ConnectionDeclined': 'The person declined to connect.',
  /** of a wait: by an operator, or because its last joiner has left */
  'Nango.RequestCancelled': 'The connection request was cancelled.',
  /** of a wait for an integration that is to be set up */
  'Nango.SetUpTimedOut': 'The integration was not set up before the deadline.',
  /** the same; nobody is asked again for a day without `ignoreCoolDown` */
  'Nango.SetUpDeclined': 'An operator declined to set up the integration.',
  /** the same: by an operator, or because its last joiner has left */
  'Nango.SetUpCancelled': 'The set-up of the integration was cancelled.',
  /** of a deployment: `errors` says where, and what; with the reason `timed_out` the compiler came to no end */
  'Nango.CompilationFailed': 'The function does not compile.',
  /** of a deployment, before anything is deployed; `code` is Nango's; with the reason `timed_out` it came to no end */
  'Nango.DryRunFailed': 'The dry run of the function ended with an error, or not at all.',
  /** `code` is Nango's; or the reason `declined`, `timed_out` (nobody has agreed in time) or `not_deployed` */
  'Nango.DeploymentFailed': 'The function was not deployed.',
  /** by Nango's own tools, from a repository or as a template: it is to be changed there. Nothing was deployed */
  'Nango.FunctionManagedElsewhere': 'The function is deployed by other means, and is not replaced.',
  /** of a bulk run, once what had been begun was over; `reason` says why, `index` which call it did not come to */
  'Nango.BulkFailed': 'The bulk run could not go on.',
} as const;

/** A type of the taxonomy: `ApplicationFailure.type`. docs/errors.md says of each when it comes, and what to do. */
export type NangoErrorType = keyof typeof MESSAGES;

/** Why a failure came about, in words of this package. A closed list, and as public a contract as the types. */
export const REASONS = [
  // a request refuses a message
  'request_closed',
  'already_joined',
  'too_many_joiners',
  'too_many_links',
  'too_many_tags',
  'tag_conflict',
  'other_question',
  'reminded_lately',
  'no_open_question',
  'not_a_candidate',
  'link_used_twice',
  // a deployment refuses to be joined, or ends without one
  'other_code',
  'declined',
  'not_deployed',
  // the connection is not one that this can be done with
  'other_owner',
  'identity_needed',
  'not_an_extra',
  'not_requested',
  // no end, or not the one that was hoped for
  'timed_out',
  'worker_failed',
  'response_lost',
  'second_attempt',
  'pending',
  'not_read',
  'pages_do_not_end',
  'notifier_threw',
  'not_delivered',
  'no_link',
  'bad_address',
  // a bulk run cannot go on, or refuses a message
  'source_failed',
  'page_malformed',
  'page_too_large',
  'page_lost',
  'bulk_ended',
  'bulk_stopping',
  // a call without a workflow
  'call_forgotten',
] as const;

/** One of `REASONS`; docs/errors.md says when each is given. */
export type NangoReason = (typeof REASONS)[number];

/** Own keys only: a type may be any text, `constructor` as well. */
export function isNangoErrorType(type: string | null | undefined): type is NangoErrorType {
  return Object.hasOwn(MESSAGES, type ?? '');
}

/** What a failure carries in `details[0]`: numbers and codes, and of what a provider said the names of scopes only. */
export interface NangoErrorDetails {
  /** HTTP status of the response that decided it */
  status?: number;
  /** what of several things it was, in our own words */
  reason?: NangoReason;
  /** somebody else's: Nango's own `error.code`, or the code of a network error or of a call to Temporal */
  code?: string;
  /** how long to wait before trying again, in milliseconds */
  retryAfterMs?: number;
  /** of a write: it was surely not carried out, and may be sent again */
  didNotRun?: true;
  /**
   * of a write without a workflow, of which Temporal did not say whether it was taken, or how it has ended: given as the `id`
   * of the same call, it is that call, made once, and its end
   */
  callId?: string;
  /** id of the connection request that the failure is about */
  requestId?: string;
  /** the scope that the key lacks, for `Nango.Forbidden`, where Nango names it */
  scope?: string;
  /**
   * for `Nango.ScopesMissing`: of a wait, what it was for and was not granted; of a call, what the grant lacks as the
   * provider names it, where it does: of several that would do, all. At most 20 of at most 255 characters
   */
  scopes?: string[];
  /** the argument that is wrong, for `Nango.InvalidRequest` and `Nango.Misconfigured` */
  field?: string;
  /** for `Nango.CompilationFailed`: at most 20, in the compiler's words about the caller's own code */
  errors?: CompilerError[];
  /**
   * names that may have been meant by one that there is not: of integrations, for `Nango.IntegrationNotFound`, of actions,
   * for `Nango.ActionNotFound`, of providers, for `Nango.InvalidRequest`. The nearest first, at most three of at most 100
   * characters; absent where nothing is near, and where the key may not read them
   */
  suggestions?: string[];
  /** of a bulk run: the index of the first call that it did not come to, from 0 */
  index?: number;
  /** when a cooling request may be asked again, in milliseconds since the epoch */
  coolDownUntil?: number;
  /** what tells the connections apart, for `Nango.ConnectionAmbiguous` */
  connections?: Candidate[];
}

interface NangoFailureOptions extends NangoErrorDetails {
  /** a sentence of our own added to the fixed message; of text that came from outside, `suggestions` only */
  hint?: string;
  /** default true: nobody repeats it */
  nonRetryable?: boolean;
  /** an expected failure: retried without noise in logs and metrics */
  benign?: boolean;
}

/**
 * Makes an `ApplicationFailure` of the taxonomy. `retryAfterMs` becomes Temporal's `nextRetryDelay` and, since that is
 * dropped when the failure is decoded, stands in the details too.
 */
export function nangoFailure(type: NangoErrorType, options: NangoFailureOptions = {}): ApplicationFailure {
  const { hint, nonRetryable = true, benign, ...details } = options;
  return ApplicationFailure.create({
    type,
    message: hint === undefined ? MESSAGES[type] : `${MESSAGES[type]} ${hint}`,
    nonRetryable,
    details: [details],
    nextRetryDelay: details.retryAfterMs,
    category: benign ? ApplicationFailureCategory.BENIGN : undefined,
  });
}

/** `Nango.InvalidRequest`: names the argument, never its value, which may be a secret put in the wrong place. */
export function invalid(field: string, rule: string): ApplicationFailure {
  return nangoFailure('Nango.InvalidRequest', { field, hint: `${field} ${rule}.` });
}

/**
 * `Nango.BadResponse`, to be thrown by a workflow that finds a response of another shape than it expected. It fails the
 * workflow, once. A `TypeError`, as a cast leads to, would fail the workflow *task*, which Temporal repeats until somebody
 * mends the code.
 *
 * @param hint a sentence of yours. It lands in the history in clear, so let nothing of the response be in it
 * @example
 * ```ts
 * if (!Array.isArray(contacts)) throw badResponse('/results is not a list.');
 * ```
 */
export function badResponse(hint: string): ApplicationFailure {
  // No text: a template could not hold it, and a `TypeError` is what this is there to avoid.
  return nangoFailure('Nango.BadResponse', { hint: typeof hint === 'string' ? hint : undefined });
}

/** The hint of `Nango.Forbidden`. */
export function lacksScope(scope: string): string {
  return `It needs ${scope}.`;
}

/** The hint where `suggestions` stand beside it; nothing where there are none. */
export function didYouMean(suggestions: readonly string[] = []): string | undefined {
  if (suggestions.length === 0) return undefined;
  return `Did you mean ${suggestions.join(', ').replace(/, ([^,]*)$/, ' or $1')}?`;
}

/** What may be asked of something that was caught. */
interface Caught {
  name?: unknown;
  message?: unknown;
  code?: unknown;
}

/**
 * Whatever was caught, then what caused it, and so on. Known by their form, since an error of another realm (a workflow's
 * sandbox, Node below a test runner) is no `instanceof Error`.
 */
export function* causesOf(error: unknown): Generator<Caught, void> {
  for (let e = error; typeof e === 'object' && e !== null; e = (e as { cause?: unknown }).cause) yield e;
}

/** A failure of the taxonomy; `details[0]` is {@link NangoErrorDetails}. */
export type NangoFailure = ApplicationFailure & {
  /** which one */
  type: NangoErrorType;
};

/** The failure of the taxonomy inside whatever was caught (activity and update failures wrap it), if there is one. */
export function findNangoFailure(error: unknown): NangoFailure | undefined {
  for (const e of causesOf(error)) {
    if (e instanceof ApplicationFailure && isNangoErrorType(e.type)) {
      return e as NangoFailure;
    }
  }
  return undefined;
}

/** A failure as data: what the outcome of a call says of it, or a request to those who joined. */
export function outcomeFailure(failure: NangoFailure): Failure {
  const { status, reason, code, scope, scopes, suggestions } = detailsOf(failure);
  return { type: failure.type, status, reason, code, scope, scopes, suggestions };
}

/** What a failure of the taxonomy carries. @param failure from {@link findNangoFailure} */
export function detailsOf(failure: ApplicationFailure): NangoErrorDetails {
  return failure.details?.[0] ?? {};
}

/** The reason that a failure of the taxonomy carries, inside whatever was caught. */
export function reasonOf(error: unknown): NangoReason | undefined {
  const failure = findNangoFailure(error);
  return failure && detailsOf(failure).reason;
}
