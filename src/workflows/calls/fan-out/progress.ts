import { defineQuery, getCurrentDetails, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { FAN_OUTS_QUERY } from '../../../contract/names';
import type { FanOutProgress } from '../../../contract/types';
import { runState } from '../../run-state';

/** Of one run; a long automation makes many. */
const MAX_REMEMBERED = 10;

const fanOutsQuery = defineQuery<FanOutProgress[]>(FAN_OUTS_QUERY);

/** Shows a fan-out by the query `nango.fanOuts`, which stands from the first one of a run on. */
export function show(progress: FanOutProgress): void {
  const { fanOuts } = runState();
  if (fanOuts.length === 0)
    setHandler(fanOutsQuery, () => fanOuts, { description: 'How far the latest fan-outs are.' });
  fanOuts.push(progress);
  if (fanOuts.length > MAX_REMEMBERED) fanOuts.shift();
}

/** Says in Temporal's UI how far it is, where the workflow says nothing itself. */
export function showInDetails(progress: FanOutProgress): void {
  const run = runState();
  const shown = getCurrentDetails();
  if (shown !== '' && shown !== run.shownDetails) return;
  run.shownDetails = progress.status === 'running' ? inWords(progress) : '';
  setCurrentDetails(run.shownDetails);
}

function inWords({ integration, calls, succeeded, failed, heldUntil }: FanOutProgress): string {
  const failures = Object.values(failed).reduce((sum, n) => sum + n, 0);
  const lines = [`${succeeded + failures} of ${calls} calls of ${integration} are done, ${failures} of them failed.`];
  for (const [type, n] of Object.entries(failed)) lines.push(`- ${type}: ${n}`);
  if (heldUntil !== undefined) lines.push(`Nothing more is begun until ${new Date(heldUntil).toISOString()}.`);
  return lines.join('\n');
}
