import { z } from 'zod';
import { METHODS } from '../methods';
import { connectionRefSchema } from './connections';
import { givenJsonSchema, jsonSchema } from './json';

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
  body: givenJsonSchema.optional(),
  ...callOptions,
});

/** An action as it is triggered. */
const actionSchema = z.strictObject({
  action: z.string(),
  input: givenJsonSchema.optional(),
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
