import fc from 'fast-check';
import { detailsOf } from '../../src/contract/errors';
import { MAX_JOINED_BYTES, MAX_JOINS } from '../../src/contract/limits';
import { jsonBytes } from '../../src/contract/rules/json';
import type { Connection, Join, Subject } from '../../src/contract/types';
import type { ConnectionLookups } from '../../src/workflows/request/connection-lookups';
import { takeIn } from '../../src/workflows/request/joining';
import type { LiveRequest } from '../../src/workflows/request/live-request';
import { refusalsOf } from '../../src/workflows/request/request-checks';
import {
  questionOf,
  begin,
  isClosed,
  isReminderDue,
  liveLinks,
  mayIssueLink,
  nextDue,
} from '../../src/workflows/request/request-state';
import { step } from '../../src/workflows/request/request-step';
import type { RequestEvent } from '../../src/workflows/request/request-step';
import type { DueResolution } from '../../src/workflows/request/step-ends';
import { connectionIn } from '../support/connection-in';
import { commands, RequestModel } from '../support/request-model';
import type { Command } from '../support/request-model';

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const subject: Subject = { integration: 'hubspot', owner: { endUser: { id: 'u_42' } } };

function connection(over: Partial<Connection> = {}): Connection {
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

function linked(nonce: string, over: Partial<Connection> = {}): Connection {
  return connection({ tags: { end_user_id: 'u_42', tn_nonce: nonce }, ...over });
}

/** Plays events and gathers what was resolved. */
function play(events: RequestEvent[], state = begin(subject, 'o', START)) {
  const resolutions: DueResolution[] = [];
  for (const event of events) {
    const next = step(state, event);
    state = next.state;
    resolutions.push(...next.resolutions);
  }
  return { state, resolutions };
}

const join = (joinId: string, days: number, now = START): RequestEvent => ({
  type: 'join',
  join: { joinId, deadline: now + days * DAY },
  now,
});
const listed = (...connections: Connection[]): RequestEvent => ({ type: 'listed', connections, now: START });
const lookedUp = (...connections: Connection[]): RequestEvent => ({ type: 'lookedUp', connections, now: START });

test('does what the model does, in any order of events', () => {
  fc.assert(
    fc.property(commands, (sequence) => {
      const model = new RequestModel(START);
      let state = begin(subject, 'o', START);
      const resolved: { who: number; end: string }[] = [];

      function apply(event: RequestEvent): void {
        const next = step(state, event);
        state = next.state;
        for (const { joinId, status } of next.resolutions) resolved.push({ who: Number(joinId), end: status });
      }

      function carryOut(command: Command): void {
        switch (command.op) {
          case 'join':
            return apply(join(String(command.who), command.days, model.now));
          case 'leave':
            return apply({ type: 'leave', joinId: String(command.who), now: model.now });
          case 'click':
            if (mayIssueLink(state, model.now)) apply({ type: 'click', now: model.now });
            return;
          case 'hint':
            for (let i = 0; i < command.times; i++) {
              const connections = {
                linked: state.clicks > 0 ? [linked(`o.${state.clicks}`)] : [],
                button: [connection()],
                foreignNonce: [linked('other.1')],
                otherOwner: [connection({ tags: { end_user_id: 'u_7' } })],
                nowhere: [],
              }[command.made];
              apply({ type: 'lookedUp', connections, now: model.now });
            }
            return;
          case 'wait': {
            const until = model.now + command.hours * HOUR;
            for (let due = nextDue(state); due !== undefined && due <= until; due = nextDue(state)) {
              apply({ type: 'tick', now: due });
              if (isReminderDue(state, due)) apply({ type: 'reminded', now: due });
            }
          }
        }
      }

      apply(join('0', sequence[0]?.op === 'join' ? sequence[0].days : 1));
      apply(listed());
      model.apply(sequence[0]!);
      for (const command of sequence.slice(1)) {
        carryOut(command);
        model.apply(command);
        expect(isClosed(state)).toBe(model.closed !== undefined);
        if (model.closed !== undefined) expect(state.status).toBe(model.closed);
        else expect(liveLinks(state, model.now)).toBe(model.liveLinks);
        expect(resolved).toEqual(model.resolved);
        expect(state.joiners.map((j) => Number(j.joinId)).sort()).toEqual([...model.waiting.keys()].sort());
        expect(connectionIn(state) !== undefined).toBe(model.closed === 'connected');
      }
    }),
    { numRuns: 2_000, seed: 20_261_124 },
  );
});

describe('the first look', () => {
  test('one connection answers at once', () => {
    const { state, resolutions } = play([join('a', 1), listed(connection())]);
    expect(state.status).toBe('connected');
    expect(resolutions).toMatchObject([{ joinId: 'a', status: 'connected', connection: { connectionId: 'c-1' } }]);
  });

  test('of several made by one request the earliest is the connection, whatever order they are listed in', () => {
    const later = linked('x.2', { connectionId: 'c-2', createdAt: new Date(START + 2 * HOUR).toISOString() });
    const { state } = play([join('a', 1), listed(later, linked('x.1'))]);
    expect(connectionIn(state)?.connectionId).toBe('c-1');
    expect(state.extras).toBe(1);
  });

  test('several of different origin are ambiguous, and nobody is asked', () => {
    const { state, resolutions } = play([join('a', 1), listed(linked('x.1'), linked('y.1', { connectionId: 'c-2' }))]);
    expect(state.status).toBe('cancelled');
    expect(resolutions).toMatchObject([{ status: 'failed', failure: { type: 'Nango.ConnectionAmbiguous' } }]);
  });

  test('what makes asking pointless fails everybody who joined', () => {
    const unusable: RequestEvent = { type: 'unusable', failure: { type: 'Nango.IntegrationNotFound' }, now: START };
    const { state, resolutions } = play([join('a', 1), join('b', 1), unusable]);
    expect(state.status).toBe('cancelled');
    const failure = { type: 'Nango.IntegrationNotFound' };
    expect(resolutions).toMatchObject([{ failure }, { failure }]);
  });

  test('a lookup that fails later does not end the request', () => {
    const unusable: RequestEvent = { type: 'unusable', failure: { type: 'Nango.Misconfigured' }, now: START };
    expect(play([join('a', 1), listed(), unusable]).state.status).toBe('waiting');
  });
});

describe('joining', () => {
  test('scopes of all joiners are asked for, and the first value of a tag stays', () => {
    const first: RequestEvent = { type: 'join', join: { joinId: 'a', scopes: ['x'], tags: { t: '1' } }, now: START };
    const second: RequestEvent = {
      type: 'join',
      join: { joinId: 'b', scopes: ['y', 'x'], tags: { t: '1', u: '2' } },
      now: START,
    };
    const { state } = play([first, second]);
    expect(state.scopes).toEqual(['x', 'y']);
    expect(state.tags).toEqual({ t: '1', u: '2' });
  });

  test('backends merge into one joiner with the later deadline', () => {
    const { state } = play([join('client', 3), join('client', 5), join('client', 1)]);
    expect(state.joiners).toHaveLength(1);
    expect(nextDue(state)).toBe(START + 5 * DAY);
  });

  test('without a deadline a joiner waits a week', () => {
    const { state } = play([{ type: 'join', join: { joinId: 'a' }, now: START }]);
    expect(nextDue(state)).toBe(START + 7 * DAY);
  });
});

describe('cooling down', () => {
  test('after a decline nobody is asked for a day', () => {
    const { state, resolutions } = play([join('a', 7), listed(), { type: 'decline', now: START + HOUR }]);
    expect(state).toMatchObject({ status: 'declined', coolDownUntil: START + HOUR + DAY });
    expect(resolutions).toMatchObject([{ joinId: 'a', status: 'declined' }]);
  });

  test('after a timeout only if somebody had waited a day', () => {
    const short = play([
      { type: 'join', join: { joinId: 'a', deadline: START + HOUR }, now: START },
      listed(),
      { type: 'tick', now: START + HOUR },
    ]);
    expect(short.state).toMatchObject({ status: 'timedOut', coolDownUntil: undefined });
    const long = play([join('a', 2), listed(), { type: 'tick', now: START + 2 * DAY }]);
    expect(long.state).toMatchObject({ status: 'timedOut', coolDownUntil: START + 3 * DAY });
  });
});

test('extending moves the deadline of everybody', () => {
  const { state } = play([
    join('a', 1),
    join('b', 2),
    listed(),
    { type: 'extend', until: START + 9 * DAY, now: START },
  ]);
  expect(state.joiners.map((j) => j.deadline)).toEqual([START + 9 * DAY, START + 9 * DAY]);
});

test('an application button connection older than the request does not count', () => {
  const old = connection({ createdAt: new Date(START - DAY).toISOString() });
  expect(play([join('a', 1), listed(), lookedUp(old)]).state.status).toBe('waiting');
});

test('a hint that arrives before the first look is not taken for it: a connection of somebody else does not count', () => {
  const others = connection({ tags: { end_user_id: 'u_7' } });
  expect(play([join('a', 1), lookedUp(others)]).state.status).toBe('checking');
  expect(play([join('a', 1), lookedUp(connection())]).state.status).toBe('connected');
});

test('an ask that nobody has joined has a deadline all the same', () => {
  expect(questionOf(play([listed()]).state)).toMatchObject({ deadline: START });
});

describe('reminders', () => {
  test('after one day, after three, and then every week', () => {
    let { state } = play([join('a', 60), listed()]);
    const at: number[] = [];
    for (let due = nextDue(state)!; due < START + 40 * DAY; due = nextDue(state)!) {
      at.push((due - START) / DAY);
      state = play(
        [
          { type: 'tick', now: due },
          { type: 'reminded', now: due },
        ],
        state,
      ).state;
    }
    expect(at).toEqual([1, 3, 10, 17, 24, 31, 38]);
    expect(state.reminders).toBe(7);
  });

  test('one that was missed for a fortnight is not made up for', () => {
    const late = START + 15 * DAY;
    const { state } = play([join('a', 60), listed(), { type: 'reminded', now: late }]);
    expect(state).toMatchObject({ reminders: 1, remindAt: START + 17 * DAY });
  });
});

describe('connecting anew', () => {
  const dead = connection({ health: 'failing', tags: { end_user_id: 'u_42', tn_nonce: 'old.1', tn_account: 'anna' } });
  const identity = { endpoint: '/me', pointer: '/id' };
  const snapshot = (of: Connection): RequestEvent => ({
    type: 'snapshot',
    snapshot: { connection: of, metadata: { folder: 'f' } },
    now: START,
  });
  const joined = (joinId: string, more: object = {}): RequestEvent => ({
    type: 'join',
    join: { joinId, deadline: START + DAY, reconnect: 'c-1', identity, ...more },
    now: START,
  });
  const anew = () => begin(subject, 'o', START, 'c-1');
  const changed: RequestEvent = {
    type: 'accountChanged',
    connection: { ...dead, health: 'ok', accountChanged: true },
    recorded: 'anna',
    found: 'bert',
    now: START,
  };

  test('is asked for whether or not the connection works', () => {
    const { state, resolutions } = play([joined('a'), snapshot(connection())], anew());
    expect(questionOf(state)).toMatchObject({ kind: 'reconnect' });
    expect(resolutions).toEqual([]);
  });

  test('only a connection with that id and a nonce of this request is found; its joiners still wait', () => {
    const start = play([joined('a'), snapshot(dead)], anew()).state;
    expect(play([lookedUp(dead)], start).state.found).toBeUndefined();
    const other = linked('o.1', { connectionId: 'c-2' });
    expect(play([lookedUp(other)], start).state.found).toBeUndefined();
    const { state, resolutions } = play([lookedUp(linked('o.1'))], start);
    expect(state).toMatchObject({ status: 'waiting', found: { connectionId: 'c-1' } });
    expect(resolutions).toEqual([]);
  });

  test('one that had failed and works again is found, however that came about', () => {
    const healed = { ...dead, health: 'ok' } as const;
    expect(play([joined('a'), snapshot(dead), lookedUp(healed)], anew()).state.found).toEqual(healed);
  });

  test('what was kept is not replaced by what a reconnect has left', () => {
    const { state } = play([joined('a'), snapshot(dead), snapshot(linked('o.1'))], anew());
    expect(state.reconnect?.snapshot?.connection).toEqual(dead);
    const newer = { ...dead, tags: { ...dead.tags, team: 'x' } };
    expect(play([snapshot(newer)], state).state.reconnect?.snapshot?.connection).toEqual(newer);
  });

  test('a connection of another owner, or with a recorded account and no way to compare it, is refused', () => {
    const others = connection({ tags: { end_user_id: 'u_7' } });
    expect(play([joined('a'), snapshot(others)], anew()).resolutions).toMatchObject([
      { status: 'failed', failure: { type: 'Nango.InvalidRequest', reason: 'other_owner' } },
    ]);
    expect(play([joined('a', { identity: undefined }), snapshot(dead)], anew()).resolutions).toMatchObject([
      { status: 'failed', failure: { type: 'Nango.InvalidRequest', reason: 'identity_needed' } },
    ]);
  });

  test('another account waits for a yes; who only reads does not', () => {
    const { state, resolutions } = play(
      [joined('writer'), joined('reader', { readsOnAccountChange: true }), snapshot(dead), changed],
      anew(),
    );
    expect(resolutions).toMatchObject([
      { joinId: 'reader', status: 'connected', connection: { accountChanged: true } },
    ]);
    expect(questionOf(state)).toMatchObject({ accountChange: { recorded: 'anna', found: 'bert' } });
    const late = play([joined('late', { readsOnAccountChange: true })], state);
    expect(late.resolutions).toMatchObject([{ joinId: 'late', status: 'connected' }]);
    const yes = play([{ type: 'decided', choice: 'yes', by: 'ops', now: START }], late.state).state;
    expect(yes.found).toMatchObject({ connectionId: 'c-1' });
    const end = play([{ type: 'accepted', connection: connection(), now: START }], yes);
    expect(end.resolutions.map(({ joinId, status }) => [joinId, status])).toEqual([['writer', 'connected']]);
  });

  test('after a no it is asked for again; who waits until the end is told why', () => {
    const no: RequestEvent = { type: 'decided', choice: 'no', by: 'ops', now: START };
    const { state, resolutions } = play([joined('a'), snapshot(dead), changed, no], anew());
    expect(questionOf(state)).toMatchObject({ kind: 'reconnect', accountChange: undefined });
    expect(resolutions).toEqual([]);
    expect(play([{ type: 'tick', now: START + DAY }], state).resolutions).toMatchObject([
      { status: 'failed', failure: { type: 'Nango.AccountChanged' } },
    ]);
  });
});

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

  test('still short after an approval: a typed end, and a time in which nobody is asked', () => {
    const { state } = play([click, lookedUp(linked('o.1'))], asked().state);
    const end = play([naming('c', 'z'), accepted(connection({ grantedScopes: ['y', 'z'] }))], state);
    expect(end.resolutions).toMatchObject([
      { joinId: 'c', status: 'connected' },
      { joinId: 'a', status: 'failed', failure: { type: 'Nango.ScopesMissing', scopes: ['x'] } },
    ]);
    expect(end.state).toMatchObject({ status: 'cancelled', missingScopes: ['x'], coolDownUntil: START + DAY });
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

describe('who may join', () => {
  test('tags may be named as what every object has', () => {
    const joins = [{ joinId: 'a', tags: { constructor: 'x', valueof: 'y' } }];
    expect(refusalsOf(begin(subject, 'o', START), joins, START)).toEqual([undefined]);
  });

  test('whoever comes when it is connected has the connection, and is told that nobody looked at scopes', async () => {
    const { state } = play([{ type: 'checksScopes', now: START }, join('a', 1), listed(connection())]);
    const joins = [{ joinId: 'b', scopes: ['write'] }, { joinId: 'c' }];
    const results = await takeIn({ state } as LiveRequest, {} as ConnectionLookups, joins);
    expect(results).toEqual([
      { status: 'connected', connection: connection({ scopesChecked: false }) },
      { status: 'connected', connection: connection() },
    ]);
  });

  test('of a hundred who come at once to a request that is nearly full, no more than it can hold', () => {
    const large = (name: string, i: number) => ({
      joinId: `${name}${i}`.padEnd(255, 'j'),
      subscriber: { workflowId: `${name}${i}`.padEnd(1_000, 'w') },
      tags: { team: 't'.repeat(255) },
    });
    const joined = (joins: Join[], state = begin(subject, 'o', START)) =>
      play(
        joins.map((one) => ({ type: 'join', join: one, now: START })),
        state,
      ).state;
    const { joiners, ...first } = joined([large('first', 0)]);
    const room = MAX_JOINED_BYTES - jsonBytes(first) - 4_000;
    const many = Array.from({ length: Math.floor(room / (jsonBytes(joiners[0]) + 1)) }, (_, i) => i);
    const full = { ...first, joiners: many.map((i) => ({ ...joiners[0]!, joinId: large('first', i).joinId })) };

    const joins = Array.from({ length: MAX_JOINS }, (_, i) => large('later', i));
    const refusals = refusalsOf(full, joins, START);
    const accepted = joins.filter((_, i) => refusals[i] === undefined);
    expect(accepted.length).toBeGreaterThan(0);
    expect(jsonBytes(joined(accepted, full))).toBeLessThanOrEqual(MAX_JOINED_BYTES);
    const reasons = refusals.flatMap((refused) => (refused === undefined ? [] : [detailsOf(refused).reason]));
    expect(new Set(reasons)).toEqual(new Set(['too_many_joiners']));
  });
});
