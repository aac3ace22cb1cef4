import { invalid } from '../errors';
import type {
  ConnectionsOptions,
  DescribeProviderInput,
  DiscoveryOptions,
  FunctionsOptions,
  ListConnectionsInput,
  ListFunctionsInput,
} from '../types';
import { checkNangoName } from './check-call';
import { checkOwner, checkProvider, checkTagsToFind } from './check-request';
import { checkFields, checkFlag } from './check-shape';

/**
 * Rules for what is said to discover what an environment has, checked by whoever says it and once more in the worker.
 * Each throws `Nango.InvalidRequest` naming the field, never its value.
 */

export function checkDiscovery({ fresh }: DiscoveryOptions): void {
  checkFlag(fresh, 'fresh');
}

/** @returns the input that says it */
export function discoveryInput(options: DiscoveryOptions): DiscoveryOptions {
  checkOptions(options, ['fresh']);
  const { fresh } = options;
  checkDiscovery({ fresh });
  return { fresh };
}

/** @returns the input that says it */
export function connectionsInput(options: ConnectionsOptions): ListConnectionsInput {
  checkOptions(options, ['integration', 'endUser', 'organization', 'tags', 'from', 'fresh']);
  const { integration, endUser, organization, tags, from, fresh } = options;
  const owner = { endUser, organization };
  const input = { integration, owner, tags: tags && checkTagsToFind(tags, 'tags'), from, fresh };
  checkListConnections(input);
  return input;
}

export function checkListConnections({ integration, owner, tags, from, fresh }: ListConnectionsInput): void {
  if (integration !== undefined) checkNangoName(integration, 'integration');
  checkOwner(owner);
  if (tags !== undefined) checkTagsToFind(tags, 'tags');
  if (from !== undefined && !(Number.isSafeInteger(from) && from >= 0)) throw invalid('from', 'must be a `next`');
  checkFlag(fresh, 'fresh');
}

/** @returns the input that says it */
export function functionsInput(integration: string, options: FunctionsOptions): ListFunctionsInput {
  checkOptions(options, ['schemas', 'fresh']);
  const { schemas, fresh } = options;
  checkListFunctions({ integration, schemas, fresh });
  return { integration, schemas, fresh };
}

export function checkListFunctions({ integration, schemas, fresh }: ListFunctionsInput): void {
  checkNangoName(integration, 'integration');
  checkFlag(schemas, 'schemas');
  checkFlag(fresh, 'fresh');
}

export function checkDescribeProvider({ provider, fresh }: DescribeProviderInput): void {
  checkProvider(provider);
  checkFlag(fresh, 'fresh');
}

/** @returns the input that says it */
export function providerInput(provider: string, options: DiscoveryOptions): DescribeProviderInput {
  const input = { provider, ...discoveryInput(options) };
  checkDescribeProvider(input);
  return input;
}

function checkOptions(options: unknown, known: readonly string[]): void {
  checkFields(options, 'options', known);
}
