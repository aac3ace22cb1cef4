import { z } from 'zod';
import type { PageInput, Pagination } from '../types';
import { connectionRefSchema } from './connections';

const placeSchema = z.string();

const paramSchema = z.string().min(1).max(255);

const pageOptions = {
  itemsPath: placeSchema.optional(),
  limitParam: paramSchema.optional(),
};

export const paginationSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('cursor'),
    cursorPath: placeSchema,
    cursorParam: paramSchema,
    ...pageOptions,
  }),
  z.strictObject({
    type: z.literal('link'),
    linkPath: placeSchema.optional(),
    linkRel: z.string().optional(),
    ...pageOptions,
  }),
  z.strictObject({
    type: z.literal('offset'),
    offsetParam: paramSchema,
    by: z.enum(['items', 'page']),
    start: z.int().min(0).optional(),
    ...pageOptions,
  }),
]) satisfies z.ZodType<Pagination>;

export const pageInputSchema = z.strictObject({
  connection: connectionRefSchema.extend({ provider: z.string().optional() }),
  endpoint: z.string(),
  paginate: paginationSchema.optional(),
  limit: z.int().min(1).optional(),
  next: z.string().optional(),
  pick: z.array(z.string()).optional(),
}) satisfies z.ZodType<PageInput>;
