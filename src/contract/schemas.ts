import { z } from 'zod';
import { METHODS } from './methods';

/**
 * The shape of every value that crosses a boundary, once. Workflow code imports the types in `types.ts`, which are
 * inferred from here; processes parse with these.
 */

export const jsonSchema: z.ZodType<Json> = z.json();
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

// ---------------------------------------------------------------- who, and which connection

export const ownerSchema = z.strictObject({
  endUser: z
    .strictObject({ id: z.string(), email: z.string().optional(), displayName: z.string().optional() })
    .optional(),
  organization: z.strictObject({ id: z.string() }).optional(),
});

export const tagsSchema = z.record(z.string(), z.string());

/** What identifies a connection at Nango: the pair, not the id alone. */
export const connectionRefSchema = z.object({ integration: z.string(), connectionId: z.string() });

/** All of a connection that may enter a history: no credentials, no `connection_config`. */
export const connectionSchema = connectionRefSchema.extend({
  provider: z.string(),
  tags: tagsSchema,
  createdAt: z.string(),
  /** `failing`: the last refresh or test of its credentials failed */
  health: z.enum(['ok', 'failing']),
  /** scopes the provider granted, where Nango knows them and the key may read them */
  grantedScopes: z.array(z.string()).optional(),
});

/** Whose connection of which integration, and which of several. */
export const subjectSchema = z.strictObject({
  integration: z.string(),
  owner: ownerSchema,
  slot: z.string().optional(),
});

/** What callers say to get a connection. */
export const ensureConnectionInputSchema = ownerSchema.extend({
  integration: z.string(),
  /** for a second connection of the same owner */
  slot: z.string().optional(),
  /** scopes to ask the provider for, instead of the integration's; for OAuth */
  scopes: z.array(z.string()).optional(),
  /** tags of the caller's own on the connection, two to seven of them */
  tags: tagsSchema.optional(),
  /** how long to wait: milliseconds since the epoch; default: seven days from now; at most a year ahead */
  deadline: z.number().optional(),
  /** ask even though the person declined, or let the deadline pass, within the last day; default: false in workflows, true in the client */
  askAgain: z.boolean().optional(),
  /** where our worker polls; default `nango` */
  taskQueue: z.string().optional(),
});

export const findInputSchema = z.strictObject({
  integration: z.string().optional(),
  owner: ownerSchema,
  /** only this slot, and the default slot if absent; unless `anySlot` */
  slot: z.string().optional(),
  anySlot: z.boolean().optional(),
});

// ---------------------------------------------------------------- calls

const callOptions = {
  /** JSON pointers: only these parts of the answer come back, as `{ [pointer]: value }` */
  pick: z.array(z.string()).optional(),
  /** the caller's word that the call may be carried out twice; default: only GET may */
  idempotent: z.boolean().optional(),
};

export const proxyCallSchema = z.strictObject({
  method: z.enum(METHODS),
  /** path and query below the provider's base URL, beginning with `/` */
  endpoint: z.string(),
  /** headers for the provider */
  headers: z.record(z.string(), z.string()).optional(),
  body: jsonSchema.optional(),
  ...callOptions,
});

export const actionCallSchema = z.strictObject({
  action: z.string(),
  input: jsonSchema.optional(),
  ...callOptions,
});

export const proxyInputSchema = z.strictObject({
  connection: connectionRefSchema,
  call: proxyCallSchema,
  /** sent to the provider as `Idempotency-Key` */
  idempotencyKey: z.string().optional(),
});

export const triggerActionInputSchema = z.strictObject({ connection: connectionRefSchema, call: actionCallSchema });

/** An answer: the HTTP status and the body, decoded; text stays text, an empty body is null. */
export const answerSchema = z.object({ status: z.number(), data: jsonSchema });

// ---------------------------------------------------------------- a connection request

export const REQUEST_STATUSES = ['looking', 'asking', 'connected', 'declined', 'timedOut', 'cancelled'] as const;
export const requestStatusSchema = z.enum(REQUEST_STATUSES);

/** A failure as data: what a request tells its joiners. */
export const failureSchema = z.object({ type: z.string(), status: z.number().optional(), code: z.string().optional() });

export const askSchema = z.object({ kind: z.literal('connect'), since: z.number(), deadline: z.number() });

export const joinSchema = z.object({
  joinId: z.string(),
  /** milliseconds since the epoch; default: seven days from now */
  deadline: z.number().optional(),
  subscriber: z.object({ workflowId: z.string() }).optional(),
  scopes: z.array(z.string()).optional(),
  tags: tagsSchema.optional(),
});

export const joinAnswerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('connected'), connection: connectionSchema }),
  z.object({
    status: z.literal('pending'),
    requestId: z.string(),
    firstExecutionRunId: z.string(),
    ask: askSchema.optional(),
  }),
  z.object({ status: z.literal('failed'), failure: failureSchema }),
  z.object({ status: z.enum(['declined', 'timedOut', 'cancelled']), coolDownUntil: z.number().optional() }),
]);

/** How a wait ended for one joiner: the last word of a request to it. */
export const requestAnswerSchema = z.object({
  joinId: z.string(),
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
});

export const hintSchema = z.object({
  source: z.enum(['webhook', 'watch']),
  connectionId: z.string().optional(),
  nonce: z.string().optional(),
});

/** What whoever mints a connect session must put into it. */
export const linkGrantSchema = z.object({
  integration: z.string(),
  /** every tag of the session but `tn_environment`, which the minter adds */
  tags: tagsSchema,
  scopes: z.array(z.string()).optional(),
  nonce: z.string(),
  until: z.number(),
});

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
  /** in the query only: a memo cannot know it when a run starts */
  firstExecutionRunId: z.string().optional(),
});

/** Names a request for ever: safe to store as JSON. */
export const requestRefSchema = z.object({ id: z.string(), firstExecutionRunId: z.string() });

// ---------------------------------------------------------------- activities about requests

export const joinRequestInputSchema = z.strictObject({
  subject: subjectSchema,
  join: joinSchema,
  askAgain: z.boolean(),
  /** the workflow's time: a test server's clock runs ahead of the machine's */
  at: z.number(),
});

export const leaveRequestInputSchema = z.strictObject({ subject: subjectSchema, joinId: z.string() });

export const watchedLinkSchema = z.object({ requestId: z.string(), nonce: z.string(), until: z.number() });

export const sweepResultSchema = z.object({
  seen: z.array(z.object({ connectionId: z.string(), nonce: z.string() })),
  /** the account's requests a minute, where the server says so */
  limitPerMinute: z.number().optional(),
});
