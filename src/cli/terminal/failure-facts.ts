import type { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { detailsOf, REASONS } from '../../contract/errors';
import type { NangoErrorDetails } from '../../contract/errors';
import { MAX_COMPILER_ERRORS, MAX_MISSING_SCOPES } from '../../contract/limits';
import { candidateSchema } from '../../contract/schemas/connections';
import { compilerErrorSchema } from '../../contract/schemas/deployments';
import { CODE } from '../../nango/verdict/fail';
import { SCOPE_NAME } from '../../nango/verdict/missing-scopes';
import { isDeceptive, printable } from '../../contract/rules/printable';
import { candidatesText } from './candidates-text';
import { moment, span } from './time';

/** What is known of a failure besides its type and words, under the names that they have in `details[0]`. */
export type FailureFacts = NangoErrorDetails;

const MAX_NAME_CHARS = 100;

const datedSchema = candidateSchema.extend({ createdAt: z.iso.datetime({ offset: true }) });

// Who may start activities may also fail them, with anything: what is not of the form is not shown.
const factsSchema = z.object({
  status: z.int().min(100).max(599).optional().catch(undefined),
  reason: z.enum(REASONS).optional().catch(undefined),
  code: z.string().regex(CODE).optional().catch(undefined),
  retryAfterMs: z.number().nonnegative().optional().catch(undefined),
  didNotRun: z.literal(true).optional().catch(undefined),
  callId: z.string().max(1_000).optional().catch(undefined),
  requestId: z.string().max(1_000).optional().catch(undefined),
  field: z.string().max(255).optional().catch(undefined),
  scope: z
    .string()
    .regex(/^[a-z_:]{1,100}$/)
    .optional()
    .catch(undefined),
  scopes: z.array(z.string().regex(SCOPE_NAME)).max(MAX_MISSING_SCOPES).optional().catch(undefined),
  errors: z.array(compilerErrorSchema).max(MAX_COMPILER_ERRORS).optional().catch(undefined),
  suggestions: z
    .array(
      z
        .string()
        .max(MAX_NAME_CHARS)
        .refine((name) => !isDeceptive(name)),
    )
    .max(3)
    .optional()
    .catch(undefined),
  index: z.int().nonnegative().optional().catch(undefined),
  coolDownUntil: z.number().optional().catch(undefined),
  connections: z.array(datedSchema).max(20).optional().catch(undefined),
}) satisfies z.ZodType<FailureFacts>;

/** What a failure of the taxonomy carries. */
export function factsOf(failure: ApplicationFailure): FailureFacts {
  return factsSchema.safeParse(detailsOf(failure)).data ?? {};
}

/** What one reads on a line with the message: `HTTP 429, code too_many_request, field x`, or a reason. Empty: nothing is known. */
export function factsInBrief({ status, reason, code, field }: FailureFacts): string {
  const facts = [status && `HTTP ${status}`, reason, code && `code ${code}`, field && `field ${printable(field)}`];
  return facts.filter(Boolean).join(', ');
}

/** What takes lines of its own: what is missing, when it may be tried again, and between what somebody has to choose. */
export function factsInFull(facts: FailureFacts): string[] {
  const { scopes = [], didNotRun, retryAfterMs, coolDownUntil, requestId, connections = [] } = facts;
  const lines = [
    ...(scopes.length === 0 ? [] : [`Missing scopes, all or one of them: ${printable(scopes.join(', '))}`]),
    ...(didNotRun ? ['The write was not carried out.'] : []),
    ...(retryAfterMs === undefined ? [] : [`It may be tried again in ${span(Math.max(retryAfterMs, 1_000))}.`]),
    ...(coolDownUntil === undefined ? [] : [`Nobody is asked again by a workflow until ${moment(coolDownUntil)}.`]),
    ...(requestId === undefined ? [] : [`Request: ${printable(requestId)}`]),
  ];
  if (connections.length === 0) return lines;
  return [...lines, candidatesText(connections)];
}
