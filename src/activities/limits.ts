import { Context } from '@temporalio/activity';
import { limiterId } from '../contract/request-id';
import type { LimiterPlace } from '../limits/workflow-limiter';
import type { KnownLimit } from '../contract/types';
import { WorkerLimits } from '../limits/worker-limits';
import { workflowLimiter } from '../limits/workflow-limiter';
import { getProvider } from '../nango/get-provider';
import type { NangoApi } from '../nango/http/http';
import type { ProviderCatalog } from '../nango/provider-facts';
import { z } from 'zod';

/** Any key may read a provider, and whatever comes of it shows the limit. */
const ANY_PROVIDER = 'github';
const READ_MS = 10_000;

/**
 * The limits of a worker: shared by limiters that run on the queue of its activities, and learnt from every response.
 *
 * @param account label of the Nango account
 * @param declared limits of connections, by integration
 */
export function createLimits(
  api: NangoApi,
  catalog: ProviderCatalog,
  account: string,
  declared: { [integration: string]: KnownLimit },
): WorkerLimits {
  const bounds = { deadlineMs: READ_MS };
  const limits = new WorkerLimits({
    declared,
    limiterOf: (connection) => workflowLimiter(limiterId(account, connection), here),
    async readLimit() {
      await getProvider(api, ANY_PROVIDER, z.unknown(), bounds);
    },
    retryHeadersOf: (connection) => catalog.knownFacts(connection)?.retry,
    async readRetryHeaders(connection) {
      await catalog.factsOf(connection, bounds);
    },
    claimant: () => Context.current().info.workflowExecution?.workflowId ?? '',
  });
  api.observedBy(limits);
  return limits;
}

function here(): LimiterPlace {
  const { client, info, log } = Context.current();
  return { client, taskQueue: info.taskQueue, log };
}
