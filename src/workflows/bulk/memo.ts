import { upsertMemo } from '@temporalio/workflow';
import { BULK_PROGRESS } from '../../contract/names';
import type { BulkProgress } from '../../contract/types';

/** A memo is an event, so what lists show may be a little old. */
const EVERY_MS = 30_000;

/** Shows lists how far a run is: at once when it pauses, ends or waits for something else, otherwise now and then. */
export function memoOf(progress: () => BulkProgress): { show: () => void } {
  let shown: BulkProgress | undefined;
  let at = 0;
  return {
    show() {
      const now = progress();
      const isOther = now.status !== shown?.status || now.waitsFor !== shown.waitsFor;
      const isOld = now.done !== shown?.done && Date.now() - at >= EVERY_MS;
      if (!isOther && !isOld) return;
      upsertMemo({ [BULK_PROGRESS]: now });
      shown = now;
      at = Date.now();
    },
  };
}
