import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { UPDATE, WORKFLOW } from '../contract/names';
import { leaseSchema } from '../contract/schemas/leases';
import type { Lease, LeaseRequest } from '../contract/types';
import type { Limiter } from './leased-limit';

/** A limiter that takes longer is done without: calls wait for it. */
const LEASE_DEADLINE_MS = 3_000;

const SILENT =
  'A rate limiter does not respond, so calls go out at a tenth of the limit. Where that stays so, no worker of the queue has the workflow rateLimiter.';

/** Where a limiter is: which Temporal, which queue; and where to say that it does not respond. */
export interface LimiterPlace {
  client: Client;
  taskQueue: string;
  log: { warn(message: string, meta: Record<string, unknown>): void };
}

type LimiterWorkflow = () => Promise<void>;

/**
 * The limiter of this id, started by its first request: one atomic update-with-start.
 *
 * @param place where activities run just now
 */
export function workflowLimiter(workflowId: string, place: () => LimiterPlace): Limiter {
  return {
    async lease(request) {
      const { client, taskQueue, log } = place();
      // Whoever calls off its own call does not call off those that wait with it.
      const { signal } = new AbortController();
      const leasing = client.withAbortSignal(signal, () =>
        client.withDeadline(Date.now() + LEASE_DEADLINE_MS, () =>
          client.workflow.executeUpdateWithStart<LimiterWorkflow, Lease, [LeaseRequest]>(UPDATE.lease, {
            args: [request],
            updateId: randomUUID(),
            startWorkflowOperation: new WithStartWorkflowOperation<LimiterWorkflow>(WORKFLOW.rateLimiter, {
              workflowId,
              taskQueue,
              workflowIdConflictPolicy: 'USE_EXISTING',
              workflowIdReusePolicy: 'ALLOW_DUPLICATE',
              args: [],
            }),
          }),
        ),
      );
      // A deadline that comes in the client's pause before a repetition is told when that pause is over.
      const late = new AbortController();
      const overdue = sleep(LEASE_DEADLINE_MS, undefined, { signal: late.signal }).then(() => {
        throw new Error('The limiter does not respond');
      });
      overdue.catch(() => undefined);
      leasing.catch(() => undefined);
      try {
        return leaseSchema.parse(await Promise.race([leasing, overdue]));
      } catch (error) {
        log.warn(SILENT, { workflowId });
        throw error;
      } finally {
        late.abort();
      }
    },
  };
}
