import { z } from 'zod';
import type { BulkProgress, BulkRef, BulkResult } from '../types';
import { connectionRefSchema } from './connections';

const counts = {
  done: z.number(),
  failed: z.record(z.string(), z.number()),
  unknown: z.number(),
  skipped: z.number(),
};

export const bulkProgressSchema = z.object({
  status: z.enum(['running', 'paused', 'stopping', 'stopped', 'completed', 'failed']),
  connection: connectionRefSchema,
  ...counts,
  total: z.number().optional(),
  rate: z.number(),
  by: z.string().optional(),
  waitsFor: z.enum(['source', 'calls', 'sink']).optional(),
  begunAt: z.number(),
  endsAt: z.number().optional(),
}) satisfies z.ZodType<BulkProgress>;

export const bulkResultSchema = z.object({
  status: z.enum(['completed', 'stopped']),
  ...counts,
}) satisfies z.ZodType<BulkResult>;

export const bulkRefSchema = z.object({
  id: z.string(),
  firstExecutionRunId: z.string(),
}) satisfies z.ZodType<BulkRef>;
