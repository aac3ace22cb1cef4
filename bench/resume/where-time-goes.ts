import type { WorkflowHandle } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common';

/** The last events of a history, each with the milliseconds since a moment. @param since in milliseconds since the epoch */
export async function lastEvents(handle: WorkflowHandle, since: number): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? [])
    .map((event) => {
      const key = Object.keys(event).find((name) => name.endsWith('EventAttributes')) ?? '';
      const at = (optionalTsToMs(event.eventTime) ?? 0) - since;
      return { at, line: `${at.toFixed(1).padStart(8)} ms  ${key.replace('EventAttributes', '')}` };
    })
    .filter(({ at }) => at >= -5)
    .map(({ line }) => line);
}
