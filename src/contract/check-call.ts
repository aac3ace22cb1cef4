import { wireEndpoint } from './endpoint';
import { invalid } from './errors';
import { checkJson } from './json';
import { MAX_ACTION_WAIT_MS } from './limits';
import { checkText } from './text';
import type { ActionCall, Call, ConnectionRef, ProxyCall } from './types';

/**
 * Rules for calls, checked before any I/O, in the sandbox and outside it. Each throws `Nango.InvalidRequest` naming the
 * field, never its value.
 */

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;
/** Headers of a proxied call that would replace the connection's credentials, or say who is asking. */
const CREDENTIAL_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie']);

export function isProxyCall(call: Call): call is ProxyCall {
  return 'endpoint' in call;
}

/** A call that must not be carried out twice: anything but a GET, unless the caller says that it may. */
export function isWrite(call: Call): boolean {
  return !(call.idempotent ?? (isProxyCall(call) && call.method === 'GET'));
}

/** A call that surely changes nothing at the provider, whatever its caller says of repeating it. */
export function isRead(call: Call): boolean {
  return isProxyCall(call) && call.method === 'GET';
}

/** An id of `.` or `..` would change the path that it is put into, and no encoding helps. */
export function checkConnectionRef(connection: ConnectionRef): void {
  checkText(connection.integration, 'connection.integration');
  checkConnectionId(connection.connectionId, 'connection.connectionId');
}

export function checkConnectionId(id: unknown, field: string): asserts id is string {
  checkText(id, field);
  if (/^\.{1,2}$/.test(id)) throw invalid(field, 'must not be . or ..');
}

/**
 * Checks a call and everything in it. That a deadline is still ahead is not checked here: a call may have to wait.
 *
 * @returns the bytes of its body, which count against what may be in flight
 */
export function checkCall(call: Call, field = 'call', now = Date.now()): number {
  if (typeof call !== 'object' || call === null) throw invalid(field, 'must be an object');
  checkPointers(call.pick, `${field}.pick`);
  return isProxyCall(call) ? checkProxyCall(call, field) : checkActionCall(call, field, now);
}

/** What a caller selects of an answer. */
export function checkPointers(pointers: string[] | undefined, field: string): void {
  for (const pointer of pointers ?? []) {
    if (pointer !== '' && !pointer.startsWith('/')) throw invalid(field, 'must hold JSON pointers');
  }
}

function checkProxyCall(call: ProxyCall, field: string): number {
  wireEndpoint(call.endpoint, `${field}.endpoint`);
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    if (!HEADER_NAME.test(name)) throw invalid(`${field}.headers`, 'has a name that is not a header name');
    const header = name.toLowerCase();
    if (CREDENTIAL_HEADERS.has(header)) {
      throw invalid(`${field}.headers.${header}`, "would replace the connection's credentials");
    }
    if (typeof value !== 'string' || !/^[\t -~\u0080-\u00ff]*$/.test(value)) {
      throw invalid(`${field}.headers.${header}`, 'must be printable text');
    }
  }
  if (call.body !== undefined && call.method === 'GET') throw invalid(`${field}.body`, 'must not be given with GET');
  return checkJson(call.body, `${field}.body`);
}

function checkActionCall(call: ActionCall, field: string, now: number): number {
  checkText(call.action, `${field}.action`);
  const { deadline } = call;
  if (deadline !== undefined) {
    if (!call.async) throw invalid(`${field}.deadline`, 'must not be given without async');
    if (!Number.isFinite(deadline)) throw invalid(`${field}.deadline`, 'must be a time in ms');
    if (deadline > now + MAX_ACTION_WAIT_MS) throw invalid(`${field}.deadline`, 'must be within five days');
  }
  return checkJson(call.input, `${field}.input`);
}
