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
  /** a reconnect has put another account behind it: reads only, until somebody has said yes */
  accountChanged: z.boolean().optional(),
});

/** One of several connections that fit, and what tells it from the others. */
export const candidateSchema = z.object({
  connectionId: z.string(),
  createdAt: z.string(),
  /** those that are not the same on all of them */
  tags: tagsSchema,
});

/** How to learn which account of the provider is behind a connection: a GET, and where in its answer the account is. */
export const identitySchema = z.strictObject({
  endpoint: z.string(),
  /** JSON pointer to a string or a number, such as `/data/id` */
  pointer: z.string(),
});

/** What of a connection a reconnect would lose. */
export const snapshotSchema = z.object({
  connection: connectionSchema,
  metadata: z.record(z.string(), jsonSchema).nullable(),
  webhookUrlOverride: z.string().optional(),
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

/** An action as it is triggered. */
export const actionSchema = z.strictObject({
  action: z.string(),
  input: jsonSchema.optional(),
  ...callOptions,
});

export const actionCallSchema = actionSchema.extend({
  /** start it and ask for its output until there is one, instead of one request that stays open; default false */
  async: z.boolean().optional(),
  /** until when an async action is waited for: milliseconds since the epoch; default: an hour from now; at most five days ahead */
  deadline: z.number().optional(),
});

export const proxyInputSchema = z.strictObject({
  connection: connectionRefSchema,
  call: proxyCallSchema,
  /** sent to the provider as `Idempotency-Key` */
  idempotencyKey: z.string().optional(),
});

export const triggerActionInputSchema = z.strictObject({ connection: connectionRefSchema, call: actionSchema });

/** An async action that was started. */
export const startedActionSchema = z.object({ id: z.uuid() });

export const actionResultInputSchema = z.strictObject({ id: z.uuid(), ...callOptions });

/** An answer: the HTTP status and the body, decoded; text stays text, an empty body is null. */
export const answerSchema = z.object({ status: z.number(), data: jsonSchema });

// ---------------------------------------------------------------- lists in pages

/**
 * Places in a body: a JSON pointer (`/paging/next/after`), or with dots, as Nango's own configurations are written
 * (`paging.next.after`); a key that itself holds the dots wins.
 */
const placeSchema = z.string();
const paramSchema = z.string().min(1).max(255);

const pageOptions = {
  /** where the items are; default: the body is the list */
  itemsPath: placeSchema.optional(),
  /** query parameter that sets how many items a page has */
  limitParam: paramSchema.optional(),
};

/** How a provider hands out a list in pages. */
export const paginationSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('cursor'),
    /** where the next cursor is; the last page has none */
    cursorPath: placeSchema,
    cursorParam: paramSchema,
    ...pageOptions,
  }),
  z.strictObject({
    type: z.literal('link'),
    /** where in the body the link to the next page is; default: in the `Link` header, which Nango may drop */
    linkPath: placeSchema.optional(),
    /** in the `Link` header; default `next` */
    linkRel: z.string().optional(),
    ...pageOptions,
  }),
  z.strictObject({
    type: z.literal('offset'),
    offsetParam: paramSchema,
    /** what is counted */
    by: z.enum(['items', 'page']),
    /** of the first page; default 0 */
    start: z.int().min(0).optional(),
    ...pageOptions,
  }),
]);

export const pageInputSchema = z.strictObject({
  connection: connectionRefSchema.extend({ provider: z.string().optional() }),
  endpoint: z.string(),
  paginate: paginationSchema.optional(),
  limit: z.int().min(1).optional(),
  /** of the page before; absent: the first page */
  next: z.string().optional(),
  pick: z.array(z.string()).optional(),
});

/** One page, and what leads to the one after it: opaque, safe to store; the last page has none. */
export const pageSchema = z.object({ items: z.array(jsonSchema), next: z.string().optional() });

// ---------------------------------------------------------------- a connection request

export const REQUEST_STATUSES = ['looking', 'asking', 'connected', 'declined', 'timedOut', 'cancelled'] as const;
export const requestStatusSchema = z.enum(REQUEST_STATUSES);

/** A failure as data: what a request tells its joiners. */
export const failureSchema = z.object({
  type: z.string(),
  status: z.number().optional(),
  code: z.string().optional(),
  connections: z.array(candidateSchema).optional(),
});

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
  /** id of the connection that is connected anew */
  reconnectOf: z.string().optional(),
  /** a reconnect would reset it */
  webhookUrlOverride: z.string().optional(),
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
  /** in the query only */
  answered: givenAnswerSchema.optional(),
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

export const watchedLinkSchema = z.object({
  requestId: z.string(),
  nonce: z.string(),
  until: z.number(),
  /** a connection that is connected anew does not move up the list: it is looked at by its id */
  reconnectOf: connectionRefSchema.optional(),
});

export const sweepInputSchema = z.strictObject({
  /** connections made since, in milliseconds since the epoch */
  since: z.number(),
  reconnects: z.array(connectionRefSchema).optional(),
});

export const sweepResultSchema = z.object({
  seen: z.array(z.object({ connectionId: z.string(), nonce: z.string() })),
  /** the account's requests a minute, where the server says so */
  limitPerMinute: z.number().optional(),
});

/** A connection that a hint named, and whose request it may concern. */
export const findHintedInputSchema = z.strictObject({ subject: subjectSchema, connectionId: z.string() });

export const adoptConnectionInputSchema = z.strictObject({ subject: subjectSchema, connectionId: z.string() });

/** How a connection shall be after a reconnect. */
export const restoreConnectionInputSchema = snapshotSchema
  .pick({ metadata: true, webhookUrlOverride: true })
  .partial()
  .extend({
    connection: connectionRefSchema,
    tags: tagsSchema,
  });

export const identifyAccountInputSchema = z.strictObject({ connection: connectionRefSchema, identity: identitySchema });

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
