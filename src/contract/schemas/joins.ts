import { z } from 'zod';
import { REASONS } from '../errors';
import type { Failure, Join, JoinUpdateResult, JoinRequestInput, LeaveRequestInput, RequestResult } from '../types';
import { questionSchema } from './requests';
import {
  candidateSchema,
  chooseSchema,
  connectionSchema,
  identitySchema,
  subjectSchema,
  tagsSchema,
} from './connections';

/** One that only a later version knows does no harm. */
const reasonSchema = z.enum(REASONS).optional().catch(undefined);

export const failureSchema = z.object({
  type: z.string(),
  status: z.number().optional(),
  reason: reasonSchema,
  code: z.string().optional(),
  field: z.string().optional(),
  scope: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  suggestions: z.array(z.string()).optional(),
  connections: z.array(candidateSchema).optional(),
}) satisfies z.ZodType<Failure>;

export const joinSchema = z.object({
  joinId: z.string(),
  deadline: z.number().optional(),
  subscriber: z.object({ workflowId: z.string() }).optional(),
  scopes: z.array(z.string()).optional(),
  freshScopes: z.boolean().optional(),
  tags: tagsSchema.optional(),
  reconnect: z.string().optional(),
  identity: identitySchema.optional(),
  readsOnAccountChange: z.boolean().optional(),
  choose: chooseSchema.optional(),
  several: z.enum(['choose', 'fail']).optional(),
}) satisfies z.ZodType<Join>;

export const joinUpdateResultSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('connected'), connection: connectionSchema }),
  z.object({
    status: z.literal('pending'),
    requestId: z.string(),
    firstExecutionRunId: z.string(),
    question: questionSchema.optional(),
  }),
  z.object({ status: z.literal('failed'), failure: failureSchema, requestId: z.string().optional() }),
  z.object({
    status: z.enum(['declined', 'timedOut', 'cancelled']),
    coolDownUntil: z.number().optional(),
    requestId: z.string().optional(),
  }),
  z.object({
    status: z.literal('refused'),
    type: z.string(),
    message: z.string(),
    reason: reasonSchema,
    field: z.string().optional(),
    retryable: z.boolean(),
  }),
  z.object({ status: z.literal('same'), as: z.number() }),
]) satisfies z.ZodType<JoinUpdateResult>;

export const requestResultSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('connected'), connection: connectionSchema }),
  z.object({ status: z.enum(['declined', 'timedOut', 'cancelled']), failure: failureSchema.optional() }),
]) satisfies z.ZodType<RequestResult>;

export const joinRequestInputSchema = z.strictObject({
  subject: subjectSchema,
  join: joinSchema,
  ignoreCoolDown: z.boolean(),
  at: z.number(),
  since: z.number().optional(),
  waitsItsTurn: z.literal(true).optional(),
}) satisfies z.ZodType<JoinRequestInput>;

export const leaveRequestInputSchema = z.strictObject({
  subject: subjectSchema,
  joinId: z.string(),
}) satisfies z.ZodType<LeaveRequestInput>;
