import { z } from 'zod';
import { REASONS } from '../errors';
import { askSchema } from './asks';
import {
  candidateSchema,
  connectionSchema,
  identitySchema,
  ownerSchema,
  subjectSchema,
  tagsSchema,
} from './connections';

/** What callers say to get a connection. */
export const ensureConnectionInputSchema = ownerSchema.extend({
  integration: z.string(),
  /** for a second connection of the same owner */
  slot: z.string().optional(),
  /**
   * scopes to ask the provider for, instead of the integration's; for OAuth. A connection that exists is returned
   * whatever it was granted, with `scopesChecked: false`
   */
  scopes: z.array(z.string()).optional(),
  /** tags of the caller's own on the connection, two to seven of them */
  tags: tagsSchema.optional(),
  /** id of a connection of this owner whose account shall be connected anew: it is asked for, whether or not it works */
  reconnect: z.string().optional(),
  /** record the provider's account with the connection; after a reconnect with another one no write resumes unasked */
  identity: identitySchema.optional(),
  /** on a reconnect: return as soon as the connection can be read, though its account is another; default: wait for a yes */
  readsOnAccountChange: z.boolean().optional(),
  /** id of a connection without an owner that becomes this owner's if the owner has none */
  adopt: z.string().optional(),
  /** how long to wait: milliseconds since the epoch; default: seven days from now; at most a year ahead */
  deadline: z.number().optional(),
  /** ask even though the person declined, or let the deadline pass, within the last day; default: false in workflows, true in the client */
  askAgain: z.boolean().optional(),
  /** where our worker polls; default `nango` */
  taskQueue: z.string().optional(),
});

/** One that only a later version knows does no harm. */
const reasonSchema = z.enum(REASONS).optional().catch(undefined);

/** A failure as data: what a request tells its joiners. */
export const failureSchema = z.object({
  type: z.string(),
  status: z.number().optional(),
  reason: reasonSchema,
  code: z.string().optional(),
  scope: z.string().optional(),
  connections: z.array(candidateSchema).optional(),
});

export const joinSchema = z.object({
  joinId: z.string(),
  /** milliseconds since the epoch; default: seven days from now */
  deadline: z.number().optional(),
  subscriber: z.object({ workflowId: z.string() }).optional(),
  scopes: z.array(z.string()).optional(),
  tags: tagsSchema.optional(),
  reconnect: z.string().optional(),
  identity: identitySchema.optional(),
  readsOnAccountChange: z.boolean().optional(),
});

export const joinAnswerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('connected'), connection: connectionSchema }),
  z.object({
    status: z.literal('pending'),
    requestId: z.string(),
    firstExecutionRunId: z.string(),
    ask: askSchema.optional(),
  }),
  z.object({ status: z.literal('failed'), failure: failureSchema, requestId: z.string().optional() }),
  z.object({
    status: z.enum(['declined', 'timedOut', 'cancelled']),
    coolDownUntil: z.number().optional(),
    requestId: z.string().optional(),
  }),
]);

/** What a request replies to one of several joins: an answer, or why it may not join, or the same as to an earlier one. */
export const joinReplySchema = z.discriminatedUnion('status', [
  ...joinAnswerSchema.options,
  z.object({
    status: z.literal('refused'),
    type: z.string(),
    message: z.string(),
    reason: reasonSchema,
    field: z.string().optional(),
    /** the same may be asked again */
    retryable: z.boolean(),
  }),
  z.object({ status: z.literal('same'), as: z.number() }),
]);

/** How a wait ended for one joiner: the last word of a request to it. */
export const requestAnswerSchema = z.object({
  joinId: z.string(),
  requestId: z.string().optional(),
  status: z.enum(['connected', 'declined', 'timedOut', 'cancelled', 'failed']),
  connection: connectionSchema.optional(),
  failure: failureSchema.optional(),
  coolDownUntil: z.number().optional(),
});

/** What a request completes with. */
export const requestResultSchema = z.object({
  status: z.enum(['connected', 'declined', 'timedOut', 'cancelled']),
  connection: connectionSchema.optional(),
  failure: failureSchema.optional(),
  /** scopes that the link of the connection asked for */
  askedScopes: z.array(z.string()).optional(),
});

export const joinRequestInputSchema = z.strictObject({
  subject: subjectSchema,
  join: joinSchema,
  askAgain: z.boolean(),
  /** the workflow's time: a test server's clock runs ahead of the machine's */
  at: z.number(),
});

export const leaveRequestInputSchema = z.strictObject({ subject: subjectSchema, joinId: z.string() });
