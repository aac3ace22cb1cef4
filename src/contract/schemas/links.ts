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
  /** milliseconds since the epoch */
  until: z.number(),
  /** it connects a connection anew, which does not move up the list of new ones: there is another list for these */
  renews: z.boolean().optional(),
  /** one of these whose tags leave no room to be listed by: it is looked at by its id */
  unlisted: connectionRefSchema.optional(),
});

/** Where a sweep goes on in each of its lists: the page, from 0. */
const pagesSchema = z.strictObject({ made: z.number(), renewed: z.number() });

export const sweepInputSchema = z.strictObject({
  /** the first characters of the nonces that are waited for */
  wanted: z.array(z.string()),
  /** look for connections made since, in milliseconds since the epoch */
  madeSince: z.number().optional(),
  /** look for connections that were connected anew */
  renewed: z.boolean().optional(),
  /** look at this one, which is in no list */
  unlisted: connectionRefSchema.optional(),
  pages: pagesSchema,
});

export const sweepResultSchema = z.object({
  seen: z.array(z.object({ connectionId: z.string(), nonce: z.string() })),
  /** made at Nango, whether or not they were answered */
  requests: z.number(),
  /** where the next sweep goes on */
  pages: pagesSchema,
  /** the account's requests a minute, where the server says so */
  limitPerMinute: z.number().optional(),
  /** what ended it before its end */
  failure: z.object({ type: z.string(), retryAfterMs: z.number().optional() }).optional(),
});
