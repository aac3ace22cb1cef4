import { checkConnectionId } from './check-call';
import { checkFields, checkObject, checkOneOf } from './check-shape';
import { invalid, nangoFailure } from '../errors';
import { checkJson } from './json';
import { MAX_CODE_BYTES } from '../limits';
import { checkName } from './text';
import type { DeployFunctionInput, DeploymentInput, DeploymentJoin, FunctionFacts, FunctionSubject } from '../types';

/**
 * Rules for what is said of the deployment of a function, checked by whoever says it and once more where it arrives. Each
 * throws `Nango.InvalidRequest` naming the field, never its value.
 */

const FIELDS = ['integration', 'kind', 'name', 'code', 'connectionId', 'input'];
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/;
/** What the API deploys. */
const STANDALONE = 'standalone';
const DIGEST = /^[0-9a-f]{64}$/;

/** What a caller has said: what is deployed, who has agreed to it, and whether once more. */
export interface WantedDeployment {
  deployment: DeploymentInput;
  approvedBy?: string;
  again: boolean;
}

/** Checks everything a caller says to have a function deployed. */
export function checkDeployFunctionInput(input: DeployFunctionInput): WantedDeployment {
  checkObject(input, 'input');
  const { approvedBy, again = false, kind = 'action', ...rest } = input;
  const deployment = { ...rest, kind };
  checkDeploymentInput(deployment);
  if (approvedBy !== undefined) checkName(approvedBy, 'approvedBy');
  if (typeof again !== 'boolean') throw invalid('again', 'must be true or false');
  return { deployment, approvedBy, again };
}

/** Checks what is deployed, and how it is tried. */
export function checkDeploymentInput(input: unknown): asserts input is DeploymentInput {
  checkFields(input, 'input', FIELDS);
  checkFunctionSubject(input);
  checkCode(input.code);
  const { connectionId, input: given } = input;
  if (connectionId !== undefined) checkConnectionId(connectionId, 'connectionId');
  if (given === undefined) return;
  if (input.kind === 'sync') throw invalid('input', 'must not be given for a sync');
  if (connectionId === undefined) throw invalid('input', 'must not be given without connectionId');
  checkJson(given, 'input');
}

/** Checks the names of a function. */
export function checkFunctionSubject({
  integration,
  kind,
  name,
}: { [field in keyof FunctionSubject]?: unknown }): void {
  checkConnectionId(integration, 'integration');
  checkOneOf(kind, 'kind', ['action', 'sync']);
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw invalid('name', 'must be letters, digits, _ and - only, 255 at most, and begin with a letter or digit');
  }
}

/** Checks the source of a function. */
export function checkCode(code: unknown): asserts code is string {
  if (typeof code !== 'string' || code.trim() === '') throw invalid('code', 'must be a text that is not blank');
  if (new TextEncoder().encode(code).length > MAX_CODE_BYTES) {
    throw invalid('code', `must be at most ${MAX_CODE_BYTES} bytes`);
  }
}

/** Checks what is known of a source in its place. */
export function checkCodeDigest(digest: unknown): void {
  if (typeof digest !== 'string' || !DIGEST.test(digest)) throw invalid('codeDigest', 'must be a SHA-256');
}

/** The form of one join. */
export function checkDeploymentJoin(value: unknown): asserts value is DeploymentJoin {
  checkObject(value, 'join');
  checkCodeDigest(value.codeDigest);
  if (value.approvedBy !== undefined) checkName(value.approvedBy, 'approvedBy');
}

/** @throws Nango.FunctionManagedElsewhere for what the API may not replace, nor delete */
export function requireStandalone({ source = STANDALONE }: FunctionFacts): void {
  if (source !== STANDALONE) throw nangoFailure('Nango.FunctionManagedElsewhere');
}
