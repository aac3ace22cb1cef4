import fc from 'fast-check';
import type { Connection, Subject } from '../../src/contract/types';
import { begin, isClosed, liveLinks, mayIssueLink, nextDeadline, step } from '../../src/workflows/request-state';
import type { DueAnswer, RequestEvent } from '../../src/workflows/request-state';
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

/** Plays events and gathers what was answered. */
function play(events: RequestEvent[], state = begin(subject, 'o', START)) {
  const answers: DueAnswer[] = [];
  for (const event of events) {
    const next = step(state, event);
    state = next.state;
    answers.push(...next.answers);
  }
  return { state, answers };
}

const join = (joinId: string, days: number, now = START): RequestEvent => ({
  type: 'join',
  join: { joinId, deadline: now + days * DAY },
  now,
});
const looked = (...connections: Connection[]): RequestEvent => ({ type: 'looked', connections, now: START });

test('does what the model does, in any order of events', () => {
  fc.assert(
    fc.property(commands, (sequence) => {
      const model = new RequestModel(START);
      let state = begin(subject, 'o', START);
      const told: { who: number; end: string }[] = [];

      function happen(event: RequestEvent): void {
        const next = step(state, event);
        state = next.state;
        for (const { joinId, status } of next.answers) told.push({ who: Number(joinId), end: status });
      }

      function carryOut(command: Command): void {
        switch (command.op) {
          case 'join':
            return happen(join(String(command.who), command.days, model.now));
          case 'leave':
            return happen({ type: 'leave', joinId: String(command.who), now: model.now });
          case 'click':
            if (mayIssueLink(state, model.now)) happen({ type: 'click', now: model.now });
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
              happen({ type: 'looked', connections, now: model.now });
            }
            return;
          case 'wait': {
            const until = model.now + command.hours * HOUR;
            for (let due = nextDeadline(state); due !== undefined && due <= until; due = nextDeadline(state)) {
              happen({ type: 'tick', now: due });
            }
          }
        }
      }

      happen(join('0', sequence[0]?.op === 'join' ? sequence[0].days : 1));
      happen(looked());
      model.apply(sequence[0]!);
      for (const command of sequence.slice(1)) {
        carryOut(command);
        model.apply(command);
        expect(isClosed(state)).toBe(model.closed !== undefined);
        if (model.closed !== undefined) expect(state.status).toBe(model.closed);
        else expect(liveLinks(state, model.now)).toBe(model.liveLinks);
        expect(told).toEqual(model.told);
        expect(state.joiners.map((j) => Number(j.joinId)).sort()).toEqual([...model.waiting.keys()].sort());
        expect(state.connection !== undefined).toBe(model.closed === 'connected');
      }
    }),
    { numRuns: 2_000, seed: 20_261_124 },
  );
});

describe('the first look', () => {
  test('one connection answers at once', () => {
    const { state, answers } = play([join('a', 1), looked(connection())]);
    expect(state.status).toBe('connected');
    expect(answers).toMatchObject([{ joinId: 'a', status: 'connected', connection: { connectionId: 'c-1' } }]);
  });

  test('of several made by one request the earliest is the connection, whatever order they are listed in', () => {
    const later = linked('x.2', { connectionId: 'c-2', createdAt: new Date(START + 2 * HOUR).toISOString() });
    const { state } = play([join('a', 1), looked(later, linked('x.1'))]);
    expect(state.connection?.connectionId).toBe('c-1');
    expect(state.extras).toBe(1);
  });

  test('several of different origin are ambiguous, and nobody is asked', () => {
    const { state, answers } = play([join('a', 1), looked(linked('x.1'), linked('y.1', { connectionId: 'c-2' }))]);
    expect(state.status).toBe('cancelled');
    expect(answers).toMatchObject([{ status: 'failed', failure: { type: 'Nango.ConnectionAmbiguous' } }]);
  });

  test('what makes asking pointless fails everybody who joined', () => {
    const unusable: RequestEvent = { type: 'unusable', failure: { type: 'Nango.IntegrationNotFound' }, now: START };
    const { state, answers } = play([join('a', 1), join('b', 1), unusable]);
    expect(state.status).toBe('cancelled');
    expect(answers.map((a) => a.failure?.type)).toEqual(['Nango.IntegrationNotFound', 'Nango.IntegrationNotFound']);
  });

  test('a lookup that fails later does not end the request', () => {
    const unusable: RequestEvent = { type: 'unusable', failure: { type: 'Nango.Misconfigured' }, now: START };
    expect(play([join('a', 1), looked(), unusable]).state.status).toBe('asking');
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
    expect(nextDeadline(state)).toBe(START + 5 * DAY);
  });

  test('without a deadline a joiner waits a week', () => {
    const { state } = play([{ type: 'join', join: { joinId: 'a' }, now: START }]);
    expect(nextDeadline(state)).toBe(START + 7 * DAY);
  });
});

describe('cooling down', () => {
  test('after a decline nobody is asked for a day', () => {
    const { state, answers } = play([join('a', 7), looked(), { type: 'decline', now: START + HOUR }]);
    expect(state).toMatchObject({ status: 'declined', coolDownUntil: START + HOUR + DAY });
    expect(answers).toMatchObject([{ joinId: 'a', status: 'declined' }]);
  });

  test('after a timeout only if somebody had waited a day', () => {
    const short = play([
      { type: 'join', join: { joinId: 'a', deadline: START + HOUR }, now: START },
      looked(),
      { type: 'tick', now: START + HOUR },
    ]);
    expect(short.state).toMatchObject({ status: 'timedOut', coolDownUntil: undefined });
    const long = play([join('a', 2), looked(), { type: 'tick', now: START + 2 * DAY }]);
    expect(long.state).toMatchObject({ status: 'timedOut', coolDownUntil: START + 3 * DAY });
  });
});

test('extending moves the deadline of everybody', () => {
  const { state } = play([
    join('a', 1),
    join('b', 2),
    looked(),
    { type: 'extend', until: START + 9 * DAY, now: START },
  ]);
  expect(state.joiners.map((j) => j.deadline)).toEqual([START + 9 * DAY, START + 9 * DAY]);
});

test('an application button connection older than the request does not count', () => {
  const old = connection({ createdAt: new Date(START - DAY).toISOString() });
  expect(play([join('a', 1), looked(), looked(old)]).state.status).toBe('asking');
});
