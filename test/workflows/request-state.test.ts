import fc from 'fast-check';
import { detailsOf } from '../../src/contract/errors';
import { MAX_JOINED_BYTES, MAX_JOINS } from '../../src/contract/limits';
import { jsonBytes } from '../../src/contract/rules/json';
import type { Join } from '../../src/contract/types';
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
import { connectionIn } from '../support/connection-in';
import { START, HOUR, DAY, subject, connection, linked, play, join, listed, lookedUp } from '../support/request-events';
import { commands, RequestModel } from '../support/request-model';
import type { Command } from '../support/request-model';

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

test('of two links that are clicked at one moment each dies at its own: the holds know them by that', () => {
  const click: RequestEvent = { type: 'click', now: START };
  const { state } = play([join('0', 1), listed(), click, click]);
  expect(new Set(state.links.map(({ until }) => until)).size).toBe(2);
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
