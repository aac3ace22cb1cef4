import { z } from 'zod';
import { jsonSchema } from './json';

export const ownerSchema = z.strictObject({
  endUser: z
    .strictObject({ id: z.string(), email: z.string().optional(), displayName: z.string().optional() })
    .optional(),
  organization: z.strictObject({ id: z.string() }).optional(),
});

export const tagsSchema = z.record(z.string(), z.string());

/** What identifies a connection at Nango: the pair, not the id alone. */
export const connectionRefSchema = z.object({ integration: z.string(), connectionId: z.string() });

/** All of a connection that may enter a history: no credentials, no `connection_config`. */
export const connectionSchema = connectionRefSchema.extend({
  provider: z.string(),
  tags: tagsSchema,
  createdAt: z.string(),
  /** `failing`: the last refresh or test of its credentials failed */
  health: z.enum(['ok', 'failing']),
  /** scopes the provider granted, where Nango knows them and the key may read them */
  grantedScopes: z.array(z.string()).optional(),
  /** a reconnect has put another account behind it: reads only, until somebody has said yes */
  accountChanged: z.boolean().optional(),
  /**
   * `false`: the caller named scopes, and no link that asked for all of them has made this connection, so the provider
   * may have granted others. Absent: none were named, or they were asked for; nobody looks at what was granted.
   */
  scopesChecked: z.literal(false).optional(),
});

/** One of several connections that fit, and what tells it from the others. */
export const candidateSchema = z.object({
  connectionId: z.string(),
  createdAt: z.string(),
  /** those that are not the same on all of them */
  tags: tagsSchema,
});

/** Whose connection of which integration, and which of several. */
export const subjectSchema = z.strictObject({
  integration: z.string(),
  owner: ownerSchema,
  slot: z.string().optional(),
});

/** How to learn which account of the provider is behind a connection: a GET, and where in its answer the account is. */
export const identitySchema = z.strictObject({
  endpoint: z.string(),
  /** JSON pointer to a string or a number, such as `/data/id` */
  pointer: z.string(),
});

/** What of a connection a reconnect would lose. */
export const snapshotSchema = z.object({
  connection: connectionSchema,
  metadata: z.record(z.string(), jsonSchema).nullable(),
  webhookUrlOverride: z.string().optional(),
});

export const findInputSchema = z.strictObject({
  integration: z.string().optional(),
  owner: ownerSchema,
  /** only this slot, and the default slot if absent; unless `anySlot` */
  slot: z.string().optional(),
  anySlot: z.boolean().optional(),
});

/** A connection that a hint named, and whose request it may concern. */
export const findHintedInputSchema = z.strictObject({ subject: subjectSchema, connectionId: z.string() });

export const adoptConnectionInputSchema = z.strictObject({ subject: subjectSchema, connectionId: z.string() });

/** How a connection shall be after a reconnect. */
export const restoreConnectionInputSchema = snapshotSchema
  .pick({ metadata: true, webhookUrlOverride: true })
  .partial()
  .extend({
    connection: connectionRefSchema,
    tags: tagsSchema,
  });

/** What of a connection a key without `connections:update` could not write. */
export const unwrittenSchema = z.enum(['tags', 'metadata', 'webhookUrlOverride']);

/** A connection as it is then. */
export const restoredConnectionSchema = z.object({
  connection: connectionSchema,
  /** absent: it is as it shall be */
  unwritten: z.array(unwrittenSchema).optional(),
});

export const identifyAccountInputSchema = z.strictObject({ connection: connectionRefSchema, identity: identitySchema });
