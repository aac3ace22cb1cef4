import type { Connection, Subject } from '../../src/contract/types';
import { begin } from '../../src/workflows/request/request-state';
import type { RequestState } from '../../src/workflows/request/request-state';
import { step } from '../../src/workflows/request/request-step';
import type { RequestEvent } from '../../src/workflows/request/request-step';
import { blocksOf } from './pages';

const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const subject: Subject = { integration: 'hubspot', owner: { endUser: { id: 'u_42' } } };

function connection(connectionId: string, tags = {}): Connection {
  const createdAt = new Date(NOW).toISOString();
  return {
    integration: 'hubspot',
    connectionId,
    provider: 'hubspot',
    tags: { end_user_id: 'u_42', ...tags },
    createdAt,
    health: 'ok',
  };
}

const a = connection('a');
const anothers = connection('a', { end_user_id: 'u_43' });
const linked = connection('c', { tn_nonce: 'o.1' });
const snapshot = (of: Connection): RequestEvent => ({
  type: 'snapshot',
  snapshot: { connection: of, metadata: null },
  now: NOW,
});

const EVENTS: RequestEvent[] = [
  { type: 'join', join: { joinId: 'j', deadline: NOW + DAY }, now: NOW },
  { type: 'leave', joinId: 'j', now: NOW },
  { type: 'listed', connections: [], now: NOW },
  { type: 'listed', connections: [a], now: NOW },
  { type: 'listed', connections: [a, connection('b')], now: NOW },
  { type: 'lookedUp', connections: [linked], now: NOW },
  snapshot(a),
  snapshot(anothers),
  { type: 'unusable', failure: { type: 'Nango.Forbidden' }, now: NOW },
  { type: 'click', now: NOW },
  { type: 'extend', until: NOW + DAY, now: NOW },
  { type: 'decline', now: NOW },
  { type: 'accountChanged', connection: a, recorded: '1', found: '2', now: NOW },
  { type: 'decided', choice: 'no', by: 'ops', now: NOW },
  { type: 'reminded', now: NOW },
  { type: 'tick', now: NOW + 2 * DAY },
  { type: 'abandon', now: NOW },
];
const LONGEST = 3;

/** Every change of status that the state machine makes within a few events, as arrows. */
export function arrowsOfCode(): string[] {
  const arrows = new Set<string>();
  const explore = (state: RequestState, left: number): void => {
    if (left === 0) return;
    for (const event of EVENTS) {
      const next = step(state, event).state;
      if (next.status !== state.status) arrows.add(`${state.status} --> ${next.status}`);
      explore(next, left - 1);
    }
  };
  explore(begin(subject, 'o', NOW), LONGEST);
  explore(begin(subject, 'o', NOW, 'a'), LONGEST);
  explore(choosing(), LONGEST);
  return [...arrows].sort();
}

/** Somebody who has named scopes waits until one of several was chosen. */
function choosing(): RequestState {
  const events: RequestEvent[] = [
    { type: 'checksScopes', now: NOW },
    { type: 'choosesConnections', now: NOW },
    { type: 'join', join: { joinId: 'j', deadline: NOW + DAY, scopes: ['s'], several: 'choose' }, now: NOW },
    { type: 'listed', connections: [a, connection('b')], now: NOW },
  ];
  return events.reduce((state, event) => step(state, event).state, begin(subject, 'o', NOW));
}

/** The arrows of the state diagrams of a page, without their labels. */
export function arrowsDrawn(page: string): string[] {
  return diagramsOf(page).flatMap((diagram) =>
    [...diagram.matchAll(/^ *(\S+) *--> *([^\s:]+)/gm)].map(([, from, to]) => `${from} --> ${to}`),
  );
}

/** The states that the state diagrams of a page name. */
export function statesDrawn(page: string): string[] {
  return [...new Set(arrowsDrawn(page).flatMap((arrow) => arrow.split(' --> ')))].filter((state) => state !== '[*]');
}

function diagramsOf(page: string): string[] {
  return blocksOf(page, 'mermaid').filter((code) => code.startsWith('stateDiagram'));
}
