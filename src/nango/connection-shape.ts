import { z } from 'zod';
import { nangoFailure } from '../contract/errors';
import { jsonBytes } from '../contract/rules/json';
import { scopesIn } from './scope-names';
import { MAX_CONNECTION_BYTES, MAX_GRANTED_SCOPES_BYTES } from '../contract/limits';
import { jsonSchema } from '../contract/schemas/json';
import { TAG, UNCONFIRMED } from '../contract/names';
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
  /** of what it holds nothing else leaves this process: it may be secret */
  connection_config: z
    .looseObject({ oauth_scopes_override: z.array(z.string()).optional().catch(undefined) })
    .nullish()
    .catch(undefined),
  /** every kind has a shape of its own; only OAuth has scopes */
  credentials: z
    .looseObject({ raw: z.looseObject({}) })
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
    grantedScopes: grantedScopes(connection.credentials?.raw ?? {}),
    accountChanged: tags[TAG.newAccount] === undefined ? undefined : true,
    unconfirmed: tags[TAG.owner] === UNCONFIRMED ? true : undefined,
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
    scopesOverride: scopesIn(connection.connection_config?.oauth_scopes_override),
  };
}

/**
 * What a token endpoint says it granted: by RFC 6749 a text separated by spaces, with some providers by commas, or a
 * list, or under the name `scopes`. Slack's `authed_user.scope` is of a token that no call is made with.
 */
function grantedScopes({ scope, scopes }: { scope?: unknown; scopes?: unknown }): string[] | undefined {
  const granted = scopesIn(scope ?? scopes);
  return granted !== undefined && jsonBytes(granted) <= MAX_GRANTED_SCOPES_BYTES ? granted : undefined;
}
