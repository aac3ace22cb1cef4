import type { Connection, Subject } from '../../src/contract/types';
import { begin } from '../../src/workflows/request/request-state';
import { step } from '../../src/workflows/request/request-step';
import type { RequestEvent } from '../../src/workflows/request/request-step';
import type { DueResolution } from '../../src/workflows/request/step-ends';

/** Events of a request's state machine, from one moment on, and how they are played. */

export const START = Date.UTC(2026, 0, 1);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const subject: Subject = { integration: 'hubspot', owner: { endUser: { id: 'u_42' } } };

export function connection(over: Partial<Connection> = {}): Connection {
  return {
    integration: 'hubspot',
    connectionId: 'c-1',
    provider: 'hubspot',
    tags: { end_user_id: 'u_42' },
    createdAt: new Date(START + HOUR).toISOString(),
    health: 'ok',
    ...over,
  };
}

export function linked(nonce: string, over: Partial<Connection> = {}): Connection {
  return connection({ tags: { end_user_id: 'u_42', tn_nonce: nonce }, ...over });
}

/** Plays events and gathers what was resolved. */
export function play(events: RequestEvent[], state = begin(subject, 'o', START)) {
  const resolutions: DueResolution[] = [];
  for (const event of events) {
    const next = step(state, event);
    state = next.state;
    resolutions.push(...next.resolutions);
  }
  return { state, resolutions };
}

export const join = (joinId: string, days: number, now = START): RequestEvent => ({
  type: 'join',
  join: { joinId, deadline: now + days * DAY },
  now,
});
export const listed = (...connections: Connection[]): RequestEvent => ({ type: 'listed', connections, now: START });
export const lookedUp = (...connections: Connection[]): RequestEvent => ({ type: 'lookedUp', connections, now: START });
