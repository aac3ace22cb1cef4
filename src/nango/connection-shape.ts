import { z } from 'zod';
import { nangoFailure } from '../contract/errors';
import { jsonBytes } from '../contract/rules/json';
import { MAX_CONNECTION_BYTES } from '../contract/limits';
import { jsonSchema } from '../contract/schemas/json';
import { TAG } from '../contract/names';
import type { Connection, Snapshot } from '../contract/types';

/** Nango's connection as a list shows it, and as one is read; https://nango.dev/docs/reference/api/connections/list */
export const nangoConnectionSchema = z.looseObject({
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
  metadata: z.record(z.string(), jsonSchema).nullish(),
  webhook_url_override: z.string().nullish(),
  /** every kind has a shape of its own; only OAuth has scopes */
  credentials: z
    .looseObject({ raw: z.looseObject({ scope: z.unknown() }) })
    .optional()
    .catch(undefined),
});

export type NangoConnection = z.infer<typeof nangoConnectionSchema>;

/**
 * What of a connection may leave this process: no credentials, no `connection_config`, no metadata.
 *
 * @throws Nango.BadResponse over 64 KB: a request that hands it on must be able to
 */
export function projectConnection(connection: NangoConnection): Connection {
  const tags = connection.tags ?? {};
  const projected = {
    integration: connection.provider_config_key,
    connectionId: connection.connection_id,
    provider: connection.provider,
    tags,
    createdAt: connection.created ?? connection.created_at ?? new Date(0).toISOString(),
    health: connection.errors.some(({ type }) => type === 'auth') ? 'failing' : 'ok',
    grantedScopes: grantedScopes(connection.credentials?.raw.scope),
    accountChanged: tags[TAG.newAccount] === undefined ? undefined : true,
  } as const;
  if (jsonBytes(projected) <= MAX_CONNECTION_BYTES) return projected;
  throw nangoFailure('Nango.BadResponse', { hint: `A connection is over ${MAX_CONNECTION_BYTES} bytes.` });
}

/** What of it a reconnect would lose. */
export function projectSnapshot(connection: NangoConnection): Snapshot {
  return {
    connection: projectConnection(connection),
    metadata: connection.metadata ?? null,
    webhookUrlOverride: connection.webhook_url_override ?? undefined,
  };
}

/** The provider's own list, separated by spaces (RFC 6749) or, with some, by commas. */
function grantedScopes(scope: unknown): string[] | undefined {
  return typeof scope === 'string' ? scope.split(/[\s,]+/).filter((one) => one !== '') : undefined;
}
