import type { ActionRuntime } from './action-runtime';
import type { FakeConnectionRef } from './options';
import type { Credentials } from './modes/credentials';
import type { Connection } from './state';

/** A business error of an action: what its script throws on purpose. */
export class FakeActionError extends Error {
  constructor(
    /** what the script says of it; default `{}` */
    readonly payload: unknown = {},
  ) {
    super('action error');
  }
}

/** An error of the provider that an action met and did not catch. */
export class FakeUpstreamError extends Error {
  constructor(
    /** HTTP status of the provider's response */
    readonly status: number,
    /** its body; default `{}` */
    readonly body: unknown = {},
    /** its headers, names in small letters; default: those of JSON */
    readonly headers: { [name: string]: string } = { 'content-type': 'application/json' },
  ) {
    super(`upstream answered ${status}`);
  }
}

/** Whose account an action is run with. */
export interface ActionConnection extends FakeConnectionRef {
  /** so that outputs can depend on whose it is */
  credentials: Credentials;
}

/**
 * A test's action.
 *
 * @param input as the caller gave it; `{}` where none was given
 * @param connection whose account it is run with
 * @param runtime what Nango gives an action that runs
 * @returns the output, any JSON, or a promise of it
 * @throws FakeActionError, FakeUpstreamError, or anything else for a crash
 */
export type ActionHandler = (input: unknown, connection: ActionConnection, runtime: ActionRuntime) => unknown;

/** What `POST /action/trigger`, or later `GET /action/:id`, answers. */
export interface ActionResponse {
  status: number;
  body: unknown;
}

/** Of an output, as JSON. */
const MOST_OUTPUT_BYTES = 2 * 1024 * 1024;

/** Runs an action as Nango answers it. */
export async function runAction(
  handler: ActionHandler,
  input: unknown = {},
  { integration, connectionId, credentials }: Connection,
  runtime: ActionRuntime,
): Promise<ActionResponse> {
  try {
    const body = (await handler(input, { integration, connectionId, credentials }, runtime)) ?? null;
    if (Buffer.byteLength(JSON.stringify(body)) > MOST_OUTPUT_BYTES) throw new Error('Output size is too large');
    return { status: 200, body };
  } catch (error) {
    return responseTo(error);
  }
}

function responseTo(error: unknown): ActionResponse {
  if (error instanceof FakeActionError) {
    return failed(500, { message: 'It failed.', code: 'action_script_runtime_error', payload: error.payload });
  }
  if (error instanceof FakeUpstreamError) {
    const { status, headers, body } = error;
    const upstream = { status, headers, body };
    if (status !== 429) return failed(424, { payload: body, code: 'script_http_error', upstream });
    // Nango takes the provider's limit for its own.
    const code = 'script_api_rate_limit_error';
    const additional_properties = { upstream_response: upstream };
    return failed(424, { message: 'There was a limit.', code, payload: body, additional_properties });
  }
  const { name, message } = isError(error) ? error : new Error(String(error));
  const payload = { message, name, stacktrace: [`${name}: ${message}`, 'at exec'] };
  return failed(500, { message: 'It crashed.', code: 'script_internal_error', payload });
}

/** Code that was deployed may have been compiled for another realm, where errors are of another class. */
function isError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'name' in error && 'message' in error;
}

function failed(status: number, error: object): ActionResponse {
  return { status, body: { error } };
}
