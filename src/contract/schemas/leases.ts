import { z } from 'zod';
import type { KnownLimit, Lease } from '../types';

export const knownLimitSchema = z.object({
  calls: z.number().int().min(1),
  perMs: z.number().positive(),
  source: z.enum(['nango', 'declared', 'refusals']),
}) satisfies z.ZodType<KnownLimit>;

export const leaseSchema = z.object({
  granted: z.number().int().min(0),
  leaseMs: z.number().positive(),
  retryAfterMs: z.number().min(0).optional(),
  limit: knownLimitSchema.optional(),
  share: z.number().min(0),
  measure: z.literal(true).optional(),
}) satisfies z.ZodType<Lease>;
