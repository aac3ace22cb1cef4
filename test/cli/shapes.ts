import { z } from 'zod';
import { compilerErrorSchema } from '../../src/contract/schemas/deployments';
import { REASONS } from '../../src/contract/errors';

/** What `--json` prints, by command: strict, so that a key which is added or renamed is noticed. */

const candidateShape = z.strictObject({
  connectionId: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
  tags: z.record(z.string(), z.string()),
  health: z.enum(['ok', 'failing']).optional(),
  account: z.string().optional(),
  grantedScopes: z.array(z.string()).optional(),
});

export const errorShape = z.strictObject({
  error: z.strictObject({
    type: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    status: z.int().optional(),
    reason: z.enum(REASONS).optional(),
    code: z.string().optional(),
    retryAfterMs: z.number().optional(),
    didNotRun: z.literal(true).optional(),
    requestId: z.string().optional(),
    field: z.string().optional(),
    scope: z.string().optional(),
    scopes: z.array(z.string()).optional(),
    suggestions: z.array(z.string()).optional(),
    errors: z.array(compilerErrorSchema).optional(),
    coolDownUntil: z.number().optional(),
    connections: z.array(candidateShape).optional(),
  }),
});

export const connectionShape = z.strictObject({
  integration: z.string(),
  connectionId: z.string(),
  provider: z.string(),
  tags: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime({ offset: true }),
  health: z.enum(['ok', 'failing']),
  grantedScopes: z.array(z.string()).optional(),
  accountChanged: z.boolean().optional(),
  unconfirmed: z.literal(true).optional(),
  scopesChecked: z.literal(false).optional(),
});

export const integrationsShape = z.array(
  z.strictObject({ key: z.string(), provider: z.string(), displayName: z.string() }),
);

const providerShape = z.strictObject({
  provider: z.string(),
  displayName: z.string(),
  authMode: z.string(),
  docs: z.url().optional(),
});

export const providersShape = z.array(providerShape);

export const providerDetailShape = providerShape.extend({
  defaultScopes: z.array(z.string()),
  scopeSeparator: z.string().optional(),
  baseUrl: z.string().optional(),
  pagination: z.looseObject({ type: z.enum(['cursor', 'link', 'offset']) }).optional(),
});

export const functionsShape = z.array(
  z.strictObject({
    integration: z.string(),
    kind: z.enum(['action', 'sync']),
    name: z.string(),
    description: z.string().optional(),
    enabled: z.boolean(),
  }),
);

export const functionShape = z.strictObject({
  integration: z.string(),
  kind: z.enum(['action', 'sync']),
  name: z.string(),
  description: z.string().optional(),
  enabled: z.boolean(),
  source: z.string().optional(),
  deployedAt: z.string().optional(),
});

export const deployedShape = z.strictObject({
  status: z.literal('deployed'),
  integration: z.string(),
  kind: z.enum(['action', 'sync']),
  name: z.string(),
  version: z.string().optional(),
  dryRun: z
    .strictObject({ result: z.json().optional(), resultBytes: z.number().optional(), output: z.string() })
    .optional(),
  run: z
    .union([
      z.strictObject({ status: z.number(), data: z.json() }),
      z.strictObject({ failure: z.looseObject({ type: z.string() }) }),
    ])
    .optional(),
  existing: z.boolean(),
});

export const docsShape = z.strictObject({
  provider: z.string(),
  url: z.url(),
  text: z.string().nullable(),
  indexRead: z.boolean(),
});

const refShape = z.strictObject({ id: z.string(), firstExecutionRunId: z.uuid() });

const unconfirmedShape = z.array(
  z.strictObject({
    connectionId: z.string(),
    nonce: z.string(),
    since: z.number(),
    refusedBy: z.string().optional(),
  }),
);

const questionShape = z.strictObject({
  kind: z.enum(['connect', 'reconnect', 'approve-scopes', 'choose-connection']),
  since: z.number(),
  deadline: z.number(),
  scopes: z.strictObject({ granted: z.array(z.string()), missing: z.array(z.string()) }).optional(),
  unconfirmed: unconfirmedShape.optional(),
  candidates: z.array(candidateShape).optional(),
});

export const ensureShape = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('connected'), connection: connectionShape }),
  z.strictObject({
    status: z.literal('pending'),
    request: refShape,
    question: questionShape.nullable(),
    link: z.url().nullable(),
    linkExpiresAt: z.iso.datetime().nullable(),
  }),
]);

const requestShape = z.strictObject({
  id: z.string(),
  startedAt: z.iso.datetime(),
  status: z.enum(['checking', 'waiting', 'connected', 'declined', 'timedOut', 'cancelled']),
  integration: z.string(),
  owner: z.strictObject({
    endUser: z.strictObject({ id: z.string() }).optional(),
    organization: z.strictObject({ id: z.string() }).optional(),
  }),
  slot: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  moreScopes: z.number().optional(),
  missingScopes: z.array(z.string()).optional(),
  unconfirmed: unconfirmedShape.optional(),
  question: questionShape.optional(),
  subscribers: z.number(),
  reminders: z.number(),
  extras: z.number(),
  coolDownUntil: z.number().optional(),
});

export const requestsShape = z.array(requestShape);

export const requestDetailShape = requestShape.extend({
  request: refShape,
  closedAt: z.iso.datetime().optional(),
  connection: connectionShape.optional(),
  timeline: z.array(
    z.strictObject({
      at: z.iso.datetime(),
      what: z.string(),
      by: z.string().optional(),
      choice: z.enum(['yes', 'no']).optional(),
      connectionId: z.string().optional(),
      until: z.iso.datetime().optional(),
    }),
  ),
});

export const operationShape = z.strictObject({
  request: refShape,
  by: z.string(),
  deadline: z.number().optional(),
  choice: z.enum(['yes', 'no', 'update', 'updated']).optional(),
  connectionId: z.string().optional(),
});

export const schedulesShape = z.array(
  z.strictObject({
    id: z.string(),
    workflow: z.string(),
    everyMs: z.number(),
    paused: z.boolean(),
    note: z.string().optional(),
    next: z.iso.datetime().optional(),
    last: z.iso.datetime().optional(),
  }),
);

export const callShape = z.strictObject({ id: z.string(), status: z.number(), data: z.json() });
