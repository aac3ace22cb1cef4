import { z } from 'zod';
import { connectionRefSchema, tagsSchema } from './connections';

export const hintSchema = z.object({
  source: z.enum(['webhook', 'watch']),
  connectionId: z.string().optional(),
  nonce: z.string().optional(),
});

/** What whoever mints a connect session must put into it. */
export const linkGrantSchema = z.object({
  integration: z.string(),
  /** every tag of the session but `tn_environment`, which the minter adds */
  tags: tagsSchema,
  scopes: z.array(z.string()).optional(),
  /** id of the connection that is connected anew */
  reconnectOf: z.string().optional(),
  /** a reconnect would reset it */
  webhookUrlOverride: z.string().optional(),
  nonce: z.string(),
  until: z.number(),
});

export const watchedLinkSchema = z.object({
  requestId: z.string(),
  nonce: z.string(),
  until: z.number(),
  /** a connection that is connected anew does not move up the list: it is looked at by its id */
  reconnectOf: connectionRefSchema.optional(),
});

export const sweepInputSchema = z.strictObject({
  /** connections made since, in milliseconds since the epoch */
  since: z.number(),
  reconnects: z.array(connectionRefSchema).optional(),
});

export const sweepResultSchema = z.object({
  seen: z.array(z.object({ connectionId: z.string(), nonce: z.string() })),
  /** the account's requests a minute, where the server says so */
  limitPerMinute: z.number().optional(),
});
