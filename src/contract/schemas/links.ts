import { z } from 'zod';
import type { LinkGrant, SweepInput, WatchedLink } from '../types';
import { connectionRefSchema, tagsSchema } from './connections';

export const linkGrantSchema = z.object({
  integration: z.string(),
  tags: tagsSchema,
  scopes: z.array(z.string()).optional(),
  reconnectOf: z.string().optional(),
  webhookUrlOverride: z.string().optional(),
  nonce: z.string(),
  until: z.number(),
}) satisfies z.ZodType<LinkGrant>;

export const watchedLinkSchema = z.object({
  requestId: z.string(),
  nonce: z.string(),
  until: z.number(),
  renews: z.boolean().optional(),
  unlisted: connectionRefSchema.optional(),
}) satisfies z.ZodType<WatchedLink>;

export const sweepInputSchema = z.strictObject({
  wanted: z.array(z.string()),
  madeSince: z.number().optional(),
  renewed: z.boolean().optional(),
  unlisted: connectionRefSchema.optional(),
  pages: z.strictObject({ made: z.number(), renewed: z.number() }),
}) satisfies z.ZodType<SweepInput>;
