import { checkFields, checkFlag, checkList, checkObject, checkOneOf } from './check-shape';
import { wireEndpoint } from './endpoint';
import { invalid, nangoFailure } from '../errors';
import { checkJson, jsonBytes } from './json';
import { MAX_ACTION_WAIT_MS, MAX_HEADERS_BYTES, MAX_PLACES_BYTES } from '../limits';
import { METHODS } from '../methods';
import { checkName, checkText } from './text';
import type { ActionCall, Call, ConnectionRef, ProxyCall } from '../types';

/**
 * Rules for calls, checked before any I/O, in the sandbox and outside it. Each throws `Nango.InvalidRequest` naming the
 * field, never its value.
 */

const PROXY_FIELDS = ['method', 'endpoint', 'headers', 'body', 'pick', 'idempotent'];
const ACTION_FIELDS = ['action', 'input', 'pick', 'idempotent', 'async', 'deadline'];
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

/** Only what surely changes nothing at the provider goes to another account, whatever its caller says of repeating it. */
export function refuseOtherAccount(connection: ConnectionRef, call: Call): void {
  if (!isForAccount(connection, call)) throw nangoFailure('Nango.AccountChanged');
}

/** Whether the call may go to the account that is behind the connection now. */
export function isForAccount({ accountChanged }: ConnectionRef, call: Call): boolean {
  return !accountChanged || isGet(call);
}

/** Whether a call surely changes nothing at the provider. */
export function isGet(call: Call): boolean {
  return isProxyCall(call) && call.method === 'GET';
}

export function checkConnectionRef(connection: unknown): void {
  checkObject(connection, 'connection');
  checkNangoName(connection.integration, 'connection.integration');
  checkConnectionId(connection.connectionId, 'connection.connectionId');
}

/** An id of `.` or `..` would change the path that it is put into, and no encoding helps. */
export function checkConnectionId(id: unknown, field: string): asserts id is string {
  checkNangoName(id, field);
  if (/^\.{1,2}$/.test(id)) throw invalid(field, 'must not be . or ..');
}

/** What names something at Nango. It travels in headers, which lose space at the ends, and what is not ASCII. */
export function checkNangoName(name: unknown, field: string): asserts name is string {
  checkText(name, field);
  if (/[^ -~]/.test(name)) throw invalid(field, 'must be ASCII');
  if (name.startsWith(' ') || name.endsWith(' ')) throw invalid(field, 'must not begin or end with a space');
}

/** A call with the connection that it goes through, as {@link checkCall} and {@link checkConnectionRef}. */
export function checkCallInput({ connection, call }: { connection: unknown; call: unknown }): void {
  checkConnectionRef(connection);
  checkCall(call);
}

/**
 * Checks a call and everything in it. That a deadline is still ahead is not checked here: a call may have to wait.
 *
 * @returns the bytes of its body, which count against what may be in flight
 */
export function checkCall(call: unknown, field = 'call', now = Date.now()): number {
  checkObject(call, field);
  checkPointers(call.pick, `${field}.pick`);
  checkFlag(call.idempotent, `${field}.idempotent`);
  return 'endpoint' in call ? checkProxyCall(call, field) : checkActionCall(call, field, now);
}

/** What a caller selects of a response. */
export function checkPointers(pointers: unknown, field: string): void {
  if (pointers === undefined) return;
  checkList(pointers, field, MAX_PLACES_BYTES);
  for (const pointer of pointers) {
    const isPointer = typeof pointer === 'string' && (pointer === '' || pointer.startsWith('/'));
    if (!isPointer) throw invalid(field, 'must hold JSON pointers');
  }
  if (jsonBytes(pointers) > MAX_PLACES_BYTES) throw invalid(field, `must be at most ${MAX_PLACES_BYTES} bytes as JSON`);
}

function checkProxyCall(call: { [field in keyof ProxyCall]?: unknown }, field: string): number {
  checkFields(call, field, PROXY_FIELDS);
  checkOneOf(call.method, `${field}.method`, METHODS);
  wireEndpoint(call.endpoint, `${field}.endpoint`);
  if (call.headers !== undefined) checkHeaders(call.headers, `${field}.headers`);
  if (call.body === undefined) return 0;
  if (call.method === 'GET') throw invalid(`${field}.body`, 'must not be given with GET');
  // Nango answers a JSON text, number, flag or null with 400, before the provider is asked.
  if (typeof call.body !== 'object' || call.body === null)
    throw invalid(`${field}.body`, 'must be an object or a list');
  return checkJson(call.body, `${field}.body`);
}

function checkHeaders(headers: unknown, field: string): void {
  checkObject(headers, field);
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    // It would be lost on the way, as a key that JavaScript treats as another thing.
    if (!HEADER_NAME.test(name) || name === '__proto__') throw invalid(field, 'has a name that is not a header name');
    const header = name.toLowerCase();
    if (CREDENTIAL_HEADERS.has(header)) {
      throw invalid(`${field}.${header}`, "would replace the connection's credentials");
    }
    if (typeof value !== 'string' || !/^[\t -~\u0080-\u00ff]*$/.test(value)) {
      throw invalid(`${field}.${header}`, 'must be printable text');
    }
    bytes += name.length + value.length;
  }
  if (bytes > MAX_HEADERS_BYTES) throw invalid(field, `must be at most ${MAX_HEADERS_BYTES} bytes`);
}

function checkActionCall(call: { [field in keyof ActionCall]?: unknown }, field: string, now: number): number {
  checkFields(call, field, ACTION_FIELDS);
  checkName(call.action, `${field}.action`);
  checkFlag(call.async, `${field}.async`);
  const { deadline } = call;
  if (deadline !== undefined) {
    if (!call.async) throw invalid(`${field}.deadline`, 'must not be given without async');
    if (typeof deadline !== 'number' || !Number.isFinite(deadline)) {
      throw invalid(`${field}.deadline`, 'must be a time in ms');
    }
    if (deadline > now + MAX_ACTION_WAIT_MS) throw invalid(`${field}.deadline`, 'must be within five days');
  }
  return checkJson(call.input, `${field}.input`);
}
