import type { Connection, Join, Subject } from '../../src/contract/types';
import { isReplacement } from '../../src/workflows/request/recreate-step';
import { begin, isClosed, isRecreating, kindOf, needsUpdate } from '../../src/workflows/request/request-state';
import type { OpenState, RequestState } from '../../src/workflows/request/request-state';
import { checkIssueLink } from '../../src/workflows/request/request-checks';
import { step } from '../../src/workflows/request/request-step';
import type { RequestEvent } from '../../src/workflows/request/request-step';

const now = Date.UTC(2026, 0, 1);
const subject: Subject = { integration: 'hubspot', owner: { endUser: { id: 'u_42' } } };
const LESS = ['r'];
const ALL = ['r', 's'];

function connection(connectionId: string, tags = {}): Connection {
  const createdAt = new Date(now).toISOString();
  const owner = { end_user_id: 'u_42' };
  return {
    integration: 'hubspot',
    connectionId,
    provider: 'hubspot',
    tags: { ...owner, ...tags },
    createdAt,
    health: 'ok',
  };
}

const a = connection('a');
const b = connection('b');
/** what the links of the request make, or connect anew */
const linked = (connectionId: string, n: number, more = {}) =>
  connection(connectionId, { tn_nonce: `o.${n}`, ...more });
/** who waits from the beginning to the end: one who names no scopes, or one who does, or both */
const WAITERS: Join[][] = [
  [{ joinId: 'j' }],
  [{ joinId: 'k', scopes: ['s'] }],
  [{ joinId: 'j' }, { joinId: 'k', scopes: ['s'] }],
];

function mayIssueLink(state: OpenState): boolean {
  try {
    checkIssueLink(state, { recreate: true }, now);
    return state.status === 'waiting';
  } catch {
    return false;
  }
}

/** What the workflow may feed its state machine in a state. */
function eventsFor(state: OpenState): RequestEvent[] {
  const { found, reconnect, accountChange, choosing, clicks, status } = state;
  const read = { snapshot: { connection: found ?? a, metadata: null }, granted: LESS, now };
  const events: RequestEvent[] = [];
  if (mayIssueLink(state) && clicks < 2) events.push({ type: 'click', now });
  if (status === 'checking' && reconnect !== undefined) events.push({ type: 'snapshot', ...read });
  if (reconnect === undefined && found === undefined) {
    const lists = [[], [a], [a, b]];
    for (const connections of lists) events.push({ type: 'listed', connections, now });
  }
  if (clicks > 0 && found === undefined) {
    const made = linked(reconnect?.connectionId ?? 'c', clicks);
    const replacement = linked('d', clicks, { tn_replaces: 'a' });
    for (const one of [made, ...(isRecreating(state) ? [replacement] : [])]) {
      events.push({ type: 'lookedUp', connections: [one], now });
    }
  }
  if (accountChange !== undefined) {
    for (const choice of ['yes', 'no'] as const) events.push({ type: 'decided', choice, by: 'ops', now });
  }
  if (choosing !== undefined) {
    events.push({ type: 'chosen', connectionId: 'a', by: 'ops', now });
    if (state.chosen) events.push({ type: 'choiceAccepted', connection: a, now }, { type: 'choiceGone', now });
  }
  if (needsUpdate(state)) events.push({ type: 'integrationUpdated', requested: ALL, by: 'ops', now });
  if (found === undefined) return events;
  if (reconnect !== undefined)
    events.push({ type: 'accountChanged', connection: found, recorded: '1', found: '2', now });
  if (isReplacement(state, found)) return [...events, { type: 'replacementMade', connection: found, now }];
  events.push({ type: 'accepted', connection: { ...found, grantedScopes: ALL }, scopesRead: true, now });
  if (reconnect?.widening === undefined) events.push({ type: 'scopesMissing', ...read });
  else if (state.recreate === undefined)
    for (const requested of [LESS, ALL]) events.push({ type: 'notWidened', ...read, requested });
  return events;
}

/** What a request asks; `account`, whether another account may be written to, comes before the rest. */
function questionOf(state: RequestState): string {
  if (state.status !== 'waiting') return '[*]';
  return state.accountChange === undefined ? camelCased(kindOf(state)) : 'account';
}

/** Names with hyphens are none in a diagram. */
export function camelCased(kind: string): string {
  return kind.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Every change of question that the state machine of a request makes while the same people wait, as arrows; `[*]` is where
 * nothing is asked.
 */
export function arrowsOfQuestions(): string[] {
  const arrows = new Set<string>();
  const seen = new Set<string>();
  const open = WAITERS.flatMap((joins) => [begun(joins), begun(joins, 'a')]);
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (isClosed(state)) continue;
    for (const event of eventsFor(state)) {
      const next = step(state, event).state;
      const [from, to] = [questionOf(state), questionOf(next)];
      if (from !== to) arrows.add(`${from} --> ${to}`);
      const key = JSON.stringify(next);
      if (!seen.has(key)) open.push(next);
      seen.add(key);
    }
  }
  return [...arrows].sort();
}

/** A request of this version, as those who wait have begun it. @param reconnect a connection to be connected anew */
function begun(joins: Join[], reconnect?: string): RequestState {
  const events: RequestEvent[] = [
    { type: 'checksScopes', now },
    { type: 'choosesConnections', now },
    ...joins.map((join): RequestEvent => ({ type: 'join', join: { ...join, several: 'choose' }, now })),
  ];
  return events.reduce((before, event) => step(before, event).state, begin(subject, 'o', now, reconnect));
}
