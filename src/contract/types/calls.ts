import type { ConnectionNames } from './connections';
import type { Healing } from './health';
import type { Failure } from './joins';
import type { Json } from './json';

/** HTTP methods that Nango's proxy takes: https://nango.dev/docs/guides/proxy-requests */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One call of a provider's API through Nango's proxy: https://nango.dev/docs/guides/proxy-requests */
export interface ProxyCall {
  /** of HTTP; a GET is a read, anything else a write, unless `idempotent` says otherwise */
  method: Method;
  /** path and query below the provider's base URL, beginning with `/`; at most 8,192 characters */
  endpoint: string;
  /** headers for the provider, 16 KB at most; not `Authorization`, `Proxy-Authorization`, `Cookie`; default: none */
  headers?: { [name: string]: string };
  /** an object or a list, sent as JSON, 256 KB at most; not with GET; default: none */
  body?: Json;
  /** JSON pointers: only these parts of the response come back, as `{ [pointer]: value }`; default: all of it */
  pick?: string[];
  /** the caller's word that the call may be carried out twice; default: only GET may */
  idempotent?: boolean;
}

/** An action as it is triggered: https://nango.dev/docs/reference/api/action/trigger */
export interface Action {
  /** name of an action that is deployed for the integration */
  action: string;
  /** what the action is given, 256 KB of JSON at most; default: nothing */
  input?: Json;
  /** JSON pointers: only these parts of the output come back, as `{ [pointer]: value }`; default: all of it */
  pick?: string[];
  /** the caller's word that the action may be run twice; default false */
  idempotent?: boolean;
}

/** One run of an action: triggered and waited for, or started and asked for its output. */
export interface ActionCall extends Action {
  /** start it and ask for its output until there is one, instead of one request that stays open; default false */
  async?: boolean;
  /** until when an async action is waited for, in milliseconds since the epoch; default: in an hour; at most in five days */
  deadline?: number;
}

/** What can be done with a connection. */
export type Call = ProxyCall | ActionCall;

/** The response of a provider to a proxied call, or the output of an action. */
export interface CallResponse {
  /** HTTP status; Nango may turn 201 and 202 into 200 */
  status: number;
  /** the body, decoded; text stays text, an empty body is null. At most 256 KB as JSON */
  data: Json;
}

/** Names a call without a workflow for ever; JSON-safe. */
export interface CallRef {
  /** activity id */
  id: string;
  /** run id of the activity */
  runId: string;
  /** whether it must not be carried out twice: what its end means depends on that */
  write: boolean;
}

/** What the heartbeat of a write without a workflow says while it waits until it may be sent. */
export interface WriteWait {
  /** when it is sent, in milliseconds since the epoch */
  until: number;
  /** how often it has been sent by then, from 2 */
  attempt: number;
  /** why it was not carried out */
  failure: Failure;
}

/** Result of `nango.proxy`. */
export interface ProxiedResponse extends CallResponse {
  /** of a run that has made many calls: actions that the integration has, for an advice; said once by each worker */
  deployedActions?: string[];
}

/** How one call of a fan-out ended. */
export type Outcome =
  | ({
      /** it succeeded */
      ok: true;
    } & CallResponse)
  | {
      /** it failed, and none of the others with it */
      ok: false;
      /** why; without a `status` it may never have been sent */
      error: Failure;
    };

/** A proxied call as an activity is given it. */
export interface ProxyInput {
  /** whose account is used */
  connection: ConnectionNames;
  /** what is sent */
  call: ProxyCall;
  /** sent to the provider as `Idempotency-Key`, unless `call.headers` has one; default: none */
  idempotencyKey?: string;
}

/** An action as an activity is given it. */
export interface TriggerActionInput {
  /** whose account is used */
  connection: ConnectionNames;
  /** what is run */
  call: Action;
}

/** A call without a workflow that may be repeated, and how its connection is had again when it stops working. */
export interface HealingReadInput {
  /** whose account is used */
  connection: ConnectionNames;
  /** what is sent or run */
  call: ProxyCall | Action;
  /** as in {@link ProxyInput} */
  idempotencyKey?: string;
  /** whom to ask, and until when */
  heal: Healing;
}

/** An async action that was started. */
export interface StartedAction {
  /** Nango's id of the run, a UUID: https://nango.dev/docs/reference/api/action/result */
  id: string;
}

/** Which output of an async action is asked for. */
export interface ActionResultInput {
  /** Nango's id of the run, a UUID */
  id: string;
  /** as in {@link Action} */
  pick?: string[];
  /** as in {@link Action} */
  idempotent?: boolean;
}
