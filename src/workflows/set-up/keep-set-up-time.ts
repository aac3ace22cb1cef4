import { condition } from '@temporalio/workflow';
import type { LiveSetUp } from './live-set-up';
import { isClosed, nextDue } from './set-up-state';

/** A set-up that nobody has joined: its join was refused. */
const ABANDON_MS = 10_000;

/** Deadlines and reminders of a set-up: one timer, for what is due next; moved only when that moves. */
export async function keepSetUpTime(live: LiveSetUp, remind: () => void): Promise<never> {
  for (;;) {
    const due = nextDue(live.state);
    if (due === undefined) {
      const joined = await condition(() => nextDue(live.state) !== undefined, ABANDON_MS);
      if (!joined) live.apply({ type: 'abandon' });
      continue;
    }
    const wait = Math.max(due - Date.now(), 1);
    const moved = await condition(() => nextDue(live.state) !== due, wait, { summary: 'next reminder or deadline' });
    if (moved) continue;
    const { remindAt = Infinity, status } = live.state;
    const reminderDue = status === 'waiting' && remindAt <= Date.now();
    live.apply({ type: 'tick' });
    if (!reminderDue || isClosed(live.state)) continue;
    live.apply({ type: 'reminded' });
    remind();
  }
}
