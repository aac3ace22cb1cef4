import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { proxyActivities } from '@temporalio/workflow';
import { checkPage } from '../../contract/rules/check-bulk';
import { jsonBytes } from '../../contract/rules/json';
import { detailsOf, findNangoFailure, nangoFailure } from '../../contract/errors';
import type { NangoReason } from '../../contract/errors';
import { BULK_ACTIVITY_MS, MAX_PAGE_BYTES } from '../../contract/limits';
import type { BulkActivity, BulkPage, BulkSourceInput, Json } from '../../contract/types';

const MAX_ATTEMPTS = 10;
/** The type under which a worker fails an activity whose result Temporal would not take. */
const TOO_LARGE = 'PayloadsTooLarge';

type Source = (input: BulkSourceInput) => Promise<unknown>;

/**
 * Reads one page of the user's source.
 *
 * @param index of the first call of the page
 * @throws Nango.BulkFailed with the reason `source_failed`, `page_too_large` or `page_malformed`, and the index
 */
export async function readPage(source: BulkActivity, cursor: Json | undefined, index: number): Promise<BulkPage> {
  const { activity, taskQueue, input, timeoutMs = BULK_ACTIVITY_MS } = source;
  const read = proxyActivities<{ [name: string]: Source }>({
    taskQueue,
    startToCloseTimeout: timeoutMs,
    retry: {
      initialInterval: '1 second',
      maximumInterval: '1 minute',
      maximumAttempts: MAX_ATTEMPTS,
      nonRetryableErrorTypes: [TOO_LARGE],
    },
    summary: `reads from ${index}`,
  })[activity]!;
  try {
    const page = await read({ cursor, input });
    checkPage(page);
    if (jsonBytes(page) > MAX_PAGE_BYTES) throw failed('page_too_large', index, `over ${MAX_PAGE_BYTES} bytes`);
    return page;
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure?.type === 'Nango.BulkFailed') throw failure;
    if (!(error instanceof ActivityFailure) && failure?.type === 'Nango.InvalidRequest') {
      const { field = 'page' } = detailsOf(failure);
      throw failed('page_malformed', index, `${field} is not as it must be`);
    }
    throw isTooLarge(error)
      ? failed('page_too_large', index, 'larger than Temporal takes')
      : failed('source_failed', index, 'the source failed');
  }
}

function failed(reason: NangoReason, index: number, what: string) {
  return nangoFailure('Nango.BulkFailed', { reason, index, hint: `At the page from call ${index}: ${what}.` });
}

/** A worker does not send a result over 2 MB, or, of an older SDK, Temporal's server refuses it. */
function isTooLarge(error: unknown): boolean {
  if (!(error instanceof ActivityFailure)) return false;
  const { cause } = error;
  const isByWorker = cause instanceof ApplicationFailure && cause.type === TOO_LARGE;
  return isByWorker || /exceeds size limit/i.test(String(cause?.message));
}
