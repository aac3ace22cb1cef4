import { z } from 'zod';
import type {
  AppCredentials,
  CreateIntegrationInput,
  FromEnvironment,
  JoinSetUpInput,
  LeaveSetUpInput,
  MadeIntegration,
  RecordedSetUpDecision,
  SetUpEnd,
  SetUpJoin,
  SetUpJoinResponse,
  SetUpNoticeInput,
  SetUpOutcome,
  SetUpQuestion,
  SetUpRef,
  SetUpStatus,
  SetUpSubject,
  SetUpView,
} from '../types';
import { failureSchema } from './joins';

const statusSchema = z.enum(['checking', 'waiting', 'ready', 'declined', 'timedOut', 'cancelled']);
export const setUpStatusSchema = statusSchema satisfies z.ZodType<SetUpStatus>;
const choiceSchema = z.enum(['nangoApp', 'own', 'made']);

export const madeIntegrationSchema = z.object({
  integration: z.string(),
  provider: z.string(),
}) satisfies z.ZodType<MadeIntegration>;

export const setUpQuestionSchema = z.object({
  kind: z.literal('set-up-integration'),
  since: z.number(),
  deadline: z.number(),
  choices: z.array(choiceSchema),
  authMode: z.string(),
  fields: z.array(z.enum(['clientId', 'clientSecret', 'appId', 'appLink', 'privateKey'])),
  docs: z.string().optional(),
  callbackUrl: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  moreScopes: z.number().optional(),
  scopesNamed: z.literal(true).optional(),
}) satisfies z.ZodType<SetUpQuestion>;

export const recordedSetUpDecisionSchema = z.object({
  choice: choiceSchema,
  by: z.string(),
  at: z.number(),
}) satisfies z.ZodType<RecordedSetUpDecision>;

export const setUpViewSchema = z.object({
  status: setUpStatusSchema,
  integration: z.string(),
  provider: z.string(),
  question: setUpQuestionSchema.optional(),
  problem: failureSchema.optional(),
  subscribers: z.number(),
  reminders: z.number(),
  coolDownUntil: z.number().optional(),
  decision: recordedSetUpDecisionSchema.optional(),
  firstExecutionRunId: z.string().optional(),
}) satisfies z.ZodType<SetUpView>;

export const setUpRefSchema = z.object({
  id: z.string(),
  firstExecutionRunId: z.string(),
}) satisfies z.ZodType<SetUpRef>;

const ready = z.object({ status: z.literal('ready'), made: madeIntegrationSchema });
const ended = z.object({
  status: z.enum(['declined', 'timedOut', 'cancelled']),
  failure: failureSchema.optional(),
  coolDownUntil: z.number().optional(),
});

export const setUpEndSchema = z.discriminatedUnion('status', [ready, ended]) satisfies z.ZodType<SetUpEnd>;

export const setUpJoinResponseSchema = z.discriminatedUnion('status', [
  ready,
  ended,
  z.object({ status: z.literal('pending'), id: z.string(), firstExecutionRunId: z.string() }),
]) satisfies z.ZodType<SetUpJoinResponse>;

export const setUpOutcomeSchema = z.object({
  status: setUpStatusSchema,
  problem: failureSchema.optional(),
}) satisfies z.ZodType<SetUpOutcome>;

export const setUpJoinSchema = z.object({
  joinId: z.string(),
  provider: z.string(),
  deadline: z.number().optional(),
  allowNangoApp: z.boolean().optional(),
  scopes: z.array(z.string()).optional(),
  subscriber: z.object({ workflowId: z.string() }).optional(),
}) satisfies z.ZodType<SetUpJoin>;

export const joinSetUpInputSchema = z.strictObject({
  integration: z.string(),
  join: setUpJoinSchema,
  ignoreCoolDown: z.boolean(),
  at: z.number(),
}) satisfies z.ZodType<JoinSetUpInput>;

export const leaveSetUpInputSchema = z.strictObject({
  integration: z.string(),
  joinId: z.string(),
}) satisfies z.ZodType<LeaveSetUpInput>;

export const setUpSubjectSchema = z.strictObject({
  integration: z.string(),
  provider: z.string(),
}) satisfies z.ZodType<SetUpSubject>;

const fromEnvironmentSchema = z.strictObject({ fromEnv: z.string() }) satisfies z.ZodType<FromEnvironment>;
const openValue = z.union([z.string(), fromEnvironmentSchema]).optional();
const secretValue = fromEnvironmentSchema.optional();

export const appCredentialsSchema = z.strictObject({
  clientId: openValue,
  clientSecret: secretValue,
  appId: openValue,
  appLink: openValue,
  privateKey: secretValue,
}) satisfies z.ZodType<AppCredentials>;

export const createIntegrationInputSchema = z.strictObject({
  ...setUpSubjectSchema.shape,
  own: z
    .strictObject({
      authMode: z.string(),
      credentials: appCredentialsSchema,
      scopes: z.array(z.string()).optional(),
    })
    .optional(),
}) satisfies z.ZodType<CreateIntegrationInput>;

export const setUpNoticeSchema = z.strictObject({
  reason: z.enum(['opened', 'reminder']),
  setUp: setUpRefSchema,
  integration: z.string(),
  provider: z.string(),
  question: setUpQuestionSchema,
  reminders: z.number(),
}) satisfies z.ZodType<SetUpNoticeInput>;
