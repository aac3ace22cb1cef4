import type { Client, WorkflowHandle } from '@temporalio/client';
import { nangoFailure } from '../contract/errors';
import { GRPC } from './grpc-status';
import { describeWorkflow } from './describe-workflow';
import type { Described } from './describe-workflow';

export type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];
type Page = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistory']>>;

/** gRPC takes 4 MB in one message; a page is as many events as it is told, whatever they weigh. */
const PAGE_BYTES = 3 * 1024 * 1024;
const MAX_PAGE_EVENTS = 1_000;
/** Events are not alike: a page of average ones is guessed at a quarter of what fits. */
const UNEVEN = 4;
/** A page that does not fit is asked for again by the client for as long as it may. */
const TRY_MS = 2_000;

/** A try that ends while the client is about to repeat it is CANCELLED; where the caller has cancelled, the next one is so too. */
const TOO_LARGE_OR_LATE: ReadonlySet<unknown> = new Set([
  GRPC.RESOURCE_EXHAUSTED,
  GRPC.DEADLINE_EXCEEDED,
  GRPC.CANCELLED,
]);

/**
 * The events of a run, oldest first, whatever size its history has; no more than a page is held at a time.
 *
 * @throws Nango.InvalidRequest with the reason `request_closed` if Temporal does not know the run any more
 */
export async function* historyOf(client: Client, id: string, runId: string): AsyncGenerator<HistoryEvent, void> {
  const run = await describeWorkflow(client, id, runId);
  if (run === undefined) {
    throw nangoFailure('Nango.InvalidRequest', {
      reason: 'request_closed',
      hint: 'Temporal does not know it any more.',
    });
  }
  let size = pageSizeOf(run);
  let token: Uint8Array | null | undefined;
  do {
    const page = await pageOf(client, id, runId, token, size);
    size = page.size;
    yield* page.history?.events ?? [];
    token = page.nextPageToken;
  } while (token && token.length > 0);
}

function pageSizeOf({ historySize = 0, historyLength }: Described): number {
  if (historySize <= PAGE_BYTES) return MAX_PAGE_EVENTS;
  const average = historySize / Math.max(historyLength, 1);
  return Math.min(Math.max(Math.floor(PAGE_BYTES / UNEVEN / average), 1), MAX_PAGE_EVENTS);
}

/** @param size how many events; fewer where so many do not fit */
async function pageOf(
  client: Client,
  workflowId: string,
  runId: string,
  nextPageToken: Uint8Array | null | undefined,
  size: number,
): Promise<Page & { size: number }> {
  const read = () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: size,
      nextPageToken,
    });
  if (size === 1) return Object.assign(await read(), { size });
  try {
    return Object.assign(await client.withDeadline(Date.now() + TRY_MS, read), { size });
  } catch (error) {
    if (!TOO_LARGE_OR_LATE.has((error as { code?: unknown }).code)) throw error;
    return await pageOf(client, workflowId, runId, nextPageToken, Math.ceil(size / 8));
  }
}
