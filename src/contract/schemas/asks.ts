import { z } from 'zod';
import { ownerSchema, subjectSchema, unwrittenSchema } from './connections';

export const REQUEST_STATUSES = ['looking', 'asking', 'connected', 'declined', 'timedOut', 'cancelled'] as const;

export const requestStatusSchema = z.enum(REQUEST_STATUSES);

export const ASK_KINDS = ['connect', 'reconnect'] as const;

/** What is asked of a person; times in milliseconds since the epoch. */
export const askSchema = z.object({
  kind: z.enum(ASK_KINDS),
  since: z.number(),
  deadline: z.number(),
  /** the account that was recorded, and the one a reconnect has put in its place: may it be written to? */
  accountChange: z.object({ recorded: z.string(), found: z.string() }).optional(),
});

/** What was answered to such a question, by whom, and when. */
export const askAnswerSchema = z.object({ answer: z.enum(['yes', 'no']), by: z.string() });

export const givenAnswerSchema = askAnswerSchema.extend({ at: z.number() });

/** Names a request for ever: safe to store as JSON. */
export const requestRefSchema = z.object({ id: z.string(), firstExecutionRunId: z.string() });

/** Memo and query of a request. */
export const requestViewSchema = z.object({
  status: requestStatusSchema,
  integration: z.string(),
  owner: ownerSchema,
  slot: z.string().optional(),
  ask: askSchema.optional(),
  subscribers: z.number(),
  reminders: z.number(),
  extras: z.number(),
  coolDownUntil: z.number().optional(),
  /** of the connection: what could not be put back after a reconnect, since the key may not update connections */
  unwritten: z.array(unwrittenSchema).optional(),
  /** asked for instead of the integration's own; as many as fit in 1 KB */
  scopes: z.array(z.string()).optional(),
  /** in the query only */
  answered: givenAnswerSchema.optional(),
  /** in the query only: a memo cannot know it when a run starts */
  firstExecutionRunId: z.string().optional(),
});

/** Which connections a request has asked for. */
export const wantedSchema = z.object({
  subject: subjectSchema,
  /** of its nonces */
  origin: z.string(),
  startedAt: z.number(),
  /** the connection to be connected anew, as it was */
  reconnect: z.object({ connectionId: z.string(), health: z.enum(['ok', 'failing']) }).optional(),
});

/** What a notifier is told. */
export const noticeSchema = z.object({
  /** `asked`: a workflow waits for somebody, who does not know yet */
  reason: z.enum(['asked', 'reminder', 'accountChanged']),
  request: requestRefSchema,
  integration: z.string(),
  owner: ownerSchema,
  slot: z.string().optional(),
  ask: askSchema,
  /** how many reminders there were, this one included */
  reminders: z.number(),
});

export const notifyInputSchema = z.strictObject({ notice: noticeSchema, wanted: wantedSchema });
