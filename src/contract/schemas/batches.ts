import { z } from 'zod';
import type { BatchInput } from '../types';
import { proxyCallSchema } from './calls';
import { connectionRefSchema } from './connections';

export const batchInputSchema = z.strictObject({
  connection: connectionRefSchema,
  calls: z.array(z.strictObject({ call: proxyCallSchema, idempotencyKey: z.string().optional() })),
  concurrency: z.number(),
}) satisfies z.ZodType<BatchInput>;
