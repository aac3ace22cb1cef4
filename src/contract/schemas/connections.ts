import { z } from 'zod';
import type {
  AdoptConnectionInput,
  Candidate,
  Choose,
  Connection,
  ConnectionNames,
  FindHintedInput,
  FindInput,
  ForgetChoiceInput,
  GetGrantedScopesInput,
  Healing,
  IdentifyAccountInput,
  Identity,
  NotRemembered,
  ReadCandidatesInput,
  Owner,
  RememberChoiceInput,
  RestoreConnectionInput,
  Subject,
  Tags,
  Unwritten,
} from '../types';
import { jsonSchema } from './json';

export const ownerSchema = z.strictObject({
  endUser: z
    .strictObject({ id: z.string(), email: z.string().optional(), displayName: z.string().optional() })
    .optional(),
  organization: z.strictObject({ id: z.string() }).optional(),
}) satisfies z.ZodType<Owner>;

export const tagsSchema = z.record(z.string(), z.string()) satisfies z.ZodType<Tags>;

export const connectionRefSchema = z.object({
  integration: z.string(),
  connectionId: z.string(),
}) satisfies z.ZodType<ConnectionNames>;

export const identitySchema = z.strictObject({
  endpoint: z.string(),
  pointer: z.string(),
}) satisfies z.ZodType<Identity>;

export const healingSchema = z.object({
  owner: ownerSchema,
  slot: z.string().optional(),
  waitMs: z.number(),
  scopes: z.array(z.string()).optional(),
  identity: identitySchema.optional(),
  readsOnAccountChange: z.boolean().optional(),
  taskQueue: z.string().optional(),
  fails: z.boolean().optional(),
}) satisfies z.ZodType<Healing>;

export const connectionSchema = connectionRefSchema.extend({
  provider: z.string(),
  tags: tagsSchema,
  createdAt: z.string(),
  health: z.enum(['ok', 'failing']),
  grantedScopes: z.array(z.string()).optional(),
  accountChanged: z.boolean().optional(),
  unconfirmed: z.literal(true).optional(),
  scopesChecked: z.literal(false).optional(),
  heal: healingSchema.optional(),
}) satisfies z.ZodType<Connection>;

export const candidateSchema = z.object({
  connectionId: z.string(),
  createdAt: z.string(),
  tags: tagsSchema,
  health: z.enum(['ok', 'failing']).optional(),
  account: z.string().optional(),
  grantedScopes: z.array(z.string()).optional(),
}) satisfies z.ZodType<Candidate>;

export const chooseSchema = z.strictObject({ tag: tagsSchema }) satisfies z.ZodType<Choose>;

export const subjectSchema = z.strictObject({
  integration: z.string(),
  owner: ownerSchema,
  slot: z.string().optional(),
}) satisfies z.ZodType<Subject>;

export const findInputSchema = z.strictObject({
  integration: z.string().optional(),
  owner: ownerSchema,
  slot: z.string().optional(),
  anySlot: z.boolean().optional(),
}) satisfies z.ZodType<FindInput>;

export const findHintedInputSchema = z.strictObject({
  subject: subjectSchema,
  connectionId: z.string(),
}) satisfies z.ZodType<FindHintedInput>;

export const adoptConnectionInputSchema = z.strictObject({
  subject: subjectSchema,
  connectionId: z.string(),
  choose: chooseSchema.optional(),
}) satisfies z.ZodType<AdoptConnectionInput>;

export const readCandidatesInputSchema = z.strictObject({
  integration: z.string(),
  connectionIds: z.array(z.string()),
}) satisfies z.ZodType<ReadCandidatesInput>;

export const rememberChoiceInputSchema = z.strictObject({
  subject: subjectSchema,
  connectionId: z.string(),
}) satisfies z.ZodType<RememberChoiceInput>;

export const forgetChoiceInputSchema = z.strictObject({
  subject: subjectSchema,
}) satisfies z.ZodType<ForgetChoiceInput>;

export const notRememberedSchema = z.enum(['forbidden', 'too_many_tags']) satisfies z.ZodType<NotRemembered>;

export const restoreConnectionInputSchema = z.object({
  connection: connectionRefSchema,
  tags: tagsSchema.optional(),
  metadata: z.record(z.string(), jsonSchema).nullable().optional(),
  webhookUrlOverride: z.string().optional(),
  confirmed: z.string().optional(),
  account: z.strictObject({ identity: identitySchema, name: z.string() }).optional(),
}) satisfies z.ZodType<RestoreConnectionInput>;

export const unwrittenSchema = z.enum(['tags', 'metadata', 'webhookUrlOverride']) satisfies z.ZodType<Unwritten>;

export const getGrantedScopesInputSchema = z.strictObject({
  connection: connectionRefSchema,
  fresh: z.boolean().optional(),
}) satisfies z.ZodType<GetGrantedScopesInput>;

export const identifyAccountInputSchema = z.strictObject({
  connection: connectionRefSchema,
  identity: identitySchema,
}) satisfies z.ZodType<IdentifyAccountInput>;
