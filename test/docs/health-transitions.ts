import { connectionKey } from '../../src/contract/request-id';
import type { FailingSign } from '../../src/contract/types';
import { begin } from '../../src/workflows/health/health-state';
import type { HealthState } from '../../src/workflows/health/health-state';
import { step } from '../../src/workflows/health/health-step';
import type { HealthEvent } from '../../src/workflows/health/health-step';

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const DAY = 86_400_000;
const ID = 'c';
const OTHERS = ['a', 'b'].map(connectionKey);

const reported = (sign: FailingSign, waitId?: string): HealthEvent => {
  const waiter = waitId === undefined ? undefined : { workflowId: 'w', waitId };
  return { type: 'reported', connectionId: ID, sign, tried: true, waiter };
};

const EVENTS: HealthEvent[] = [
  reported('refresh', '1'),
  reported('refresh'),
  reported('exhausted', '1'),
  reported('unauthorized', '1'),
  { type: 'works', connectionId: ID },
  { type: 'read', failing: [connectionKey(ID)], working: OTHERS },
  { type: 'read', failing: [], working: OTHERS },
  { type: 'refreshed', connectionId: ID, outcome: 'refreshed' },
  { type: 'hint', connectionId: ID },
  { type: 'tick' },
];
/** How much later an event comes than the one before. */
const LATER = [0, MINUTE, 11 * MINUTE, DAY];
const LONGEST = 3;

/** What the health takes the one connection for. */
function statusOf({ suspects: [suspect] }: HealthState): string {
  if (suspect === undefined) return 'works';
  if (suspect.isDead) return 'dead';
  return suspect.trying === undefined ? 'suspect' : 'trying';
}

/** Every change of a connection's status that the health of its integration makes within a few events, as arrows. */
export function arrowsOfHealth(): string[] {
  const arrows = new Set<string>();
  const explore = (state: HealthState, now: number, left: number): void => {
    if (left === 0) return;
    for (const later of LATER) {
      for (const event of EVENTS) {
        const next = step(state, event, now + later).state;
        const [from, to] = [statusOf(state), statusOf(next)];
        if (from !== to) arrows.add(`${from} --> ${to}`);
        explore(next, now + later, left - 1);
      }
    }
  };
  explore(begin(NOW), NOW, LONGEST);
  return [...arrows].sort();
}
