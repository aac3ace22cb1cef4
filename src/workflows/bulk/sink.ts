import { proxyActivities, sleep } from '@temporalio/workflow';
import { jsonBytes } from '../../contract/rules/json';
import { BULK_ACTIVITY_MS, MAX_SINK_BYTES } from '../../contract/limits';
import type { BulkActivity, BulkOutcome, BulkSinkInput } from '../../contract/types';

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

type Sink = (input: BulkSinkInput) => Promise<unknown>;

/** Hands outcomes to the user's sink, in pieces that Temporal takes, until it has them all, however long that takes. */
export async function sinkAll(sink: BulkActivity, outcomes: BulkOutcome[]): Promise<void> {
  for (const piece of pieces(outcomes)) await sinkPiece(sink, piece);
}

async function sinkPiece(sink: BulkActivity, outcomes: BulkOutcome[]): Promise<void> {
  const { activity, taskQueue, input, timeoutMs = BULK_ACTIVITY_MS } = sink;
  const write = proxyActivities<{ [name: string]: Sink }>({
    taskQueue,
    startToCloseTimeout: timeoutMs,
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
    summary: `${outcomes.length} outcomes from ${outcomes[0]?.index}`,
  })[activity]!;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      await write({ outcomes, input });
      return;
    } catch {
      // Temporal gives up only where the sink itself says that it shall; outcomes are not to be lost all the same.
      await sleep(pause);
    }
  }
}

/** In order, each below what a sink gets at a time. */
function pieces(outcomes: BulkOutcome[]): BulkOutcome[][] {
  const all: BulkOutcome[][] = [];
  let bytes = Infinity;
  for (const outcome of outcomes) {
    const size = jsonBytes(outcome) + 1;
    if (bytes + size > MAX_SINK_BYTES) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)!.push(outcome);
    bytes += size;
  }
  return all;
}
