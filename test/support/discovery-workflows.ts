import { getCurrentDetails, setCurrentDetails } from '@temporalio/workflow';
import { badResponse, nango, nangoOn } from '../../src/workflow';
import type {
  Call,
  Connection,
  ConnectionRef,
  ConnectionsOptions,
  DeployedFunction,
  DiscoveredIntegration,
  DiscoveredProvider,
  DiscoveryOptions,
  FunctionsOptions,
  Json,
} from '../../src/workflow';

/** Workflows that discover what an environment has, on the user's queue. */

/** All that there is to discover of an integration. */
export async function survey(integration: string) {
  const found = (await nango.integrations()).find((one) => one.integration === integration);
  if (found === undefined) throw badResponse(`There is no integration ${integration}.`);
  const { docs, authMode } = await nango.provider(found.provider);
  const deployed = await nango.functions(integration, { schemas: false });
  let working = 0;
  for await (const { connections } of nango.connections({ integration, fresh: true })) {
    working += connections.filter(({ health }) => health === 'ok').length;
  }
  return { docs, authMode, actions: deployed.map(({ name }) => name), working };
}

export async function integrations(options?: DiscoveryOptions): Promise<DiscoveredIntegration[]> {
  return await nango.integrations(options);
}

/** Sizes of the pages, and the ids of some connections. */
export async function connections(
  options?: ConnectionsOptions,
): Promise<{ pages: number[]; first?: Connection; last?: Connection; distinct: number }> {
  const pages: number[] = [];
  const ids = new Set<string>();
  let first: Connection | undefined;
  let last: Connection | undefined;
  for await (const page of nango.connections(options)) {
    pages.push(page.connections.length);
    for (const { connectionId } of page.connections) ids.add(connectionId);
    first ??= page.connections[0];
    last = page.connections.at(-1) ?? last;
  }
  return { pages, first, last, distinct: ids.size };
}

export async function functions(integration: string, options?: FunctionsOptions): Promise<DeployedFunction[]> {
  return await nango.functions(integration, options);
}

export async function actions(connection: ConnectionRef, options?: FunctionsOptions): Promise<DeployedFunction[]> {
  return await nango.actions(connection, options);
}

export async function provider(name: string, options?: DiscoveryOptions): Promise<DiscoveredProvider> {
  return await nango.provider(name, options);
}

/** On a queue that nobody polls: whatever is refused there was refused before any I/O. */
export async function refused(method: 'integrations' | 'functions' | 'actions' | 'provider', args: Json[]) {
  const library = nangoOn('nobody-polls');
  await (library[method] as (...given: Json[]) => Promise<unknown>)(...args);
}

export async function refusedConnections(options: ConnectionsOptions): Promise<void> {
  for await (const page of nangoOn('nobody-polls').connections(options)) void page;
}

export async function one(connection: ConnectionRef, call: Call): Promise<Json> {
  if ('action' in call) return await nango.action(connection, call.action, call.input);
  return (await nango.proxy(connection, call)).data;
}

/** Calls one after another. @returns what the current details are in the end */
export async function many(connection: ConnectionRef, times: number, details?: string): Promise<string> {
  if (details !== undefined) setCurrentDetails(details);
  for (let i = 0; i < times; i++) await nango.get(connection, `/contacts/${i}`);
  return getCurrentDetails();
}
