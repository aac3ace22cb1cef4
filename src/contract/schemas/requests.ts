import { z } from 'zod';
import type {
  Question,
  RecordedDecision,
  RecordedStatement,
  Notice,
  NotifyInput,
  RequestRef,
  RequestStatus,
  RequestView,
  UnconfirmedConnection,
  Wanted,
} from '../types';
import {
  candidateSchema,
  healingSchema,
  notRememberedSchema,
  ownerSchema,
  subjectSchema,
  unwrittenSchema,
} from './connections';

export const REQUEST_STATUSES = ['checking', 'waiting', 'connected', 'declined', 'timedOut', 'cancelled'] as const;

export const requestStatusSchema = z.enum(REQUEST_STATUSES) satisfies z.ZodType<RequestStatus>;

export const QUESTION_KINDS = [
  'connect',
  'reconnect',
  'approve-scopes',
  'choose-connection',
  'update-integration-scopes',
  'recreate-connection',
] as const;

export const unconfirmedConnectionSchema = z.object({
  connectionId: z.string(),
  nonce: z.string(),
  since: z.number(),
  refusedBy: z.string().optional(),
  usedTwice: z.literal(true).optional(),
}) satisfies z.ZodType<UnconfirmedConnection>;

export const recordedStatementSchema = z.object({
  nonce: z.string(),
  by: z.string(),
  at: z.number(),
}) satisfies z.ZodType<RecordedStatement>;

export const questionSchema = z.object({
  kind: z.enum(QUESTION_KINDS),
  since: z.number(),
  deadline: z.number(),
  accountChange: z.object({ recorded: z.string(), found: z.string() }).optional(),
  scopes: z
    .object({
      granted: z.array(z.string()),
      missing: z.array(z.string()),
      toRequest: z.array(z.string()).optional(),
      more: z
        .object({
          granted: z.number().optional(),
          missing: z.number().optional(),
          toRequest: z.number().optional(),
        })
        .optional(),
    })
    .optional(),
  unconfirmed: z.array(unconfirmedConnectionSchema).optional(),
  confirmed: recordedStatementSchema.optional(),
  candidates: z.array(candidateSchema).optional(),
}) satisfies z.ZodType<Question>;

const recorded = { by: z.string(), at: z.number() };

export const recordedDecisionSchema = z.union([
  z.object({ choice: z.enum(['yes', 'no']), ...recorded }),
  z.object({ connectionId: z.string(), ...recorded }),
]) satisfies z.ZodType<RecordedDecision>;

export const requestRefSchema = z.object({
  id: z.string(),
  firstExecutionRunId: z.string(),
  heal: healingSchema.optional(),
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
  notRemembered: notRememberedSchema.optional(),
  scopes: z.array(z.string()).optional(),
  moreScopes: z.number().optional(),
  missingScopes: z.array(z.string()).optional(),
  moreMissingScopes: z.number().optional(),
  unconfirmed: z.array(unconfirmedConnectionSchema).optional(),
  decision: recordedDecisionSchema.optional(),
  firstExecutionRunId: z.string().optional(),
}) satisfies z.ZodType<RequestView>;

export const wantedSchema = z.object({
  subject: subjectSchema,
  origin: z.string(),
  startedAt: z.number(),
  reconnect: z
    .object({
      connectionId: z.string(),
      health: z.enum(['ok', 'failing']),
      afterLink: z.number().optional(),
      replacedAfterLink: z.number().optional(),
      scopes: z.array(z.string()).optional(),
    })
    .optional(),
}) satisfies z.ZodType<Wanted>;

export const noticeSchema = z.object({
  reason: z.enum(['opened', 'reminder', 'accountChanged', 'ownerRefused']),
  request: requestRefSchema,
  integration: z.string(),
  owner: ownerSchema,
  slot: z.string().optional(),
  question: questionSchema,
  reminders: z.number(),
}) satisfies z.ZodType<Notice>;

export const notifyInputSchema = z.strictObject({
  notice: noticeSchema,
  wanted: wantedSchema.optional(),
}) satisfies z.ZodType<NotifyInput>;
