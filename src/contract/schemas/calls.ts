import { z } from 'zod';
import { METHODS } from '../methods';
import type {
  Action,
  ActionResultInput,
  CallResponse,
  HealingReadInput,
  ProxyCall,
  ProxyInput,
  StartedAction,
  TriggerActionInput,
  WriteWait,
} from '../types';
import { connectionRefSchema, healingSchema } from './connections';
import { failureSchema } from './joins';
import { givenJsonSchema, jsonSchema } from './json';

const callOptions = {
  pick: z.array(z.string()).optional(),
  idempotent: z.boolean().optional(),
};

export const proxyCallSchema = z.strictObject({
  method: z.enum(METHODS),
  endpoint: z.string(),
  headers: z.record(z.string(), z.string()).optional(),
  body: givenJsonSchema.optional(),
  ...callOptions,
}) satisfies z.ZodType<ProxyCall>;

export const actionSchema = z.strictObject({
  action: z.string(),
  input: givenJsonSchema.optional(),
  ...callOptions,
}) satisfies z.ZodType<Action>;

export const proxyInputSchema = z.strictObject({
  connection: connectionRefSchema,
  call: proxyCallSchema,
  idempotencyKey: z.string().optional(),
}) satisfies z.ZodType<ProxyInput>;

export const triggerActionInputSchema = z.strictObject({
  connection: connectionRefSchema,
  call: actionSchema,
}) satisfies z.ZodType<TriggerActionInput>;

export const healingReadInputSchema = z.strictObject({
  connection: connectionRefSchema,
  call: z.union([proxyCallSchema, actionSchema]),
  idempotencyKey: z.string().optional(),
  heal: healingSchema,
}) satisfies z.ZodType<HealingReadInput>;

export const startedActionSchema = z.object({ id: z.uuid() }) satisfies z.ZodType<StartedAction>;

export const actionResultInputSchema = z.strictObject({
  id: z.uuid(),
  ...callOptions,
}) satisfies z.ZodType<ActionResultInput>;

export const writeWaitSchema = z.object({
  until: z.number(),
  attempt: z.number(),
  failure: failureSchema,
}) satisfies z.ZodType<WriteWait>;

export const callResponseSchema = z.object({ status: z.number(), data: jsonSchema }) satisfies z.ZodType<CallResponse>;
