import { z } from 'zod';
import { MAX_HELD_READS, MAX_HOLDS } from '../limits';
import type { HeldConnection, HoldConnectionInput, HoldsView, ReadHeldInput } from '../types';
import { connectionRefSchema } from './connections';

export const holdConnectionInputSchema = z.object({
  connection: connectionRefSchema,
  until: z.number(),
}) satisfies z.ZodType<HoldConnectionInput>;

export const heldConnectionSchema = z.object({ since: z.number() }) satisfies z.ZodType<HeldConnection>;

export const holdsViewSchema = z.object({
  held: z.array(z.string()).max(MAX_HOLDS),
  all: z.literal(true).optional(),
}) satisfies z.ZodType<HoldsView>;

export const readHeldInputSchema = z.object({
  connections: z.array(connectionRefSchema).max(MAX_HELD_READS),
}) satisfies z.ZodType<ReadHeldInput>;
