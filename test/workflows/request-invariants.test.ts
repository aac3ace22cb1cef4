import fc from 'fast-check';
import type { Connection, Subject } from '../../src/contract/types';
import { currentDetails } from '../../src/workflows/request/current-details';
import {
  questionOf,
  begin,
  isClosed,
  isReminderDue,
  nextDue,
  wantedOf,
} from '../../src/workflows/request/request-state';
import type { RequestState } from '../../src/workflows/request/request-state';
import { shortOf } from '../../src/workflows/request/scopes-step';
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
  })
  .map(({ connectionId, nonce, account, health, owner }): Connection => {
    const tags: { [key: string]: string } = { end_user_id: owner };
    if (nonce !== undefined) tags.tn_nonce = nonce;
    if (account !== undefined) tags.tn_account = account;
    return {
      integration: 'crm',
      connectionId,
      provider: 'crm',
      tags,
      createdAt: new Date(START).toISOString(),
      health,
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
    fc.record({ type: fc.constantFrom('click' as const, 'accountChange' as const, 'checksScopes' as const) }),
    fc.record({
      type: fc.constant('accept' as const),
      granted: fc.constantFrom(undefined, ['x'], ['x', 'y'], []),
      scopesRead: fc.boolean(),
    }),
    fc.record({ type: fc.constant('decided' as const), choice: fc.constantFrom('yes' as const, 'no' as const) }),
    fc.record({ type: fc.constant('decline' as const) }),
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
      const changed = { connection: { ...state.found, accountChanged: true }, recorded: 'anna', found: 'bert' };
      return { type: 'accountChanged', ...changed, now } as RequestEvent;
    }
    case 'decided':
      return state.accountChange && ({ ...what, by: 'ops', now } as RequestEvent);
    default:
      return { ...what, now } as RequestEvent;
  }
}

/** What became of a connection that was found, as `acceptance.ts` says it. */
function acceptance(
  state: RequestState,
  { granted: names, scopesRead }: { granted?: readonly string[]; scopesRead: boolean },
  now: number,
): RequestEvent | undefined {
  const { found, reconnect } = state;
  if (found === undefined || isClosed(state)) return undefined;
  const granted = names && [...names];
  if (!scopesRead) return { type: 'accepted', connection: found, now };
  const isShort = granted !== undefined && shortOf(state, granted).length > 0 && reconnect?.widening === undefined;
  if (isShort) return { type: 'scopesMissing', snapshot: { connection: found, metadata: null }, granted, now };
  return { type: 'accepted', connection: { ...found, grantedScopes: granted }, scopesRead, now };
}

test.each([undefined, 'c-1'])('whatever happens to a request (reconnect: %s)', (reconnect) => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (sequence) => {
      let state = begin(subject, 'o', START, reconnect);
      let now = START;
      const waiting = new Set<string>();
      const final: string[] = [];

      function apply(event: RequestEvent): void {
        const before = state;
        const { state: after, resolutions } = step(before, event);
        state = after;
        if (isClosed(before)) expect({ after, resolutions }).toEqual({ after: before, resolutions: [] });
        if (event.type === 'join' && !isClosed(before)) waiting.add(event.join.joinId);
        for (const resolution of resolutions) resolved(resolution);
        if (event.type === 'leave') waiting.delete(event.joinId);
        check(before);
      }

      function resolved(resolution: DueResolution): void {
        const { joinId: who, status } = resolution;
        const given = connectionIn(resolution);
        expect([...waiting]).toContain(who);
        if (status === 'connected') expect(given).toBeDefined();
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
    { numRuns: 3_000, seed: 20_261_124 },
  );
});
