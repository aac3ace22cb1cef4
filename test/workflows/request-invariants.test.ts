import fc from 'fast-check';
import { missingScopes } from '../../src/contract/rules/scopes';
import type { Connection, Subject } from '../../src/contract/types';
import { currentDetails } from '../../src/workflows/request/current-details';
import {
  questionOf,
  begin,
  dependsOnScopes,
  isAcceptedInVain,
  isClosed,
  isReminderDue,
  nextDue,
  scopesOf,
  wantedOf,
} from '../../src/workflows/request/request-state';
import type { RequestState } from '../../src/workflows/request/request-state';
import { isBetter, isReplacement } from '../../src/workflows/request/recreate-step';
import { waitOn, shortOf } from '../../src/workflows/request/scopes-step';
import { step } from '../../src/workflows/request/request-step';
import type { RequestEvent } from '../../src/workflows/request/request-step';
import type { DueResolution } from '../../src/workflows/request/step-ends';
import { connectionIn } from '../support/connection-in';

// What holds of every request, asked to connect or to connect anew, whatever happens and in whatever order.

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const subject: Subject = { integration: 'crm', owner: { endUser: { id: 'u_42' } } };
const identity = { endpoint: '/me', pointer: '/id' };

const connection = fc
  .record({
    connectionId: fc.constantFrom('c-1', 'c-2'),
    nonce: fc.constantFrom(undefined, 'o.1', 'other.1'),
    account: fc.constantFrom(undefined, 'anna'),
    health: fc.constantFrom('ok' as const, 'failing' as const),
    owner: fc.constantFrom('u_42', 'u_42', 'u_7'),
    unconfirmed: fc.constantFrom(undefined, undefined, true as const),
  })
  .map(({ connectionId, nonce, account, health, owner, unconfirmed }): Connection => {
    const tags: { [key: string]: string } = { end_user_id: owner };
    if (unconfirmed) tags.tn_owner = 'unconfirmed';
    if (nonce !== undefined) tags.tn_nonce = nonce;
    if (account !== undefined) tags.tn_account = account;
    return {
      integration: 'crm',
      connectionId,
      provider: 'crm',
      tags,
      createdAt: new Date(START).toISOString(),
      health,
      unconfirmed,
    };
  });

const joinId = fc.constantFrom('a', 'b', 'c', 'client');

/** Hours that pass, then what happens. */
const change = fc.tuple(
  fc.integer({ min: 0, max: 60 }),
  fc.oneof(
    fc.record({
      type: fc.constant('join' as const),
      join: fc.record({
        joinId,
        scopes: fc.constantFrom(undefined, ['x'], ['y'], ['x', 'y']),
        identity: fc.constantFrom(undefined, identity),
        readsOnAccountChange: fc.boolean(),
      }),
      days: fc.integer({ min: 1, max: 10 }),
    }),
    fc.record({ type: fc.constant('leave' as const), joinId }),
    fc.record({
      type: fc.constantFrom('listed' as const, 'lookedUp' as const),
      connections: fc.array(connection, { maxLength: 3 }),
    }),
    fc.record({ type: fc.constant('snapshot' as const), connection }),
    fc.record({ type: fc.constant('unusable' as const) }),
    fc.record({ type: fc.constantFrom('click' as const, 'checksScopes' as const) }),
    fc.record({ type: fc.constant('click' as const), notesScopes: fc.boolean() }),
    fc.record({
      type: fc.constant('accountChange' as const),
      granted: fc.constantFrom(undefined, ['x'], ['x', 'y'], []),
      scopesRead: fc.constantFrom(undefined, true as const),
    }),
    fc.record({
      type: fc.constant('accept' as const),
      granted: fc.constantFrom(undefined, ['x'], ['x', 'y'], []),
      scopesRead: fc.boolean(),
    }),
    fc.record({ type: fc.constant('decided' as const), choice: fc.constantFrom('yes' as const, 'no' as const) }),
    fc.record({ type: fc.constant('decline' as const) }),
    fc.record({
      type: fc.constantFrom('ownerConfirmed' as const, 'ownerConfirmed' as const, 'ownerRefused' as const),
      nonce: fc.constantFrom('o.1', 'o.1', 'other.1'),
    }),
    fc.record({ type: fc.constant('confirmationDropped' as const) }),
  ),
);

