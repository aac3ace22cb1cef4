import type { Client } from '@temporalio/client';
import { ACTIVITY } from '../contract/names';
import { checkConnectionRef } from '../contract/rules/check-call';
import { connectionsInput, discoveryInput, functionsInput, providerInput } from '../contract/rules/check-discovery';
import type {
  ConnectionRef,
  ConnectionsOptions,
  ConnectionsPage,
  DeployedFunction,
  DiscoveredIntegration,
  DiscoveredProvider,
  DiscoveryOptions,
  FunctionsOptions,
} from '../contract/types';
import { runActivity } from '../requests/run-activity';
import type { Place } from '../requests/start';

/** What an environment has, without a workflow and without a key: the worker reads it. Part of `NangoConnections`. */
export class DiscoveryClient {
  readonly #place: Place;

  /**
   * @param client of Temporal
   * @param taskQueue of the worker that holds the key
   * @param environment label of the Nango environment
   */
  protected constructor(client: Client, taskQueue: string, environment: string) {
    this.#place = { client, taskQueue, environment };
  }

  /**
   * The integrations of the environment.
   *
   * @throws Nango.InvalidRequest before any I/O; Nango.Forbidden with the `scope` that the worker's key lacks,
   *   Nango.Misconfigured, Nango.RateLimited, Nango.Unavailable; Nango.ResponseTooLarge over 256 KB; Nango.NoWorker;
   *   Nango.TemporalUnavailable, with the code `UNIMPLEMENTED` where Temporal has no standalone activities
   */
  async integrations(options: DiscoveryOptions = {}): Promise<DiscoveredIntegration[]> {
    return await runActivity(this.#place, ACTIVITY.listIntegrations, discoveryInput(options));
  }

  /**
   * Connections, newest first, page by page. One that is made meanwhile can move others to the next page, where they come a
   * second time; where one is deleted another may be missed.
   *
   * @example
   * ```ts
   * for await (const { connections } of nango.connections({ integration: 'hubspot' })) render(connections);
   * ```
   * @throws Nango.IntegrationNotFound, and as {@link DiscoveryClient.integrations}
   */
  async *connections(options: ConnectionsOptions = {}): AsyncGenerator<ConnectionsPage, void, undefined> {
    const input = connectionsInput(options);
    for (let next = input.from, isFirst = true; isFirst || next !== undefined; isFirst = false) {
      const page = await runActivity<ConnectionsPage>(this.#place, ACTIVITY.listConnections, { ...input, from: next });
      yield page;
      next = page.next;
    }
  }

  /**
   * Actions and syncs that are deployed to an integration, with their JSON schemas.
   *
   * @throws Nango.IntegrationNotFound, and as {@link DiscoveryClient.integrations}
   */
  async functions(integration: string, options: FunctionsOptions = {}): Promise<DeployedFunction[]> {
    return await runActivity(this.#place, ACTIVITY.listFunctions, functionsInput(integration, options));
  }

  /**
   * The actions of the integration of a connection, those that are switched off as well.
   *
   * @throws as {@link DiscoveryClient.functions}
   */
  async actions(connection: ConnectionRef, options: FunctionsOptions = {}): Promise<DeployedFunction[]> {
    checkConnectionRef(connection);
    const input = functionsInput(connection.integration, options);
    return await runActivity(this.#place, ACTIVITY.listFunctions, { ...input, kind: 'action' });
  }

  /**
   * What Nango knows of a provider.
   *
   * @throws Nango.InvalidRequest with the field `provider` for one it does not know, and as
   *   {@link DiscoveryClient.integrations}
   */
  async provider(name: string, options: DiscoveryOptions = {}): Promise<DiscoveredProvider> {
    return await runActivity(this.#place, ACTIVITY.describeProvider, providerInput(name, options));
  }
}
