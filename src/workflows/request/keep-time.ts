import { condition } from '@temporalio/workflow';
import type { LiveRequest } from './live-request';
import { isClosed, isReminderDue, nextDue } from './request-state';

/** A request that nobody has joined: its join was refused. */
const ABANDON_MS = 10_000;

/** Deadlines and reminders of a request: one timer, for what is due next; moved only when that moves. */
export async function keepTime(live: LiveRequest, remind: () => void): Promise<never> {
  for (;;) {
    const due = nextDue(live.state);
    if (due === undefined) {
      const joined = await condition(() => nextDue(live.state) !== undefined, ABANDON_MS);
      if (!joined) live.apply({ type: 'abandon', now: Date.now() });
      continue;
    }
    const wait = Math.max(due - Date.now(), 1);
    const moved = await condition(() => nextDue(live.state) !== due, wait, { summary: 'next reminder or deadline' });
    if (moved) continue;
    const now = Date.now();
    const reminderDue = isReminderDue(live.state, now);
    live.apply({ type: 'tick', now });
    if (!reminderDue || isClosed(live.state)) continue;
    live.apply({ type: 'reminded', now });
    remind();
  }
}