/** The workflow's part: what it would tell the reducer, and when; undefined where it would say nothing. */
function eventOf([, what]: typeof change extends fc.Arbitrary<infer T> ? T : never, state: RequestState, now: number) {
  switch (what.type) {
    case 'join':
      return { type: what.type, join: { ...what.join, deadline: now + what.days * DAY }, now } as RequestEvent;
    case 'snapshot':
      return { type: what.type, snapshot: { connection: what.connection, metadata: null }, now } as RequestEvent;
    case 'unusable':
      return { type: what.type, failure: { type: 'Nango.Forbidden' }, now } as RequestEvent;
    case 'accept':
      return acceptance(state, what, now);
    case 'accountChange': {
      if (state.found === undefined || state.reconnect === undefined) return undefined;
      const changed = {
        connection: {
          ...accepted(state.found),
          accountChanged: true,
          grantedScopes: what.granted && [...what.granted],
        },
        recorded: 'anna',
        found: 'bert',
        scopesRead: what.scopesRead,
      };
      return { type: 'accountChanged', ...changed, now } as RequestEvent;
    }
    case 'decided':
      return state.accountChange && ({ ...what, by: 'ops', now } as RequestEvent);
    case 'ownerConfirmed':
    case 'ownerRefused':
      return { ...what, by: 'anna', now } as RequestEvent;
    case 'confirmationDropped':
      return state.found && ({ ...what, now } as RequestEvent);
    default:
      return { ...what, now } as RequestEvent;
  }
}

/** Its mark is gone once it is accepted. */
function accepted({ tags: { tn_owner: mark, ...tags }, ...connection }: Connection): Connection {
  return { ...connection, tags, unconfirmed: mark === undefined ? connection.unconfirmed : undefined };
}

/** What became of a connection that was found, as `acceptance.ts` says it. */
function acceptance(
  state: RequestState,
  { granted: names, scopesRead }: { granted?: readonly string[]; scopesRead: boolean },
  now: number,
): RequestEvent | undefined {
  const { reconnect } = state;
  const found = state.found && accepted(state.found);
  if (found === undefined || isClosed(state)) return undefined;
  const granted = names && [...names];
  if (isReplacement(state, found)) {
    const { made } = state.recreate ?? {};
    if (made !== undefined) return { type: 'accepted', connection: made, scopesRead: true, mayEnd: true, now };
    if (granted === undefined) return undefined;
    if (!isBetter(state, granted)) return { type: 'replacementRefused', now };
    return { type: 'replacementMade', connection: { ...found, grantedScopes: granted }, now };
  }
  if (!scopesRead) return { type: 'accepted', connection: found, now };
  const isShort = granted !== undefined && shortOf(state, granted).length > 0;
  const isAsked = reconnect?.widening === undefined || (isShort && waitOn(state, granted, true).length > 0);
  if (isShort && isAsked)
    return { type: 'scopesMissing', snapshot: { connection: found, metadata: null }, granted, mayEnd: true, now };
  return { type: 'accepted', connection: { ...found, grantedScopes: granted }, scopesRead, mayEnd: true, now };
}

/** Somebody who waits for `x` has made a new connection, by a link that was clicked where the old one grants nothing. */
function recreated(): RequestState {
  const made = (connectionId: string, tags: object = {}): Connection => ({
    ...{ integration: 'crm', connectionId, provider: 'crm', health: 'ok', createdAt: new Date(START).toISOString() },
    tags: { end_user_id: 'u_42', ...tags },
  });
  const read = { snapshot: { connection: made('c-1'), metadata: null }, granted: [], now: START };
  const click: RequestEvent = { type: 'click', notesScopes: true, now: START };
  const lookedUp = (one: Connection): RequestEvent => ({ type: 'lookedUp', connections: [one], now: START });
  const events: RequestEvent[] = [
    { type: 'checksScopes', now: START },
    { type: 'join', join: { joinId: 'a', scopes: ['x'], deadline: START + 10 * DAY }, now: START },
    { type: 'listed', connections: [made('c-1')], now: START },
    { type: 'scopesMissing', ...read },
    click,
    lookedUp(made('c-1', { tn_nonce: 'o.1' })),
    { type: 'notWidened', requested: ['x'], ...read },
    click,
    lookedUp(made('c-2', { tn_nonce: 'o.2', tn_replaces: 'c-1' })),
  ];
  return events.reduce((state, event) => step(state, event).state, begin(subject, 'o', START));
}

