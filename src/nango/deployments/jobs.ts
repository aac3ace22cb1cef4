import { z } from 'zod';
import { findNangoFailure, detailsOf, nangoFailure } from '../../contract/errors';
import { MAX_DRY_RUN_OUTPUT_BYTES, MAX_PAYLOAD_BYTES } from '../../contract/limits';
import { requireStandalone } from '../../contract/rules/check-deployment';
import { jsonBytes } from '../../contract/rules/json';
import { jsonSchema } from '../../contract/schemas/json';
import type {
  ConnectionNames,
  DryRun,
  JobEnd,
  Json,
  StartDeploymentInput,
  StartDryRunInput,
  StartedJob,
} from '../../contract/types';
import { readError } from '../http/nango-error';
import type { Bounds } from '../http/bounds';
import type { NangoApi } from '../http/http';
import { parseJson, shapeOf } from '../management-api';
import { CODE, succeeded } from '../verdict/fail';
import { classify } from '../verdict/classify';
import { compilerErrors } from './compiler-errors';
import { findFunction } from './deployed-function';

/** Each makes a job of its own. */
const NOT_REPEATABLE = { route: 'management', repeatable: false } as const;

const REPEATABLE = { route: 'management', repeatable: true } as const;

const COMPILATION_ERROR = 'compilation_error';

const startedSchema = z.looseObject({ id: z.uuid() });

const jobSchema = z.looseObject({
  status: z.enum(['waiting', 'running', 'success', 'failed']),
  output: z.string().optional().catch(undefined),
  result: jsonSchema.optional().catch(undefined),
  error: z.looseObject({ code: z.string().optional(), message: z.string().optional() }).optional().catch(undefined),
  deployed_functions: z
    .array(z.looseObject({ version: z.string().optional() }))
    .optional()
    .catch(undefined),
});

/**
 * Whether code compiles. https://nango.dev/docs/reference/api/functions/compile
 *
 * @throws Nango.CompilationFailed with `errors`, or with the reason `timed_out`; Nango.Forbidden
 *   (`environment:functions:compile`), Nango.Misconfigured, Nango.PlanLimit, Nango.RateLimited, Nango.Unavailable
 */
export async function compileFunction(api: NangoApi, code: string, bounds: Bounds): Promise<void> {
  const outcome = await api.send({ method: 'POST', path: '/functions/compile', body: { code } }, bounds);
  if (outcome.kind === 'response') {
    const { code: error, message } = readError(outcome);
    if (error === COMPILATION_ERROR) throw nangoFailure('Nango.CompilationFailed', { errors: compilerErrors(message) });
    // A gateway in front of Nango has no code of Nango's.
    if (outcome.status === 504 && error !== undefined)
      throw nangoFailure('Nango.CompilationFailed', { reason: 'timed_out' });
  }
  succeeded(outcome, classify(REPEATABLE, outcome, Date.now()), api.keyName);
}

/**
 * Starts a dry run. https://nango.dev/docs/reference/api/functions/dryrun
 *
 * @throws Nango.ConnectionNotFound, Nango.IntegrationNotFound, Nango.Forbidden (`environment:functions:dryrun`); failures of
 *   the taxonomy, `UNCLEARED` too; Nango.OutcomeUnknown if it may have been started
 */
export async function startDryRun(
  api: NangoApi,
  { integration, kind, code, connectionId, input }: StartDryRunInput,
  deadlineMs: number,
): Promise<StartedJob> {
  const body = { integration_id: integration, function_type: kind, code, connection_id: connectionId, input };
  return await start(api, '/functions/dryruns', body, deadlineMs, { integration, connectionId });
}

/**
 * Starts a deployment. https://nango.dev/docs/reference/api/functions/deploy
 *
 * @throws Nango.FunctionManagedElsewhere, Nango.IntegrationNotFound, Nango.Forbidden (`environment:deploy`); failures of the
 *   taxonomy; Nango.OutcomeUnknown if it may have been started
 */
export async function startDeployment(
  api: NangoApi,
  { integration, kind, name, code }: StartDeploymentInput,
  deadlineMs: number,
): Promise<StartedJob> {
  const names = { integration_id: integration, function_name: name, function_type: kind };
  try {
    return await start(api, '/functions/deployments', { type: 'function', ...names, code }, deadlineMs);
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure === undefined || detailsOf(failure).code !== 'invalid_request') throw error;
    // Somebody has deployed it otherwise since it was looked up; Nango says this of other things too.
    requireStandalone((await findFunction(api, { integration, kind, name }, { deadlineMs })) ?? {});
    throw failure;
  }
}

/** @param through what is called while it runs */
async function start(
  api: NangoApi,
  path: string,
  body: object,
  deadlineMs: number,
  through?: ConnectionNames,
): Promise<StartedJob> {
  const outcome = await api.send({ method: 'POST', path, body, through }, { deadlineMs });
  const response = succeeded(outcome, classify(NOT_REPEATABLE, outcome, Date.now()), api.keyName);
  const started = startedSchema.safeParse(parseJson(response.body));
  // It is under way, and nobody knows its name.
  if (!started.success) throw nangoFailure('Nango.OutcomeUnknown', { status: response.status });
  return { id: started.data.id };
}

/** A dry run, once. @returns nothing while it is under way. @throws failures of the taxonomy, retryable */
export async function readDryRun(api: NangoApi, id: string, bounds: Bounds): Promise<JobEnd | undefined> {
  return await readJob(api, `/functions/dryruns/${id}`, bounds, true);
}

/** A deployment, once. @returns nothing while it is under way. @throws failures of the taxonomy, retryable */
export async function readDeployment(api: NangoApi, id: string, bounds: Bounds): Promise<JobEnd | undefined> {
  return await readJob(api, `/functions/deployments/${id}`, bounds, false);
}

async function readJob(api: NangoApi, path: string, bounds: Bounds, isDryRun: boolean): Promise<JobEnd | undefined> {
  const outcome = await api.send({ method: 'GET', path }, bounds);
  // Nango forgets a job some time after its end.
  if (outcome.kind === 'response' && FORGOTTEN.test(readError(outcome).code ?? '')) return { end: 'overdue' };
  const response = succeeded(outcome, classify(REPEATABLE, outcome, Date.now()), api.keyName);
  const { status, output, result, error, deployed_functions: deployed = [] } = shapeOf(response, jobSchema);
  if (status === 'waiting' || status === 'running') return undefined;
  const dryRun = isDryRun ? shown(output ?? error?.message ?? '', result) : undefined;
  if (status === 'success') return { end: 'success', version: deployed[0]?.version, dryRun };
  const { code = '', message = '' } = error ?? {};
  const errors = code === COMPILATION_ERROR ? compilerErrors(message) : undefined;
  return { end: 'failed', code: CODE.test(code) ? code : undefined, errors, dryRun };
}

const FORGOTTEN = /^(dryrun|deployment)_not_found$/;

function shown(output: string, result: Json | undefined): DryRun {
  const resultBytes = result === undefined ? 0 : jsonBytes(result);
  const bytes = Buffer.from(output);
  const end = bytes.subarray(Math.max(0, bytes.length - MAX_DRY_RUN_OUTPUT_BYTES)).toString('utf8');
  return resultBytes > MAX_PAYLOAD_BYTES ? { resultBytes, output: end } : { result, output: end };
}
