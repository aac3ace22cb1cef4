import type { Child } from 'hono/jsx';
import type { BulkProgress, SetUpStatus } from '../../contract/types';
import { inboxTexts } from '../texts/current';
import { Icon } from './icon';
import type { Shape } from './icon';
import type { ShownStatus } from './shown-status';

/** How much a badge stands out: `act` is for the operator, the others are colours of the stylesheet. */
type Tone = 'act' | 'wait' | 'accent' | 'good' | 'bad' | 'quiet';

/** How a status is seen before it is read. */
export interface Mark {
  tone: Tone;
  shape: Shape;
}

export const MARKS: Record<ShownStatus, Mark> = {
  operator: { tone: 'act', shape: 'alert' },
  refused: { tone: 'bad', shape: 'alert' },
  unconfirmed: { tone: 'wait', shape: 'half' },
  confirmed: { tone: 'accent', shape: 'check' },
  waiting: { tone: 'quiet', shape: 'person' },
  checking: { tone: 'quiet', shape: 'dashed' },
  connected: { tone: 'good', shape: 'check' },
  declined: { tone: 'bad', shape: 'cross' },
  timedOut: { tone: 'bad', shape: 'clock' },
  cancelled: { tone: 'quiet', shape: 'slashed' },
};

const SET_UP_MARKS: Record<SetUpStatus, Mark> = {
  checking: MARKS.checking,
  waiting: MARKS.operator,
  ready: MARKS.connected,
  declined: MARKS.declined,
  timedOut: MARKS.timedOut,
  cancelled: MARKS.cancelled,
};

const BULK_MARKS: Record<BulkProgress['status'], Mark> = {
  running: { tone: 'accent', shape: 'play' },
  paused: { tone: 'wait', shape: 'pause' },
  stopping: { tone: 'quiet', shape: 'stop' },
  stopped: { tone: 'quiet', shape: 'stop' },
  completed: MARKS.connected,
  failed: MARKS.declined,
};

/** The status of a request, by shape and colour, and in words. */
export function StatusBadge({ status }: { status: ShownStatus }): Child {
  return <Badge {...MARKS[status]} words={inboxTexts().status[status]} />;
}

/** The same of a set-up. */
export function SetUpBadge({ status }: { status: SetUpStatus }): Child {
  return <Badge {...SET_UP_MARKS[status]} words={inboxTexts().setUps.statuses[status]} />;
}

/** The same of a bulk run. */
export function BulkBadge({ status }: { status: BulkProgress['status'] }): Child {
  return <Badge {...BULK_MARKS[status]} words={inboxTexts().bulk.statuses[status]} />;
}

function Badge({ tone, shape, words }: Mark & { words: string }): Child {
  return (
    <span class={`badge ${tone}`}>
      <Icon shape={shape} />
      {words}
    </span>
  );
}
