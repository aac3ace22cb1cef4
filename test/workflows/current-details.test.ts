import type { Connection } from '../../src/contract/types';
import { currentDetails } from '../../src/workflows/request/current-details';
import { begin } from '../../src/workflows/request/request-state';
import { step } from '../../src/workflows/request/request-step';
import type { RequestEvent } from '../../src/workflows/request/request-step';

// What Temporal's UI says of a request that asks for scopes, or which of several connections is meant.

const NOW = Date.UTC(2026, 10, 24, 14, 5);
const DAY = 86_400_000;

const connection: Connection = {
  integration: 'hubspot',
  connectionId: 'c-1',
  provider: 'hubspot',
  tags: { end_user_id: 'u_42' },
  createdAt: new Date(NOW - DAY).toISOString(),
  health: 'ok',
};

/** The details once somebody who wants `write` has joined, `granted` was found, and this has happened. */
function detailsAfter(granted: string[], ...events: RequestEvent[]): string {
  const asked: RequestEvent[] = [
    { type: 'checksScopes', now: NOW },
    { type: 'join', join: { joinId: 'a', deadline: NOW + DAY, scopes: ['read', 'write'] }, now: NOW },
    { type: 'listed', connections: [connection], now: NOW },
    { type: 'scopesMissing', snapshot: { connection, metadata: null }, granted, now: NOW },
  ];
  const subject = { integration: 'hubspot', owner: { endUser: { id: 'u_42' } } };
  const state = [...asked, ...events].reduce((before, event) => step(before, event).state, begin(subject, 'o', NOW));
  return currentDetails(state);
}

test.each([
  ['read', ['read'], 'Granted: read. Missing: write.'],
  ['nothing', [], 'Granted: none. Missing: read write.'],
])('who was granted %s is waited for, and what is missing is said', (_, granted, line) => {
  expect(detailsAfter(granted)).toBe(
    [
      'Waiting for u_42 to grant hubspot more scopes since 2026-11-24 14:05 UTC.',
      'Until 2026-11-25 14:05 UTC.',
      line,
    ].join('\n'),
  );
});

const renewed = { ...connection, grantedScopes: ['read'] };

test.each<[string, RequestEvent, string]>([
  ['a no', { type: 'decline', now: NOW }, 'u_42 declined to grant hubspot more scopes.'],
  ['the deadline', { type: 'tick', now: NOW + DAY }, 'u_42 did not grant hubspot more scopes in time.'],
  ['a withdrawal', { type: 'abandon', now: NOW }, 'Nobody waits for u_42 to grant hubspot more scopes any more.'],
  [
    'less than is needed',
    { type: 'accepted', connection: renewed, scopesRead: true, now: NOW },
    'u_42 has granted hubspot less than is needed.',
  ],
])('after %s, what was not granted is said', (_, event, text) => {
  expect(detailsAfter(['read'], event)).toBe(`${text}\nNot granted: write.`);
});

describe('which of several is meant', () => {
  const other: Connection = {
    ...connection,
    connectionId: 'c-2',
    health: 'failing',
    tags: { end_user_id: 'u_42', place: 'paris' },
  };

  function detailsOf(...events: RequestEvent[]): string {
    const asked: RequestEvent[] = [
      { type: 'choosesConnections', now: NOW },
      { type: 'join', join: { joinId: 'a', deadline: NOW + DAY, several: 'choose' }, now: NOW },
      { type: 'listed', connections: [connection, other], now: NOW },
    ];
    const subject = { integration: 'hubspot', owner: { endUser: { id: 'u_42' } } };
    return currentDetails(
      [...asked, ...events].reduce((state, event) => step(state, event).state, begin(subject, 'o', NOW)),
    );
  }

  test('it says between what, and who has chosen', () => {
    const asked = [
      'Waiting for somebody to choose between the hubspot connections of u_42 since 2026-11-24 14:05 UTC.',
      'Until 2026-11-25 14:05 UTC.',
      '- c-1: made 2026-11-23T14:05:00.000Z',
      '- c-2: made 2026-11-23T14:05:00.000Z, its credentials fail, place=paris',
    ];
    expect(detailsOf()).toBe(asked.join('\n'));
    expect(detailsOf({ type: 'chosen', connectionId: 'c-2', by: 'Olga', now: NOW })).toBe(
      [...asked, 'Olga chose c-2 at 2026-11-24 14:05 UTC.'].join('\n'),
    );
  });

  test.each<[string, RequestEvent, string]>([
    ['one is left', { type: 'listed', connections: [other], now: NOW }, 'u_42 has connected hubspot.'],
    ['the deadline', { type: 'tick', now: NOW + DAY }, 'Nobody chose between the hubspot connections of u_42 in time.'],
    ['a no', { type: 'decline', now: NOW }, 'Nobody need choose between the hubspot connections of u_42 any more.'],
  ])('after %s', (_, event, text) => {
    expect(detailsOf(event)).toBe(text);
  });
});
