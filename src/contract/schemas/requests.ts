import { z } from 'zod';
import type {
  Question,
  RecordedDecision,
  Notice,
  NotifyInput,
  RequestRef,
  RequestStatus,
  RequestView,
  Wanted,
} from '../types';
import { ownerSchema, subjectSchema, unwrittenSchema } from './connections';

export const REQUEST_STATUSES = ['checking', 'waiting', 'connected', 'declined', 'timedOut', 'cancelled'] as const;

export const requestStatusSchema = z.enum(REQUEST_STATUSES) satisfies z.ZodType<RequestStatus>;

export const QUESTION_KINDS = ['connect', 'reconnect', 'approve-scopes'] as const;

export const questionSchema = z.object({
  kind: z.enum(QUESTION_KINDS),
  since: z.number(),
  deadline: z.number(),
  accountChange: z.object({ recorded: z.string(), found: z.string() }).optional(),
  scopes: z.object({ granted: z.array(z.string()), missing: z.array(z.string()) }).optional(),
}) satisfies z.ZodType<Question>;

export const recordedDecisionSchema = z.object({
  choice: z.enum(['yes', 'no']),
  by: z.string(),
  at: z.number(),
}) satisfies z.ZodType<RecordedDecision>;

export const requestRefSchema = z.object({
  id: z.string(),
  firstExecutionRunId: z.string(),
}) satisfies z.ZodType<RequestRef>;

export const requestViewSchema = z.object({
  status: requestStatusSchema,
  integration: z.string(),
  owner: ownerSchema,
  slot: z.string().optional(),
  question: questionSchema.optional(),
  subscribers: z.number(),
  reminders: z.number(),
  extras: z.number(),
  coolDownUntil: z.number().optional(),
  unwritten: z.array(unwrittenSchema).optional(),
  scopes: z.array(z.string()).optional(),
  missingScopes: z.array(z.string()).optional(),
  decision: recordedDecisionSchema.optional(),
  firstExecutionRunId: z.string().optional(),
}) satisfies z.ZodType<RequestView>;

export const wantedSchema = z.object({
  subject: subjectSchema,
  origin: z.string(),
  startedAt: z.number(),
  reconnect: z
    .object({ connectionId: z.string(), health: z.enum(['ok', 'failing']), afterLink: z.number().optional() })
    .optional(),
}) satisfies z.ZodType<Wanted>;

export const noticeSchema = z.object({
  reason: z.enum(['opened', 'reminder', 'accountChanged']),
  request: requestRefSchema,
  integration: z.string(),
  owner: ownerSchema,
  slot: z.string().optional(),
  question: questionSchema,
  reminders: z.number(),
}) satisfies z.ZodType<Notice>;

export const notifyInputSchema = z.strictObject({
  notice: noticeSchema,
  wanted: wantedSchema,
}) satisfies z.ZodType<NotifyInput>;