test.each<[string, () => RequestState, string | undefined, string | undefined]>([
  ['to connect', () => begin(subject, 'o', START), undefined, undefined],
  ['to connect anew', () => begin(subject, 'o', START, 'c-1'), 'c-1', undefined],
  ['whose new connection is to take the place of an old one', recreated, undefined, 'a'],
])('whatever happens to a request %s', (_, first, reconnect, joined) => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (sequence) => {
      let state = first();
      let now = START;
      const waiting = new Set<string>(joined === undefined ? [] : [joined]);
      const final: string[] = [];

      function apply(event: RequestEvent): void {
        const before = state;
        const { state: after, resolutions } = step(before, event);
        state = after;
        if (isClosed(before)) expect({ after, resolutions }).toEqual({ after: before, resolutions: [] });
        if (event.type === 'join' && !isClosed(before)) waiting.add(event.join.joinId);
        for (const resolution of resolutions) resolved(resolution);
        if (event.type === 'leave') waiting.delete(event.joinId);
        // What is read comes to something: else it would be read again at once, for ever.
        const isRead = event.type === 'accepted' && (event.scopesRead || isClosed(before) || !dependsOnScopes(before));
        if (isRead || event.type === 'scopesMissing') expect(isAcceptedInVain(before, state)).toBe(false);
        check(before);
      }

      function resolved(resolution: DueResolution): void {
        const { joinId: who, status } = resolution;
        const given = connectionIn(resolution);
        expect([...waiting]).toContain(who);
        // Nobody reads by another account that was granted less than they named, where that can be known.
        const reader = state.joiners.find((joiner) => joiner.joinId === who);
        if (reader !== undefined && state.accountChange?.scopesRead && given?.grantedScopes !== undefined) {
          expect(missingScopes(scopesOf(state, reader), given.grantedScopes)).toEqual([]);
        }
        if (status === 'connected') expect(given).toBeDefined();
        expect(given?.unconfirmed).toBeUndefined();
        if (!given?.accountChanged) final.push(who);
        waiting.delete(who);
      }

      function check(before: RequestState): void {
        const question = questionOf(state);
        expect(question === undefined).toBe(state.status !== 'waiting');
        expect(currentDetails(state)).not.toBe('');
        if (!isClosed(state) && state.joiners.length > 0) expect(nextDue(state)).toBeGreaterThan(0);
        if (state.status === 'connected') {
          expect(state.connection).toBeDefined();
          expect(state.found).toBeUndefined();
        }
        if (isClosed(state)) expect([...waiting]).toEqual([]);
        else {
          // Nothing is accepted that nobody has confirmed, and nothing is confirmed that there is not.
          const { found, confirmed, unconfirmed = [] } = state;
          if (found?.unconfirmed) expect(confirmed?.nonce).toBe(found.tags.tn_nonce);
          const known = [found?.tags.tn_nonce, ...unconfirmed.map(({ nonce }) => nonce)];
          if (confirmed !== undefined) expect(known).toContain(confirmed.nonce);
          expect(new Set(unconfirmed.map(({ nonce }) => nonce)).size).toBe(unconfirmed.length);
        }
        // Of a person no more is asked than somebody who waits lacks.
        const { kind, scopes } = question ?? {};
        if (kind === 'approve-scopes') expect(scopes?.missing.length).toBeGreaterThan(0);
        if (reconnect !== undefined) {
          // Nobody is given another connection than the one that was to be connected anew.
          expect([undefined, reconnect]).toContain(connectionIn(state)?.connectionId);
          expect(state.found === undefined || state.found.connectionId === reconnect).toBe(true);
          // What was kept is never replaced by what a link of this request has left.
          const [kept, wasKept] = [state, before].map((s) => s.reconnect?.snapshot?.connection.tags.tn_nonce);
          if (before.status === 'waiting' && wasKept !== 'o.1') expect(kept).not.toBe('o.1');
          expect(wantedOf(state).reconnect?.connectionId).toBe(reconnect);
        }
      }

      for (const one of sequence) {
        const until = now + one[0] * HOUR;
        for (let due = nextDue(state); due !== undefined && due <= until; due = nextDue(state)) {
          const remind = isReminderDue(state, due);
          apply({ type: 'tick', now: due });
          if (remind && !isClosed(state)) apply({ type: 'reminded', now: due });
        }
        now = until;
        const event = eventOf(one, state, now);
        if (event !== undefined) apply(event);
      }
      apply({ type: 'abandon', now });
      expect(isClosed(state)).toBe(true);
      expect([...waiting]).toEqual([]);
    }),
    { numRuns: joined === undefined ? 3_000 : 300, seed: 20_261_124 },
  );
});
