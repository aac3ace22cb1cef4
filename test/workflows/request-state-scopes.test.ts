import type { Connection } from '../../src/contract/types';
import { heldBackBy } from '../../src/workflows/request/refused-scopes';
import { wantsAsItIs } from '../../src/workflows/request/request-checks';
import {
  questionOf,
  begin,
  isAcceptedInVain,
  needsFirstNotice,
  wantedOf,
} from '../../src/workflows/request/request-state';
import type { RequestEvent } from '../../src/workflows/request/request-step';
import type { DueResolution } from '../../src/workflows/request/step-ends';
import { connectionIn } from '../support/connection-in';
import { START, DAY, subject, connection, linked, play, listed, lookedUp } from '../support/request-events';

describe('scopes that were named', () => {
  const checks: RequestEvent = { type: 'checksScopes', now: START };
  const naming = (joinId: string, ...scopes: string[]): RequestEvent => ({
    type: 'join',
    join: { joinId, scopes, deadline: START + DAY },
    now: START,
  });
  const click: RequestEvent = { type: 'click', now: START };
  const accepted = (one: Connection, scopesRead = true): RequestEvent => ({
    type: 'accepted',
    connection: one,
    scopesRead,
    now: START,
  });
  const missing = (one: Connection, granted: string[]): RequestEvent => ({
    type: 'scopesMissing',
    snapshot: { connection: one, metadata: null },
    granted,
    now: START,
  });
  const ends = ({ resolutions }: { resolutions: DueResolution[] }): string[] =>
    resolutions.map((resolution) => {
      const mark = connectionIn(resolution)?.scopesChecked === false ? ', unchecked' : '';
      return `${resolution.joinId}: ${resolution.status}${mark}`;
    });

  test('in a run of a version that looked at nothing, whoever named some is told so', () => {
    const { state, resolutions } = play([naming('a', 'x'), naming('b'), listed(connection())]);
    expect(ends({ resolutions })).toEqual(['a: connected, unchecked', 'b: connected']);
    expect(connectionIn(state)?.scopesChecked).toBe(false);
  });

  test('nobody has a connection before what it was granted is known, where somebody named scopes', () => {
    const { state, resolutions } = play([checks, naming('a', 'x'), naming('b'), listed(connection())]);
    expect(resolutions).toEqual([]);
    expect(state).toMatchObject({ status: 'checking', found: { connectionId: 'c-1' } });
    const granted = play([accepted(connection({ grantedScopes: ['x', 'y'] }))], state);
    expect(ends(granted)).toEqual(['a: connected', 'b: connected']);
    expect(ends(play([accepted(connection())], state))).toEqual(['a: connected, unchecked', 'b: connected']);
  });

  test('where nobody named any, a connection is had at once', () => {
    const { state, resolutions } = play([checks, naming('a'), listed(connection())]);
    expect(ends({ resolutions })).toEqual(['a: connected']);
    expect(state.status).toBe('connected');
  });

  test('whoever named some while the account was compared is not overlooked', () => {
    const { state } = play([checks, naming('a'), listed(), click, naming('b', 'x')]);
    const { state: found } = play([lookedUp(linked('o.1')), accepted(linked('o.1'), false)], state);
    expect(found).toMatchObject({ status: 'waiting', found: { connectionId: 'c-1' } });
  });

  const asked = () =>
    play([checks, naming('a', 'x'), naming('b', 'y'), listed(connection()), missing(connection(), ['y'])]);

  test('whoever lacks nothing is served, the others wait until it is granted', () => {
    const { state, resolutions } = asked();
    expect(ends({ resolutions })).toEqual(['b: connected']);
    expect(questionOf(state)).toMatchObject({
      kind: 'approve-scopes',
      scopes: { granted: ['y'], missing: ['x'] },
      since: START,
    });
    const { state: later } = play([click, lookedUp(linked('o.1'))], state);
    expect(later).toMatchObject({ found: { connectionId: 'c-1' } });
    const end = play([accepted(connection({ grantedScopes: ['x', 'y'] }))], later);
    expect(ends(end)).toEqual(['a: connected']);
  });

  test('is not looked for any more once whoever named some has left those who want it connected anew', () => {
    const anew: RequestEvent = {
      type: 'join',
      join: { joinId: 'c', reconnect: 'c-1', deadline: START + 2 * DAY },
      now: START,
    };
    const { state } = play([anew], asked().state);
    expect(wantedOf(state).reconnect?.scopes).toEqual(['x']);
    const goes: RequestEvent[] = [
      { type: 'leave', joinId: 'a', now: START },
      { type: 'tick', now: START + DAY },
    ];
    for (const gone of goes) {
      const left = play([gone], state).state;
      expect(questionOf(left)?.kind).toBe('reconnect');
      expect(wantedOf(left).reconnect?.scopes).toBeUndefined();
    }
  });

  describe('a new connection is asked for, and whoever needed it leaves those who want the old one connected anew', () => {
    const anew: RequestEvent = {
      type: 'join',
      join: { joinId: 'c', reconnect: 'c-1', deadline: START + DAY },
      now: START,
    };
    const leave: RequestEvent = { type: 'leave', joinId: 'a', now: START };
    /** @param requested what the integration requests; without `x` it is the turn of an operator */
    const replacing = (...requested: string[]) => {
      const before = play([checks, naming('a', 'x'), listed(connection()), missing(connection(), ['y'])]).state;
      const snapshot = { connection: connection(), metadata: null };
      const events: RequestEvent[] = [
        ...[click, lookedUp(linked('o.1'))],
        { type: 'notWidened', snapshot, granted: ['y'], requested, now: START },
        ...[anew, { type: 'notified', now: START } as const],
      ];
      return play(events, before).state;
    };

    test.each([
      ['an operator', 'update-integration-scopes', ['y']],
      ['the owner', 'recreate-connection', ['x', 'y']],
    ])('what %s is asked is taken back: its owner is notified of the other question', (_, kind, requested) => {
      const asking = replacing(...requested);
      expect([questionOf(asking)?.kind, needsFirstNotice(asking)]).toEqual([kind, false]);
      const { state, resolutions } = play([leave], asking);
      expect(resolutions).toEqual([]);
      expect([questionOf(state)?.kind, needsFirstNotice(state)]).toEqual(['reconnect', true]);
      expect(wantedOf(state).reconnect?.replacedAfterLink).toBeUndefined();
    });

    test('while the new one is looked at: it goes, and the others wait on', () => {
      const tags = { end_user_id: 'u_42', tn_nonce: 'o.2', tn_replaces: 'c-1' };
      const made = lookedUp(connection({ connectionId: 'c-2', tags }));
      const found = play([click, made], replacing('x', 'y')).state;
      expect(found).toMatchObject({ found: { connectionId: 'c-2' } });
      const { state, resolutions } = play([leave, { type: 'replacementRefused', now: START }], found);
      expect(resolutions).toEqual([]);
      expect(state).toMatchObject({ status: 'waiting', found: undefined, recreate: { unwanted: true } });
      expect(questionOf(state)?.kind).toBe('reconnect');
    });
  });

  test('still short after an approval: a typed end, and a time in which nobody is asked', () => {
    const { state } = play([click, lookedUp(linked('o.1'))], asked().state);
    const end = play([naming('c', 'z'), accepted(connection({ grantedScopes: ['y', 'z'] }))], state);
    expect(end.resolutions).toMatchObject([
      { joinId: 'c', status: 'connected' },
      { joinId: 'a', status: 'failed', failure: { type: 'Nango.ScopesMissing', scopes: ['x'] } },
    ]);
    expect(end.state).toMatchObject({ status: 'cancelled', missingScopes: ['x'], coolDownUntil: START + DAY });
  });

  describe('whoever names a scope after the link was made that is used', () => {
    const noted: RequestEvent = { ...click, notesScopes: true };
    const used = (nonce: string, events: RequestEvent[] = [noted, naming('c', 'z')]) =>
      play([...events, lookedUp(linked(nonce))], asked().state).state;

    test('is asked for it, and those who lack what it requested are told so', () => {
      const { state, resolutions } = play([missing(connection(), ['y'])], used('o.1'));
      expect(resolutions).toMatchObject([
        { joinId: 'a', status: 'failed', failure: { type: 'Nango.ScopesMissing', scopes: ['x'] } },
      ]);
      expect(questionOf(state)).toMatchObject({ kind: 'approve-scopes', scopes: { granted: ['y'], missing: ['z'] } });
      expect(play([lookedUp(linked('o.1'))], state).state.found).toBeUndefined();
      const again = play([noted, lookedUp(linked('o.2'))], state).state;
      const end = play([accepted(connection({ grantedScopes: ['y'] }))], again);
      expect(end.resolutions).toMatchObject([{ joinId: 'c', failure: { scopes: ['z'] } }]);
      expect(end.state).toMatchObject({ status: 'cancelled', coolDownUntil: START + DAY });
    });

    test('and lacks something that it has requested as well is told so with the others', () => {
      const state = used('o.1', [noted, naming('c', 'x', 'z')]);
      const end = play([accepted(connection({ grantedScopes: ['y'] }))], state);
      expect(ends(end)).toEqual(['a: failed', 'c: failed']);
      expect(end.state).toMatchObject({ status: 'cancelled', missingScopes: ['x', 'z'] });
    });

    test('has a link of its own, which counts although an earlier one was used meanwhile', () => {
      const state = used('o.1', [noted, naming('c', 'z'), noted]);
      const { state: next, resolutions } = play([missing(connection(), ['x', 'y'])], state);
      expect(ends({ resolutions })).toEqual(['a: connected']);
      expect(play([lookedUp(linked('o.2'))], next).state.found).toBeDefined();
    });

    test('is not forgotten where it has come while the connection was being accepted', () => {
      const { state, resolutions } = play([accepted(connection({ grantedScopes: ['x', 'y'] }))], used('o.1'));
      expect(resolutions).toEqual([]);
      expect(state.found).toEqual(linked('o.1'));
    });

    test('and leaves again leaves nobody to ask', () => {
      const left = play([{ type: 'leave', joinId: 'c', now: START }], used('o.1')).state;
      const end = play([missing(connection(), ['y'])], left);
      expect(ends(end)).toEqual(['a: failed']);
      expect(end.state).toMatchObject({ status: 'cancelled', coolDownUntil: START + DAY });
    });

    test('holds back nobody else: what was refused meanwhile is held against who names it, for a day', () => {
      const { state } = play([missing(connection(), ['y'])], used('o.1'));
      expect(heldBackBy(state)).toEqual({ coolDownUntil: START + DAY, missingScopes: ['x'] });
      const granted = (...scopes: string[]) =>
        play([noted, lookedUp(linked('o.2')), accepted(connection({ grantedScopes: ['y', ...scopes] }))], state).state;
      expect(granted('z').status).toBe('connected');
      expect(heldBackBy(granted('z'))).toMatchObject({ coolDownUntil: START + DAY, missingScopes: ['x'] });
      // Granted after all.
      expect(heldBackBy(granted('x', 'z'))).toEqual({});
      expect(granted().status).toBe('cancelled');
      expect(heldBackBy(granted())).toMatchObject({ coolDownUntil: START + DAY, missingScopes: ['x', 'z'] });
      // Nobody has answered what it has waited for.
      const left = play([{ type: 'leave', joinId: 'c', now: START }], state).state;
      expect(heldBackBy(left)).toMatchObject({ coolDownUntil: START + DAY, missingScopes: ['x'] });
      const late = play([{ type: 'extend', until: START + 2 * DAY, now: START + DAY }], state).state;
      expect(heldBackBy(late)).toEqual({});
    });

    test('and who minds no cool-down has the same asked for again, of whoever is asked', () => {
      const { state } = play([missing(connection(), ['y']), naming('d', 'x')], used('o.1'));
      expect(questionOf(state)?.scopes?.missing).toEqual(['z', 'x']);
      expect(heldBackBy(state)).toEqual({});
    });

    test('waits for nothing where a backend is refused, which hears it by the end of the request', () => {
      const events = [checks, naming('client', 'x'), listed(connection()), missing(connection(), ['y']), noted];
      const { state } = play([...events, naming('c', 'z'), lookedUp(linked('o.1'))]);
      const end = play([{ ...missing(connection(), ['y']), mayEnd: true } as RequestEvent], state);
      expect(ends(end)).toEqual(['client: failed', 'c: failed']);
      expect(end.state).toMatchObject({ status: 'cancelled', failure: { scopes: ['x', 'z'] } });
      // Of one that has what it needs nothing is to be heard.
      const served = play([{ ...missing(connection(), ['x', 'y']), mayEnd: true } as RequestEvent], state);
      expect(ends(served)).toEqual(['client: connected']);
      expect(served.state.status).toBe('waiting');
      // Nor in a run of before.
      expect(play([missing(connection(), ['y'])], state).state.status).toBe('waiting');
    });

    test('in a run of before, of which nobody knows what its links requested, is told so with the others', () => {
      const end = play([accepted(connection({ grantedScopes: ['x', 'y'] }))], used('o.1', [click, naming('c', 'z')]));
      expect(ends(end)).toEqual(['a: connected', 'c: failed']);
    });
  });

  describe('whoever joins once the owner has gone to make a new connection', () => {
    const noted: RequestEvent = { ...click, notesScopes: true };
    const made = connection({
      connectionId: 'c-2',
      tags: { end_user_id: 'u_42', tn_nonce: 'o.2', tn_replaces: 'c-1' },
    });
    const replaced = () =>
      play([
        ...[checks, naming('a', 'x'), listed(connection()), missing(connection(), ['y']), noted],
        lookedUp(linked('o.1')),
        {
          type: 'notWidened',
          snapshot: { connection: connection(), metadata: null },
          granted: ['y'],
          requested: ['x', 'y'],
          now: START,
        },
        ...[noted, naming('b', 'z'), lookedUp(made)],
        { type: 'replacementMade', connection: { ...made, grantedScopes: ['x', 'y'] }, now: START },
      ]).state;
    const taken = accepted({ ...made, grantedScopes: ['x', 'y'] });

    test('is refused what the new one lacks, and the others have it', () => {
      const end = play([{ ...taken, mayEnd: true } as RequestEvent], replaced());
      expect(ends(end)).toEqual(['a: connected', 'b: failed']);
      expect(end.state.status).toBe('cancelled');
    });

    test('in a run of before everything stays as it is, which is not tried again at once', () => {
      const before = replaced();
      const { state, resolutions } = play([taken], before);
      expect(resolutions).toEqual([]);
      expect(isAcceptedInVain(before, state)).toBe(true);
      expect(isAcceptedInVain(before, play([naming('c', 'x')], state).state)).toBe(false);
      expect(isAcceptedInVain(before, play([{ ...taken, mayEnd: true } as RequestEvent], before).state)).toBe(false);
    });
  });

  describe('another account, and readers who named scopes', () => {
    const reading = (joinId: string, ...scopes: string[]): RequestEvent => ({
      type: 'join',
      join: { joinId, scopes, deadline: START + DAY, reconnect: 'c-1', readsOnAccountChange: true },
      now: START,
    });
    const changed = (grantedScopes?: string[], more: object = { scopesRead: true }): RequestEvent => ({
      type: 'accountChanged',
      connection: connection({ accountChanged: true, grantedScopes }),
      recorded: 'anna',
      found: 'bert',
      now: START,
      ...more,
    });
    const snapshot: RequestEvent = {
      type: 'snapshot',
      snapshot: { connection: connection(), metadata: null },
      now: START,
    };
    const waiting = () =>
      play(
        [checks, reading('a', 'x'), reading('b', 'y'), reading('c'), snapshot, click],
        begin(subject, 'o', START, 'c-1'),
      ).state;

    test('those have it who lack nothing; the others wait for the yes, and are asked for the rest', () => {
      const { state, resolutions } = play([changed(['y'])], waiting());
      expect(ends({ resolutions })).toEqual(['b: connected', 'c: connected']);
      const later = play([reading('d', 'x'), reading('e', 'y')], state);
      expect(ends(later)).toEqual(['e: connected']);
      const yes: RequestEvent = { type: 'decided', choice: 'yes', by: 'ops', now: START };
      const { state: asks } = play([yes, missing(connection(), ['y'])], later.state);
      expect(questionOf(asks)).toMatchObject({ kind: 'approve-scopes', scopes: { missing: ['x'] } });
      // What was said of one account says nothing of the next.
      expect(questionOf(asks)?.accountChange).toBeUndefined();
    });

    test('that nobody can know is not a no', () => {
      expect(ends(play([changed()], waiting()))).toEqual([
        'a: connected, unchecked',
        'b: connected, unchecked',
        'c: connected',
      ]);
    });

    test('whoever only wants the connection as it is has none that lacks what they named', () => {
      const { state } = play([changed(['y'])], waiting());
      expect(wantsAsItIs(state, { joinId: 'd', scopes: ['x'] })).toBe(false);
      expect(wantsAsItIs(state, { joinId: 'd', scopes: ['y'] })).toBe(true);
    });

    test('in a run of before all of them have it', () => {
      expect(play([changed(['y'], {})], waiting()).resolutions).toHaveLength(3);
    });
  });

  test('what the link of an earlier question has left is no approval', () => {
    const before = [checks, naming('a', 'x', 'y'), listed(), click, lookedUp(linked('o.1'))];
    const { state } = play([...before, missing(linked('o.1'), ['y']), lookedUp(linked('o.1')), listed(linked('o.1'))]);
    expect(state.found).toBeUndefined();
    expect(play([click, lookedUp(linked('o.2'))], state).state.found).toBeDefined();
  });

  test('a deadline that passes says what is missing', () => {
    const { resolutions, state } = play([{ type: 'tick', now: START + DAY }], asked().state);
    expect(resolutions).toMatchObject([{ failure: { type: 'Nango.ScopesMissing', scopes: ['x'] } }]);
    expect(state).toMatchObject({ status: 'timedOut', missingScopes: ['x'] });
  });

  test('a decline is a decline', () => {
    const { resolutions } = play([{ type: 'decline', now: START }], asked().state);
    expect(ends({ resolutions })).toEqual(['a: declined']);
  });

  test.each([
    ['an account that is recorded, and nobody says how to compare it', { tn_account: 'anna' }, 'identity_needed'],
    ['no room for a tag', Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`t${i}`, 't'])), 'too_many_tags'],
  ])('a connection that cannot be connected anew: %s', (_, tags, reason) => {
    const one = connection({ tags: { end_user_id: 'u_42', ...tags } });
    const { resolutions } = play([checks, naming('a', 'x'), naming('b'), listed(one), missing(one, [])]);
    expect(resolutions).toMatchObject([
      { joinId: 'b', status: 'connected' },
      { joinId: 'a', status: 'failed', failure: { type: 'Nango.InvalidRequest', reason } },
    ]);
  });
});
