import { wireEndpoint } from './endpoint';
import { invalid } from './errors';
import { checkJson } from './json';
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

/** An id of `.` or `..` would change the path that it is put into, and no encoding helps. */
export function checkConnectionRef(connection: ConnectionRef): void {
  checkText(connection.integration, 'connection.integration');
  checkText(connection.connectionId, 'connection.connectionId');
  if (/^\.{1,2}$/.test(connection.connectionId)) throw invalid('connection.connectionId', 'must not be . or ..');
}

/** Checks a call and everything in it. @returns the bytes of its body, which count against what may be in flight */
export function checkCall(call: Call, field = 'call'): number {
  if (typeof call !== 'object' || call === null) throw invalid(field, 'must be an object');
  for (const pointer of call.pick ?? []) {
    if (pointer !== '' && !pointer.startsWith('/')) throw invalid(`${field}.pick`, 'must hold JSON pointers');
  }
  return isProxyCall(call) ? checkProxyCall(call, field) : checkActionCall(call, field);
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

function checkActionCall(call: ActionCall, field: string): number {
  checkText(call.action, `${field}.action`);
  return checkJson(call.input, `${field}.input`);
}
