import type { Child } from 'hono/jsx';
import type { BulkStatus } from '../../contract/types';
import { inboxTexts } from '../texts/current';

interface BulkActionsProps {
  status: BulkStatus;
  /** the path below which the run is acted upon */
  way: string;
  /** id of the element that names the run: every row has the same buttons */
  row: string;
}

/** What an operator can do to a bulk run; nothing once it is being stopped. */
export function BulkActions({ status, way, row }: BulkActionsProps): Child {
  const { bulk } = inboxTexts();
  if (status !== 'running' && status !== 'paused') return null;
  const pace = status === 'running' ? 'pause' : 'resume';
  // Not one id for both: who has the focus on the one does not press the other, when somebody else was quicker.
  const [paceId, stopId] = [`${row}/${pace}`, `${row}/stop`];
  return (
    <div class="actions">
      <form method="post" action={`${way}/${pace}`}>
        <button id={paceId} aria-labelledby={`${paceId} ${row}`}>
          {bulk[pace]}
        </button>
      </form>
      <a id={stopId} class="button" href={`${way}/stop`} aria-labelledby={`${stopId} ${row}`}>
        {bulk.stop}
      </a>
    </div>
  );
}
