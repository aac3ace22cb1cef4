import { z } from 'zod';
import type { DescribeProviderInput, DiscoveryOptions, ListConnectionsInput, ListFunctionsInput } from '../types';
import { ownerSchema, tagsSchema } from './connections';

const fresh = z.boolean().optional();

export const discoveryOptionsSchema = z.strictObject({ fresh }) satisfies z.ZodType<DiscoveryOptions>;

export const listConnectionsInputSchema = z.strictObject({
  integration: z.string().optional(),
  owner: ownerSchema,
  tags: tagsSchema.optional(),
  from: z.int().min(0).optional(),
  fresh,
}) satisfies z.ZodType<ListConnectionsInput>;

export const listFunctionsInputSchema = z.strictObject({
  integration: z.string(),
  kind: z.enum(['action', 'sync']).optional(),
  schemas: z.boolean().optional(),
  fresh,
}) satisfies z.ZodType<ListFunctionsInput>;

export const describeProviderInputSchema = z.strictObject({
  provider: z.string(),
  fresh,
}) satisfies z.ZodType<DescribeProviderInput>;
