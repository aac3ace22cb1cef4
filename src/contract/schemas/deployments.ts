import { z } from 'zod';
import type {
  AwaitDeployedCodeInput,
  CompilerError,
  DeployedCodeInput,
  DeploymentRef,
  DeploymentView,
  FunctionDeployment,
  FunctionSubject,
  StartDeploymentInput,
  StartDryRunInput,
  StartedJob,
} from '../types';
import { callResponseSchema } from './calls';
import { failureSchema } from './joins';
import { givenJsonSchema, jsonSchema } from './json';

const kindSchema = z.enum(['action', 'sync']);
const subject = { integration: z.string(), kind: kindSchema, name: z.string() };

export const functionSubjectSchema = z.strictObject(subject) satisfies z.ZodType<FunctionSubject>;

export const compileFunctionInputSchema = z.strictObject({ code: z.string() });

export const startDryRunInputSchema = z.strictObject({
  integration: z.string(),
  kind: kindSchema,
  code: z.string(),
  connectionId: z.string(),
  input: givenJsonSchema.optional(),
}) satisfies z.ZodType<StartDryRunInput>;

export const startDeploymentInputSchema = z.strictObject({
  ...subject,
  code: z.string(),
}) satisfies z.ZodType<StartDeploymentInput>;

export const startedJobSchema = z.strictObject({ id: z.uuid() }) satisfies z.ZodType<StartedJob>;

export const deployedCodeInputSchema = z.strictObject({
  ...subject,
  codeDigest: z.string(),
}) satisfies z.ZodType<DeployedCodeInput>;

export const awaitDeployedCodeInputSchema = z.strictObject({
  ...subject,
  codeDigest: z.string(),
  before: z.string().optional(),
}) satisfies z.ZodType<AwaitDeployedCodeInput>;

export const compilerErrorSchema = z.object({
  line: z.int().positive().optional(),
  column: z.int().positive().optional(),
  message: z.string(),
}) satisfies z.ZodType<CompilerError>;

export const deploymentRefSchema = z.object({
  id: z.string(),
  firstExecutionRunId: z.string(),
}) satisfies z.ZodType<DeploymentRef>;

export const deploymentViewSchema = z.object({
  ...subject,
  status: z.enum(['compiling', 'dryRunning', 'waiting', 'deploying', 'running', 'deployed', 'failed']),
  codeDigest: z.string(),
  dryRun: z
    .object({ result: jsonSchema.optional(), resultBytes: z.number().optional(), output: z.string() })
    .optional(),
  deadline: z.number().optional(),
  approvedBy: z.string().optional(),
  failure: failureSchema.optional(),
  firstExecutionRunId: z.string(),
}) satisfies z.ZodType<DeploymentView>;

export const functionDeploymentSchema = z.object({
  ...subject,
  version: z.string().optional(),
  run: z.union([callResponseSchema, z.object({ failure: failureSchema })]).optional(),
}) satisfies z.ZodType<FunctionDeployment>;
