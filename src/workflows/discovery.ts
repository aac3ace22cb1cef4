import { nangoFailure } from '../contract/errors';
import { MAX_FAN_OUT_BYTES } from '../contract/limits';
import { checkConnectionRef } from '../contract/rules/check-call';
import { connectionsInput, discoveryInput, functionsInput, providerInput } from '../contract/rules/check-discovery';
import { checkTemporalName } from '../contract/rules/check-shape';
import { jsonBytes } from '../contract/rules/json';
import { retryOf, summaryOf } from '../contract/rules/one-request';
import type { NangoActivities } from '../contract/activities';
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
import { activitiesWith } from './activity-proxies';

/**
 * What the environment has, from workflow code. Each method but {@link Discovery.connections} is one activity, whose
 * result may be as old as a minute: `{ fresh: true }` reads it now. A name that is not known is looked up anew before it is
 * refused, and the refusal has `suggestions`: names that may have been meant.
 *
 * Every method throws `Nango.InvalidRequest` before any I/O; `Nango.Forbidden` with the scope that the key lacks;
 * `Nango.Misconfigured`, `Nango.RateLimited`, `Nango.Unavailable` after ten attempts; and `Nango.ResponseTooLarge` for a
 * result over 256 KB, with External Storage over 16 MB.
 */
export interface Discovery {
  /** The integrations of the environment. */
  integrations(options?: DiscoveryOptions): Promise<DiscoveredIntegration[]>;
  /**
   * Connections, newest first, page by page; a page is one activity, read when it is wanted. One that is made meanwhile can
   * move others to the next page, where they come a second time; where one is deleted another may be missed.
   *
   * @example
   * ```ts
   * for await (const { connections } of nango.connections({ integration: 'hubspot' })) found.push(...connections);
   * ```
   * @throws Nango.IntegrationNotFound; Nango.ResponseTooLarge past 8 MB in all: then continue as new with `from: next` of
   *   the last page
   */
  connections(options?: ConnectionsOptions): AsyncGenerator<ConnectionsPage, void, undefined>;
  /** Actions and syncs that are deployed to an integration, with their JSON schemas. @throws Nango.IntegrationNotFound */
  functions(integration: string, options?: FunctionsOptions): Promise<DeployedFunction[]>;
  /** The actions of the integration of a connection, those that are switched off as well. @throws as {@link Discovery.functions} */
  actions(connection: ConnectionRef, options?: FunctionsOptions): Promise<DeployedFunction[]>;
  /** What Nango knows of a provider. @throws Nango.InvalidRequest with the field `provider` for one it does not know */
  provider(name: string, options?: DiscoveryOptions): Promise<DiscoveredProvider>;
}

const GO_ON = 'Continue as new, or start a workflow, with from: the `next` of the last page.';

/** Discovery by the worker on a queue. */
export function discoveryOn(taskQueue: string): Discovery {
  const read = (summary: string): NangoActivities => {
    checkTemporalName(taskQueue, 'taskQueue');
    return activitiesWith({
      taskQueue,
      summary: summaryOf(summary),
      startToCloseTimeout: '30 seconds',
      retry: retryOf(false),
    });
  };

  async function functions(integration: string, options: FunctionsOptions = {}, kind?: DeployedFunction['kind']) {
    const input = functionsInput(integration, options);
    return await read(`what is deployed to ${integration}`)['nango.listFunctions']({ ...input, kind });
  }

  return {
    async integrations(options = {}) {
      const input = discoveryInput(options);
      return await read('the integrations')['nango.listIntegrations'](input);
    },
    async *connections(options = {}) {
      const input = connectionsInput(options);
      const { 'nango.listConnections': listConnections } = read(`connections${of(input.integration)}`);
      let bytes = 0;
      for (let next = input.from, isFirst = true; isFirst || next !== undefined; isFirst = false) {
        const page = await listConnections({ ...input, from: next });
        // What was read stays in the history, whether or not it is kept.
        bytes += jsonBytes(page);
        if (bytes > MAX_FAN_OUT_BYTES) {
          throw nangoFailure('Nango.ResponseTooLarge', { hint: `At most ${MAX_FAN_OUT_BYTES} bytes in all. ${GO_ON}` });
        }
        yield page;
        next = page.next;
      }
    },
    functions: (integration, options) => functions(integration, options),
    async actions(connection, options) {
      checkConnectionRef(connection);
      return await functions(connection.integration, options, 'action');
    },
    async provider(name, options = {}) {
      const input = providerInput(name, options);
      return await read(`what Nango knows of ${name}`)['nango.describeProvider'](input);
    },
  };
}

function of(integration: string | undefined): string {
  return integration === undefined ? '' : ` of ${integration}`;
}
