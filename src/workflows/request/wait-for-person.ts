import { nextReminder } from './reminders';
import type { OpenState, WaitingState } from './request-state';

/** Somebody has to act from now on. */
export function waitForPerson(state: OpenState, now: number): WaitingState {
  return { ...state, status: 'waiting', waitingSince: now, remindAt: nextReminder(now, now), notified: false };
}
