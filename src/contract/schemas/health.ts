import { z } from 'zod';
import type { OutageNotice, ReportFailingInput } from '../types';
import { connectionRefSchema } from './connections';

export const reportFailingInputSchema = z.object({
  connection: connectionRefSchema,
  sign: z.enum(['refresh', 'exhausted', 'unauthorized']),
  tried: z.boolean(),
  waiter: z.object({ workflowId: z.string(), waitId: z.string() }).optional(),
}) satisfies z.ZodType<ReportFailingInput>;

export const integrationSchema = z.object({ integration: z.string() });

export const outageNoticeSchema = z.object({
  reason: z.enum(['outage']),
  integration: z.string(),
  failing: z.number(),
  since: z.number(),
}) satisfies z.ZodType<OutageNotice>;
