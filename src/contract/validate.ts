import { wireEndpoint } from './endpoint';
import { invalid } from './errors';
import { MAX_PAYLOAD_BYTES, MAX_TAG_VALUE_CHARS, MAX_TAGS, MAX_WAIT_MS } from './limits';
import { MANAGED_BY, TAG } from './names';
import type {
  ActionCall,
  Call,
  ConnectionRef,
  EnsureConnectionInput,
  Join,
  Owner,
  ProxyCall,
  Subject,
  Tags,
} from './types';

/**
 * Rules that no type expresses, checked before any I/O, in the sandbox and outside it. Each throws
 * `Nango.InvalidRequest` naming the field, never its value.
 */

const MAX_JSON_DEPTH = 500;
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;
/** Headers of a proxied call that would replace the connection's credentials, or say who is asking. */
const CREDENTIAL_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie']);
/** As Nango takes them: they travel in a list separated by commas. */
const SCOPE = /^[0-9a-zA-Z:/_.*-]+$/;
const TAG_KEY = /^[a-z][a-z0-9_\-./]*$/;
const MAX_TAG_KEY_CHARS = 64;
const OUR_TAGS: ReadonlySet<string> = new Set(Object.values(TAG));

const encoder = new TextEncoder();

export function isProxyCall(call: Call): call is ProxyCall {
  return 'endpoint' in call;
}

/** A call that must not be carried out twice: anything but a GET, unless the caller says that it may. */
export function isWrite(call: Call): boolean {
  return !(call.idempotent ?? (isProxyCall(call) && call.method === 'GET'));
}

/** Checks everything a caller says to get a connection. @returns whose, and how it joins */
export function checkEnsureInput(
  input: EnsureConnectionInput,
  now: number,
): { subject: Subject; join: Omit<Join, 'joinId'> } {
  const { integration, endUser, organization, slot, scopes, tags = {}, deadline } = input;
  const subject = { integration, owner: { endUser, organization }, slot };
  checkSubject(subject);
  if (deadline !== undefined) checkDeadline(deadline, now);
  for (const scope of scopes ?? []) {
    if (!SCOPE.test(scope)) throw invalid('scopes', 'must be single scopes without space or comma');
  }
  return { subject, join: { deadline, scopes, tags: checkTags(tags, subject.owner, slot) } };
}

export function checkSubject({ integration, owner, slot }: Subject): void {
  checkText(integration, 'integration');
  checkOwner(owner);
  if (slot !== undefined) checkText(slot, 'slot');
}

export function checkOwner({ endUser, organization }: Owner): void {
  if (endUser !== undefined) {
    checkText(endUser.id, 'endUser.id');
    if (endUser.email !== undefined) checkText(endUser.email, 'endUser.email');
    if (endUser.displayName !== undefined) checkText(endUser.displayName, 'endUser.displayName');
  }
  if (organization !== undefined) checkText(organization.id, 'organization.id');
}

export function checkConnectionRef(connection: ConnectionRef): void {
  checkText(connection.integration, 'connection.integration');
  checkText(connection.connectionId, 'connection.connectionId');
}

/** Tags a caller adds to ours. @returns them with the keys in lower case, as Nango stores them */
export function checkTags(tags: Tags, owner: Owner, slot?: string): Tags {
  const ours = Object.keys(sessionTags({ integration: '', owner, slot }, '')).length + 1;
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS - ours) throw invalid('tags', `must be at most ${MAX_TAGS - ours}`);
  const checked: Tags = {};
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    if (!TAG_KEY.test(key) || key.length > MAX_TAG_KEY_CHARS) throw invalid('tags', 'has a key Nango would refuse');
    if (OUR_TAGS.has(key) || key.startsWith('tn_')) throw invalid(`tags.${key}`, 'collides with a tag of this package');
    if (key in checked) throw invalid(`tags.${key}`, 'is given twice');
    checkText(value, `tags.${key}`);
    checked[key] = value;
  }
  return checked;
}

/** The tags of a connect session for a subject, without `tn_environment`, which only a process knows. */
export function sessionTags({ owner: { endUser, organization }, slot }: Subject, nonce: string): Tags {
  const tags: Tags = { [TAG.managedBy]: MANAGED_BY, [TAG.nonce]: nonce };
  if (endUser !== undefined) tags[TAG.endUserId] = endUser.id;
  if (endUser?.email !== undefined) tags[TAG.endUserEmail] = endUser.email;
  if (endUser?.displayName !== undefined) tags[TAG.endUserDisplayName] = endUser.displayName;
  if (organization !== undefined) tags[TAG.organizationId] = organization.id;
  if (slot !== undefined) tags[TAG.slot] = slot;
  return tags;
}

/** @param deadline milliseconds since the epoch, ahead of `now` by a year at the most */
export function checkDeadline(deadline: number, now: number): void {
  if (typeof deadline !== 'number' || !Number.isFinite(deadline)) throw invalid('deadline', 'must be a time in ms');
  if (deadline <= now) throw invalid('deadline', 'must not be in the past');
  if (deadline > now + MAX_WAIT_MS) throw invalid('deadline', 'must be within a year');
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

/** A value that JSON holds without loss and that may enter a history. @returns its bytes as JSON */
export function checkJson(value: unknown, field: string): number {
  if (value === undefined) return 0;
  checkJsonValue(value, field, new Set());
  const bytes = jsonBytes(value);
  if (bytes > MAX_PAYLOAD_BYTES) throw invalid(field, `must be at most ${MAX_PAYLOAD_BYTES} bytes as JSON`);
  return bytes;
}

/** Bytes of a value as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value) ?? '').length;
}

function checkJsonValue(value: unknown, field: string, parents: Set<object>): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value !== 'object') throw invalid(field, 'must be JSON: no undefined, function, symbol, bigint or NaN');
  if (parents.has(value)) throw invalid(field, 'must be JSON: it contains itself');
  if (parents.size >= MAX_JSON_DEPTH) throw invalid(field, 'is nested too deeply');
  if (!Array.isArray(value) && !isPlainObject(value))
    throw invalid(field, 'must be JSON: plain objects and arrays only');
  parents.add(value);
  for (const item of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
    if (item === undefined && !Array.isArray(value)) continue;
    checkJsonValue(item, field, parents);
  }
  parents.delete(value);
}

/** By prototype chain, not identity: the sandbox, jest and the host each have an `Object` of their own. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function checkText(value: unknown, field: string): void {
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_TAG_VALUE_CHARS) {
    throw invalid(field, `must be a text of 1 to ${MAX_TAG_VALUE_CHARS} characters`);
  }
  if (/[^ -~\u0080-\uffff]/.test(value)) throw invalid(field, 'must not contain a control character');
  try {
    encodeURIComponent(value);
  } catch {
    throw invalid(field, 'must be well-formed Unicode');
  }
}
