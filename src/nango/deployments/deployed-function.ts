import { z } from 'zod';
import { nangoFailure } from '../../contract/errors';
import type { FunctionFacts, FunctionKind, FunctionSubject } from '../../contract/types';
import type { Bounds } from '../http/bounds';
import { readError } from '../http/nango-error';
import type { NangoApi } from '../http/http';
import type { HttpOutcome } from '../http/outcome';
import { shapeOf } from '../management-api';
import { classify } from '../verdict/classify';
import { succeeded } from '../verdict/fail';

/** By its name; the kind may be left out where only one kind has it. */
export type NamedFunction = Omit<FunctionSubject, 'kind'> & { kind?: FunctionKind };

/** What is deployed under a name. */
export interface FoundFunction extends FunctionFacts, FunctionSubject {
  description?: string;
  enabled: boolean;
}

/** The source of a function as it was deployed. */
export interface FunctionCode {
  kind: FunctionKind;
  code: string;
}

const READ = { route: 'management', repeatable: true } as const;

const kindSchema = z.enum(['action', 'sync']);
const foundSchema = z.looseObject({
  data: z.looseObject({
    name: z.string(),
    type: kindSchema,
    description: z.string().optional().catch(undefined),
    /** absent on older servers, where everything that is listed runs */
    enabled: z.boolean().optional().catch(undefined),
    source: z.string().optional().catch(undefined),
    last_deployed: z.string().optional().catch(undefined),
  }),
});
const codeSchema = z.looseObject({ type: kindSchema, code: z.string() });

/**
 * What is deployed under a name. https://nango.dev/docs/reference/api/functions/get
 *
 * @returns nothing if nothing is
 * @throws Nango.InvalidRequest with the field `kind` if an action and a sync have the name; Nango.IntegrationNotFound,
 *   Nango.Forbidden (`environment:functions:read`), Nango.Misconfigured, Nango.RateLimited, Nango.Unavailable
 */
export async function findFunction(
  api: NangoApi,
  named: NamedFunction,
  bounds: Bounds,
): Promise<FoundFunction | undefined> {
  const found = await read(api, named, '', foundSchema, bounds);
  if (found === undefined) return undefined;
  const { type: kind, name, description, enabled = true, source, last_deployed: deployedAt } = found.data;
  return {
    integration: named.integration,
    kind,
    name,
    description: description || undefined,
    enabled,
    source,
    deployedAt,
  };
}

/** The source of a function. @returns nothing if there is none. @throws as {@link findFunction} */
export async function getFunctionCode(
  api: NangoApi,
  named: NamedFunction,
  bounds: Bounds,
): Promise<FunctionCode | undefined> {
  const found = await read(api, named, '/code', codeSchema, bounds);
  return found && { kind: found.type, code: found.code };
}

/**
 * Deletes a function; one that is gone is fine. https://nango.dev/docs/reference/api/functions/delete
 *
 * @throws Nango.FunctionManagedElsewhere; and as {@link findFunction}, with the scope `environment:functions:delete`
 */
export async function deleteFunction(api: NangoApi, subject: FunctionSubject, bounds: Bounds): Promise<void> {
  const outcome = await api.send({ method: 'DELETE', path: pathOf(subject, '') }, bounds);
  if (isMissing(outcome)) return;
  if (codeOf(outcome) === 'function_managed_by_deploy') throw nangoFailure('Nango.FunctionManagedElsewhere');
  succeeded(outcome, classify(READ, outcome, Date.now()), api.keyName);
}

async function read<T>(
  api: NangoApi,
  named: NamedFunction,
  part: string,
  shape: z.ZodType<T>,
  bounds: Bounds,
): Promise<T | undefined> {
  const outcome = await api.send({ method: 'GET', path: pathOf(named, part) }, bounds);
  if (isMissing(outcome)) return undefined;
  if (codeOf(outcome) === 'ambiguous_function') {
    throw nangoFailure('Nango.InvalidRequest', { field: 'kind', hint: 'An action and a sync have this name.' });
  }
  return shapeOf(succeeded(outcome, classify(READ, outcome, Date.now()), api.keyName), shape);
}

function pathOf({ integration, kind, name }: NamedFunction, part: string): string {
  const path = `/integrations/${encodeURIComponent(integration)}/functions/${encodeURIComponent(name)}${part}`;
  return kind === undefined ? path : `${path}?type=${kind}`;
}

function isMissing(outcome: HttpOutcome): boolean {
  return outcome.kind === 'response' && outcome.status === 404 && codeOf(outcome) === 'not_found';
}

function codeOf(outcome: HttpOutcome): string | undefined {
  return outcome.kind === 'response' ? readError(outcome).code : undefined;
}
