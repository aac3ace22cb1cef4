import { WorkflowNotFoundError } from '@temporalio/common';
import { MAX_JOINS } from '../../src/contract/limits';
import type { Join, JoinResponse } from '../../src/contract/types';
import { JoinBatches } from '../../src/requests/join-batches';
import type { Place } from '../../src/requests/start';

// How joins of one process travel to one request, by a clock that the test moves. No Temporal is here.

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** A request that says nothing until it is let. */
function slowRequest() {
  const subject = { integration: 'hubspot', owner: { endUser: { id: 'u_42' } } };
  const pending: JoinResponse = { status: 'pending', requestId: 'r', firstExecutionRunId: 'run' };
  const updates: Join[][] = [];
  let respond = (): void => undefined;
  const responds = new Promise<void>((resolve) => {
    respond = resolve;
  });
  const workflow = {
    executeUpdateWithStart: async (_: string, { args: [joins] }: { args: [Join[]] }): Promise<unknown> => {
      updates.push(joins);
      await responds;
      return joins.map(() => pending);
    },
    getHandle: (id: string) => ({
      describe: () => Promise.reject(new WorkflowNotFoundError('There was none before', id, undefined)),
    }),
  };
  const client = {
    workflow,
    withAbortSignal: <T>(_: AbortSignal, call: () => Promise<T>) => call(),
    withDeadline: <T>(_: number, call: () => Promise<T>) => call(),
  };
  const place = { client, taskQueue: 'nango', environment: 'default' } as unknown as Place;
  const batches = new JoinBatches();
  const join = (joinId: string): Promise<JoinResponse> => {
    const terms = { join: { joinId, subscriber: { workflowId: joinId } }, ignoreCoolDown: true, at: 0, since: 0 };
    return batches.join(place, subject, terms, 1_000);
  };
  const sizes = (): number[] => updates.map(({ length }) => length);
  return { join, sizes, respond };
}

test('while one update of joins is under way, those that come wait for it', async () => {
  const { join, sizes, respond } = slowRequest();
  const first = Array.from({ length: MAX_JOINS }, (_, i) => join(`first${i}`));
  await jest.advanceTimersByTimeAsync(1_000);
  const later = Array.from({ length: MAX_JOINS }, (_, i) => join(`later${i}`));
  await jest.advanceTimersByTimeAsync(1_000);
  expect(sizes()).toEqual([MAX_JOINS]);
  respond();
  await Promise.all([...first, ...later]);
  expect(sizes()).toEqual([MAX_JOINS, MAX_JOINS]);
});

test('twenty that come some milliseconds apart travel together', async () => {
  const { join, sizes, respond } = slowRequest();
  respond();
  const joined: Promise<JoinResponse>[] = [];
  for (let i = 0; i < 20; i++) {
    joined.push(join(`j${i}`));
    await jest.advanceTimersByTimeAsync(5);
  }
  await jest.advanceTimersByTimeAsync(1_000);
  await Promise.all(joined);
  expect(sizes()).toEqual([20]);
});
