import { z } from 'zod';
import { findNangoFailure, invalid } from '../contract/errors';
import type { Connection, ConnectionRef, Tags } from '../contract/types';
import { ask, parseJson } from './ask';
import { classify } from './classify';
import { failureOf } from './fail';
import type { Bounds, NangoApi } from './http';
import type { HttpOutcome } from './outcome';
import { readError } from './nango-error';

/** Nango's connection as a list shows it, and as one is read; https://nango.dev/docs/reference/api/connections/list */
const nangoConnectionSchema = z.looseObject({
  connection_id: z.string(),
  provider_config_key: z.string(),
  provider: z.string(),
  errors: z
    .array(z.looseObject({ type: z.string() }))
    .nullish()
    .transform((errors) => errors ?? []),
  tags: z.record(z.string(), z.string()).nullish(),
  /** in lists */
  created: z.string().optional(),
  /** of a single connection */
  created_at: z.string().optional(),
  /** every kind has a shape of its own; only OAuth has scopes */
  credentials: z
    .looseObject({ raw: z.looseObject({ scope: z.unknown() }) })
    .optional()
    .catch(undefined),
});

type NangoConnection = z.infer<typeof nangoConnectionSchema>;

const listSchema = z.looseObject({ connections: z.array(nangoConnectionSchema) });
/** A connection whose refresh fails is told inside the error. */
const deadSchema = z.looseObject({
  error: z.looseObject({ payload: z.looseObject({ connection: nangoConnectionSchema }) }),
});

/**
 * Connections, newest first, at most `limit`. `limitPerMinute` is the account's rate limit where the server says it.
 *
 * @throws Nango.Misconfigured, Nango.Forbidden (`environment:connections:list`), Nango.RateLimited, Nango.Unavailable
 */
export async function listConnections(
  api: NangoApi,
  { integration, tags = {}, limit }: { integration?: string; tags?: Tags; limit: number },
  bounds: Bounds,
): Promise<{ connections: Connection[]; limitPerMinute?: number }> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (integration !== undefined) query.set('integrationId', integration);
  for (const [key, value] of Object.entries(tags)) query.set(`tags[${key}]`, value);
  const { body, answer } = await ask(
    api,
    { method: 'GET', path: `/connections?${query.toString()}` },
    listSchema,
    bounds,
  );
  const limitPerMinute = Number(answer.headers['x-ratelimit-limit']);
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
  const outcome = await readConnection(api, ref, bounds);
  const verdict = classify({ route: 'management', repeatable: true }, outcome, Date.now());
  if (outcome.kind === 'answer') {
    const body = parseJson(outcome.body);
    const alive = nangoConnectionSchema.safeParse(body);
    if (verdict === undefined && alive.success) return projectConnection(alive.data);
    const dead = readError(outcome).code === 'invalid_credentials' ? deadSchema.safeParse(body) : undefined;
    if (dead?.success) return { ...projectConnection(dead.data.error.payload.connection), health: 'failing' };
  }
  throw failureOf(
    typeof verdict === 'object' ? verdict : { type: 'Nango.BadResponse', retryable: false, status: statusOf(outcome) },
  );
}

/** The same read, unjudged: what it answers tells whose a doubtful error was. */
export function readConnection(api: NangoApi, ref: ConnectionRef, bounds: Bounds): Promise<HttpOutcome> {
  return api.send({ method: 'GET', path: pathOf(ref) }, bounds);
}

/** Deletes a connection; one that is gone is deleted. @throws what {@link listConnections} throws */
export async function deleteConnection(api: NangoApi, ref: ConnectionRef, bounds: Bounds): Promise<void> {
  try {
    await ask(api, { method: 'DELETE', path: pathOf(ref) }, z.unknown(), bounds);
  } catch (error) {
    if (findNangoFailure(error)?.type !== 'Nango.ConnectionNotFound') throw error;
  }
}

function pathOf({ integration, connectionId }: ConnectionRef): string {
  if (/^\.{1,2}$/.test(connectionId)) throw invalid('connection.connectionId', 'must not be . or ..');
  return `/connections/${encodeURIComponent(connectionId)}?provider_config_key=${encodeURIComponent(integration)}`;
}

function statusOf(outcome: HttpOutcome): number | undefined {
  return outcome.kind === 'answer' ? outcome.status : undefined;
}

/** What of a connection may leave this process: no credentials, no `connection_config`, no metadata. */
function projectConnection(connection: NangoConnection): Connection {
  return {
    integration: connection.provider_config_key,
    connectionId: connection.connection_id,
    provider: connection.provider,
    tags: connection.tags ?? {},
    createdAt: connection.created ?? connection.created_at ?? new Date(0).toISOString(),
    health: connection.errors.some(({ type }) => type === 'auth') ? 'failing' : 'ok',
    grantedScopes: grantedScopes(connection.credentials?.raw.scope),
  };
}

/** The provider's own list, separated by spaces (RFC 6749) or, with some, by commas. */
function grantedScopes(scope: unknown): string[] | undefined {
  return typeof scope === 'string' ? scope.split(/[\s,]+/).filter((one) => one !== '') : undefined;
}
