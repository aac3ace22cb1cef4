import { z } from 'zod';
import { findNangoFailure, invalid } from '../contract/errors';
import type { Connection, ConnectionRef, Snapshot, Tags } from '../contract/types';
import { callManagementApi, parseJson } from './management-api';
import { classify } from './verdict/classify';
import { nangoConnectionSchema, projectConnection, projectSnapshot } from './connection-shape';
import type { NangoConnection } from './connection-shape';
import { failureOf } from './verdict/fail';
import { getIntegrationScopes } from './integrations';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';
import { readError } from './http/nango-error';
import type { HttpOutcome } from './http/outcome';

const listSchema = z.looseObject({ connections: z.array(nangoConnectionSchema) });
/** A connection whose refresh fails is told inside the error. */
const deadSchema = z.looseObject({
  error: z.looseObject({ payload: z.looseObject({ connection: nangoConnectionSchema }) }),
});

export interface ConnectionQuery {
  integration?: string;
  connectionId?: string;
  tags?: Tags;
  limit: number;
  /** from 0; of `limit` each */
  page?: number;
}

/**
 * Connections, newest first, at most `limit`. `limitPerMinute` is the account's rate limit where the server says it.
 *
 * @throws Nango.Misconfigured, Nango.Forbidden (`environment:connections:list`), Nango.RateLimited, Nango.Unavailable
 */
export async function listConnections(
  api: NangoApi,
  { integration, connectionId, tags = {}, limit, page = 0 }: ConnectionQuery,
  bounds: Bounds,
): Promise<{ connections: Connection[]; limitPerMinute?: number }> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (page > 0) query.set('page', String(page));
  if (integration !== undefined) query.set('integrationId', integration);
  if (connectionId !== undefined) query.set('connectionId', connectionId);
  for (const [key, value] of Object.entries(tags)) query.set(`tags[${key}]`, value);
  const { body, response } = await callManagementApi(
    api,
    { method: 'GET', path: `/connections?${query.toString()}` },
    listSchema,
    bounds,
  );
  const limitPerMinute = Number(response.headers['x-ratelimit-limit']);
  return {
    connections: body.connections.map(projectConnection),
    limitPerMinute: limitPerMinute > 0 ? limitPerMinute : undefined,
  };
}

/**
 * One connection, from where it was written. One whose refresh fails is a connection with `health: 'failing'`.
 *
 * @throws Nango.ConnectionNotFound, Nango.IntegrationNotFound, and what {@link listConnections} throws
 */
export async function getConnection(api: NangoApi, ref: ConnectionRef, bounds: Bounds): Promise<Connection> {
  const { connection, dead } = await getNangoConnection(api, ref, bounds);
  const projected = projectConnection(connection);
  return dead ? { ...projected, health: 'failing' } : projected;
}

/** The same with its metadata and webhook override, which a reconnect would wipe. @throws as {@link getConnection} */
export async function snapshotConnection(api: NangoApi, ref: ConnectionRef, bounds: Bounds): Promise<Snapshot> {
  const { connection, dead } = await getNangoConnection(api, ref, bounds);
  const snapshot = { ...projectSnapshot(connection), ...(await ownScopes(api, connection, bounds)) };
  return dead ? { ...snapshot, connection: { ...snapshot.connection, health: 'failing' } } : snapshot;
}

/** What the integration requests by itself: of an OAuth connection that was made without an override. */
async function ownScopes(
  api: NangoApi,
  { provider_config_key: integration, credentials, connection_config: config }: NangoConnection,
  bounds: Bounds,
): Promise<Pick<Snapshot, 'integrationScopes'>> {
  const isReadable = credentials !== undefined && config?.oauth_scopes_override === undefined;
  return isReadable ? { integrationScopes: await getIntegrationScopes(api, integration, bounds) } : {};
}

/** The same read, unjudged: what it says tells whose a doubtful error was. */
export function readConnection(api: NangoApi, ref: ConnectionRef, bounds: Bounds): Promise<HttpOutcome> {
  return api.send({ method: 'GET', path: pathOf(ref) }, bounds);
}

/**
 * Replaces all tags of a connection, or its webhook override (the empty text clears it).
 *
 * @throws Nango.ConnectionNotFound, Nango.Forbidden (`environment:connections:update`), Nango.InvalidRequest, and what
 *   {@link listConnections} throws
 */
export async function patchConnection(
  api: NangoApi,
  ref: ConnectionRef,
  { tags, webhookUrlOverride }: { tags?: Tags; webhookUrlOverride?: string },
  bounds: Bounds,
): Promise<void> {
  const body = { tags, webhook_url_override: webhookUrlOverride };
  await callManagementApi(api, { method: 'PATCH', path: pathOf(ref), body }, z.unknown(), bounds);
}

/** Replaces the metadata of a connection. @throws as {@link patchConnection} */
export async function setMetadata(
  api: NangoApi,
  { integration, connectionId }: ConnectionRef,
  metadata: Snapshot['metadata'],
  bounds: Bounds,
): Promise<void> {
  const body = { connection_id: connectionId, provider_config_key: integration, metadata: metadata ?? {} };
  await callManagementApi(api, { method: 'POST', path: '/connections/metadata', body }, z.unknown(), bounds);
}

/** Deletes a connection; one that is gone is deleted. @throws what {@link listConnections} throws */
export async function deleteConnection(api: NangoApi, ref: ConnectionRef, bounds: Bounds): Promise<void> {
  try {
    await callManagementApi(api, { method: 'DELETE', path: pathOf(ref) }, z.unknown(), bounds);
  } catch (error) {
    if (findNangoFailure(error)?.type !== 'Nango.ConnectionNotFound') throw error;
  }
}

/** @returns the connection, and whether it is dead: its refresh fails */
async function getNangoConnection(
  api: NangoApi,
  ref: ConnectionRef,
  bounds: Bounds,
): Promise<{ connection: NangoConnection; dead: boolean }> {
  const outcome = await readConnection(api, ref, bounds);
  const verdict = classify({ route: 'management', repeatable: true }, outcome, Date.now());
  if (outcome.kind === 'response') {
    const body = parseJson(outcome.body);
    const alive = nangoConnectionSchema.safeParse(body);
    if (verdict === undefined && alive.success) return { connection: alive.data, dead: false };
    const dead = readError(outcome).code === 'invalid_credentials' ? deadSchema.safeParse(body) : undefined;
    if (dead?.success) return { connection: dead.data.error.payload.connection, dead: true };
  }
  throw failureOf(
    typeof verdict === 'object' ? verdict : { type: 'Nango.BadResponse', retryable: false, status: statusOf(outcome) },
    api.keyName,
  );
}

function pathOf({ integration, connectionId }: ConnectionRef): string {
  if (/^\.{1,2}$/.test(connectionId)) throw invalid('connection.connectionId', 'must not be . or ..');
  return `/connections/${encodeURIComponent(connectionId)}?provider_config_key=${encodeURIComponent(integration)}`;
}

function statusOf(outcome: HttpOutcome): number | undefined {
  return outcome.kind === 'response' ? outcome.status : undefined;
}
