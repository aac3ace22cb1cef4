import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ConnectionNames, Owner, Subject } from './types';

/** Beyond this the part after the integration is hashed; Temporal allows 1,000, lists and logs are read by people. */
const MAX_READABLE_BYTES = 200;

const PREFIX = 'nango';
const LIMITER_PREFIX = 'nango-limit';

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

/** A run as Temporal names it. */
const RUN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Temporal's own limit. */
const MAX_ID_CHARS = 1_000;

/** Whether an id can be one of a request of an environment; what it is made of is ASCII. */
export function isRequestId(id: string, environment: string): boolean {
  return id.length <= MAX_ID_CHARS && /^[!-~]*$/.test(id) && id.startsWith(requestIdPrefix(environment));
}

/** Whether there can be such a run: Temporal refuses anything else as malformed, which says less than that it is unknown. */
export function isRunId(runId: string): boolean {
  return RUN_ID.test(runId);
}

/** SHA-256 in hexadecimal, in the sandbox too, which has no `crypto`. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
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
