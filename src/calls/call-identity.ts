import { jsonDigest } from '../contract/json-digest';
import { CALL_ID_PREFIX } from '../contract/names';
import { sha256Hex } from '../contract/request-id';
import { isProxyCall } from '../contract/rules/check-call';
import { checkTemporalName } from '../contract/rules/check-shape';
import { checkName } from '../contract/rules/text';
import type { Call, ConnectionRef } from '../contract/types';
import type { Place } from '../requests/start';

/**
 * The activity id of a call, from the id that its caller gives it. The environments of a namespace share its ids, and so do
 * activities of other people's.
 *
 * @throws Nango.InvalidRequest for one that is no name, or is too long
 */
export function activityIdOf({ environment }: Pick<Place, 'environment'>, id: string): string {
  checkName(id, 'id');
  const activityId = `${CALL_ID_PREFIX}${encodeURIComponent(environment)}/${id}`;
  checkTemporalName(activityId, 'id');
  return activityId;
}

/** The id that its caller gives a call, from its activity id. */
export function callIdOf(activityId: string): string {
  return activityId.slice(activityId.indexOf('/', CALL_ID_PREFIX.length) + 1);
}

/**
 * What the provider is told of a call that is no GET: the same for all attempts, and for a later call of the same id, once
 * Temporal has forgotten this one.
 */
export function idempotencyKeyOf(
  { client }: Pick<Place, 'client'>,
  call: Call,
  activityId: string,
): string | undefined {
  if (!isProxyCall(call) || call.method === 'GET') return undefined;
  return sha256Hex(`${client.options.namespace}\n${activityId}`);
}

/**
 * What tells one call from another: SHA-256 of all of it and of its connection's names, the order of keys aside. It is kept
 * beside the call, where nobody sees it who does not see the call itself.
 */
export function digestOf({ integration, connectionId }: ConnectionRef, call: Call): string {
  return jsonDigest({ integration, connectionId, call });
}
