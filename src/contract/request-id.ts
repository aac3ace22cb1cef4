import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ConnectionNames, FunctionSubject, Owner, Subject } from './types';

/** Beyond this the part after the integration is hashed; Temporal allows 1,000, lists and logs are read by people. */
const MAX_READABLE_BYTES = 200;

/** Of an owner's few connections none is taken for another's by chance. */
const MARK_CHARS = 16;
/** One that is taken for a held one by chance is only read once more before a call. */
const HOLD_CHARS = 16;

const PREFIX = 'nango';
const LIMITER_PREFIX = 'nango-limit';
const SET_UP_PREFIX = 'nango-integration';

/**
 * The workflow id of the connection request for a subject: `nango/<environment>/<integration>/<owner>[/<slot>]`.
 * Whoever knows the four derives the same id, in any language: `docs/request-id-vectors.json` has test vectors.
 *
 * @example
 * ```ts
 * requestId('default', { integration: 'hubspot', owner: { endUser: { id: 'u_42' } } }); // nango/default/hubspot/u:u_42
 * ```
 * @param environment label of the Nango environment: `NangoConfig.environment`
 * @param subject whose connection of which integration
 */
export function requestId(environment: string, { integration, owner, slot }: Subject): string {
  const who = slot === undefined ? ownerKey(owner) : `${ownerKey(owner)}/${encodePart(slot)}`;
  const head = `${requestIdPrefix(environment)}${encodePart(integration)}/`;
  const readable = head + who;
  return readable.length <= MAX_READABLE_BYTES ? readable : `${head}h:${sha256Hex(who)}`;
}

/** What the ids of all requests of an environment begin with. */
export function requestIdPrefix(environment: string): string {
  return `${PREFIX}/${encodePart(environment)}/`;
}

/** The workflow id of the set-up of an integration: `nango-integration/<environment>/<integration>`. */
export function setUpId(environment: string, integration: string): string {
  return `${setUpIdPrefix(environment)}${encodePart(integration)}`;
}

/** What the ids of all set-ups of an environment begin with. */
export function setUpIdPrefix(environment: string): string {
  return `${SET_UP_PREFIX}/${encodePart(environment)}/`;
}

/**
 * The workflow id of the limiter of a Nango account, or of one of its connections: `nango-limit/<account>` and
 * `nango-limit/<account>/<integration>/<connection>`. What is too long after the account is hashed, as in a request id.
 */
export function limiterId(account: string, connection?: ConnectionNames): string {
  const head = `${LIMITER_PREFIX}/${encodePart(account)}`;
  if (connection === undefined) return head;
  const whose = `${encodePart(connection.integration)}/${encodePart(connection.connectionId)}`;
  const readable = `${head}/${whose}`;
  return readable.length <= MAX_READABLE_BYTES ? readable : `${head}/h:${sha256Hex(whose)}`;
}

/**
 * The workflow id of the deployment of a function: `nango-deploy/<environment>/<integration>/<kind>/<name>`. What is too
 * long after the environment is hashed, as in a request id.
 */
export function deploymentId(environment: string, { integration, kind, name }: FunctionSubject): string {
  const head = `nango-deploy/${encodePart(environment)}`;
  const which = `${encodePart(integration)}/${kind}/${encodePart(name)}`;
  const readable = `${head}/${which}`;
  return readable.length <= MAX_READABLE_BYTES ? readable : `${head}/h:${sha256Hex(which)}`;
}

/** The workflow id of the health of an integration: `nango-health/<environment>/<integration>`. */
export function healthId(environment: string, integration: string): string {
  return `nango-health/${encodePart(environment)}/${encodePart(integration)}`;
}

/**
 * The workflow id of a notice to the operator: `nango-notice/<environment>/<integration>/<hour>`, so that a burst has one.
 *
 * @param now milliseconds since the epoch
 */
export function noticeId(environment: string, integration: string, now: number): string {
  const hour = new Date(now).toISOString().slice(0, 13);
  return `nango-notice/${encodePart(environment)}/${encodePart(integration)}/${hour}`;
}

/** The workflow id of what holds connections of an environment: `nango-holds/<environment>`. */
export function holdsId(environment: string): string {
  return `nango-holds/${encodePart(environment)}`;
}

/** The same from the id of a request, `nango/<encoded environment>/…`: the sandbox knows no label. */
export function holdsIdOf(requestId: string): string {
  const [, environment = ''] = requestId.split('/');
  return `nango-holds/${environment}`;
}

/** By which a held connection stands in a memo, where every worker reads it. */
export function holdKey({ integration, connectionId }: ConnectionNames): string {
  return sha256Hex(`${integration}\n${connectionId}`).slice(0, HOLD_CHARS);
}

/** Short names for connections that are only counted: 48 bits tell a hundred thousand apart. */
export function connectionKey(connectionId: string): string {
  return sha256Hex(connectionId).slice(0, 12);
}

/** A run as Temporal names it. */
const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Temporal's own limit. */
const MAX_ID_CHARS = 1_000;

/** Whether an id can be one of a request of an environment; what it is made of is ASCII. */
export function isRequestId(id: string, environment: string): boolean {
  return id.length <= MAX_ID_CHARS && /^[!-~]*$/.test(id) && id.startsWith(requestIdPrefix(environment));
}

/** The same of a set-up. */
export function isSetUpId(id: string, environment: string): boolean {
  return id.length <= MAX_ID_CHARS && /^[!-~]*$/.test(id) && id.startsWith(setUpIdPrefix(environment));
}

/** Whether there can be such a run: Temporal refuses anything else as malformed, which says less than that it is unknown. */
export function isRunId(runId: string): boolean {
  return RUN_ID.test(runId);
}

/** SHA-256 in hexadecimal, in the sandbox too, which has no `crypto`. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/**
 * What says on a connection that it was chosen for an owner and slot: short, since all for whom it was chosen share a tag.
 */
export function choiceMark({ owner, slot }: Pick<Subject, 'owner' | 'slot'>): string {
  const who = slot === undefined ? ownerKey(owner) : `${ownerKey(owner)}/${encodePart(slot)}`;
  return sha256Hex(who).slice(0, MARK_CHARS);
}

function ownerKey({ endUser, organization }: Owner): string {
  const parts = [];
  if (organization !== undefined) parts.push(`o:${encodePart(organization.id)}`);
  if (endUser !== undefined) parts.push(`u:${encodePart(endUser.id)}`);
  return parts.length === 0 ? '-' : parts.join(',');
}

function encodePart(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*.~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** How a read without a workflow joins the request of its owner; the same in each attempt, and for whoever cancels it. */
export function healingJoinId(activityId: string): string {
  return sha256Hex(activityId);
}
