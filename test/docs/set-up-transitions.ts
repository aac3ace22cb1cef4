import type { Failure, SetUpFacts } from '../../src/contract/types';
import { begin, isClosed } from '../../src/workflows/set-up/set-up-state';
import { step } from '../../src/workflows/set-up/set-up-step';
import type { SetUpEvent } from '../../src/workflows/set-up/set-up-step';

const now = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const made = { integration: 'hubspot', provider: 'hubspot' };
const failure: Failure = { type: 'Nango.InvalidRequest', field: 'credentials' };
const FACTS: SetUpFacts[] = [
  { made },
  { toDo: { authMode: 'OAUTH2', choices: ['nangoApp', 'own', 'made'], fields: ['clientId', 'clientSecret'] } },
  { toDo: { authMode: 'API_KEY', choices: [], fields: [] } },
];

const EVENTS: SetUpEvent[] = [
  { type: 'join', join: { joinId: 'j', provider: 'hubspot', deadline: now + DAY }, now },
  { type: 'leave', joinId: 'j', now },
  ...FACTS.map((facts): SetUpEvent => ({ type: 'facts', facts, now })),
  { type: 'decided', decision: { choice: 'nangoApp', by: 'ops' }, now },
  { type: 'lendsNone', now },
  { type: 'notFound', now },
  { type: 'failed', failure, now },
  { type: 'made', made, now },
  { type: 'decline', now },
  { type: 'abandon', now },
  { type: 'tick', now: now + 2 * DAY },
];
const LONGEST = 4;

/** Every change of status that the state machine of a set-up makes within a few events, as arrows. */
export function arrowsOfSetUps(): string[] {
  const arrows = new Set<string>(['[*] --> checking']);
  const explore = (state: ReturnType<typeof begin>, left: number): void => {
    if (isClosed(state)) arrows.add(`${state.status} --> [*]`);
    if (isClosed(state) || left === 0) return;
    for (const event of EVENTS) {
      const next = step(state, event).state;
      if (next.status !== state.status) arrows.add(`${state.status} --> ${next.status}`);
      explore(next, left - 1);
    }
  };
  explore(begin({ integration: 'hubspot', provider: 'hubspot' }), LONGEST);
  return [...arrows].sort();
}
