import { allHandlersFinished, condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { nangoFailure } from '../contract/errors';
import { MAX_LEASE_HOLDERS } from '../contract/limits';
import { checkLeaseRequest } from '../contract/rules/check-lease';
import { leaseStep } from './limits/lease-step';
import { begin, restsAt } from './limits/limit-state';
import type { LimitState } from './limits/limit-state';
import { leaseUpdate } from './messages';

/** It ends once nobody has come for so long, and nothing that it remembers counts any more. */
const IDLE_MS = 120_000;
/** Temporal takes 2,000 updates a run. */
const MOST_UPDATES = 1_500;

/**
 * Shares one limit among all workers: that of a Nango account, or of one of its connections. Workers take leases of some
 * calls for some seconds, and report what they have sent. Time is that of this workflow alone.
 */
export function rateLimiter(): Promise<void>;
export async function rateLimiter(carried?: LimitState): Promise<void> {
  let state = carried ?? begin();
  let updates = 0;
  setHandler(
    leaseUpdate,
    (request) => {
      updates++;
      const step = leaseStep(state, request, Date.now());
      state = step.state;
      return step.lease;
    },
    {
      validator(request) {
        checkLeaseRequest(request);
        const { holders } = state;
        if (holders.length < MAX_LEASE_HOLDERS || holders.some(({ name }) => name === request.holder)) return;
        throw nangoFailure('Nango.InvalidRequest', { field: 'holder', hint: 'There are too many workers.' });
      },
    },
  );
  const isLong = (): boolean => updates >= MOST_UPDATES || workflowInfo().continueAsNewSuggested;

  for (;;) {
    const before = updates;
    // One timer for all that comes in the meantime.
    const left = Math.max(restsAt(state) - Date.now(), IDLE_MS);
    await condition(isLong, left, { summary: 'whether anybody has come' });
    await condition(allHandlersFinished);
    if (isLong()) await continueAsNew<(carried: LimitState) => Promise<void>>(state);
    if (updates === before && restsAt(state) <= Date.now()) return;
  }
}
