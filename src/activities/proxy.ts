import { Context } from '@temporalio/activity';
import { proxyInputSchema } from '../contract/schemas/calls';
import { checkCallInput, isWrite } from '../contract/rules/check-call';
import type { CallResponse, ProxyInput } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import { proxy } from '../nango/proxy';
import { admitted } from './admission';
import { maxResponseBytes, refuseSecondWrite } from './context';
import type { ActivityDependencies } from './context';
import { defineActivity } from './define';
import { withSuggestions } from './with-suggestions';
import { callingPatiently } from './write-patience';

export const proxyActivities = defineActivity(
  'nango.proxy',
  proxyInputSchema,
  checkCallInput,
  async (input, dependencies) => {
    const response = await callProvider(input, dependencies);
    return { ...response, deployedActions: adviceFor(input.connection.integration, dependencies) };
  },
);

/** One proxied call. @param details what its heartbeats say; default: nothing but that a write waits */
export async function callProvider(
  input: ProxyInput,
  dependencies: ActivityDependencies,
  details?: () => unknown,
): Promise<CallResponse> {
  const write = isWrite(input.call);
  refuseSecondWrite(write);
  const traits = { route: 'proxy', repeatable: !write } as const;
  const { api } = dependencies;
  const maxBytes = maxResponseBytes(dependencies);
  const call = async (bounds: Bounds): Promise<CallResponse> => (await proxy(api, input, bounds, maxBytes)).response;
  const admittedCall = (within: Bounds): Promise<CallResponse> =>
    admitted(dependencies, input.connection, traits, within, call);
  return await withSuggestions(dependencies, input, callingPatiently(write, admittedCall, details));
}

/** A call without a workflow has nobody to advise. */
function adviceFor(integration: string, { advice }: ActivityDependencies): string[] | undefined {
  const { workflowExecution } = Context.current().info;
  return workflowExecution && advice?.afterCall(workflowExecution.runId, integration);
}
