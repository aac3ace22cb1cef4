import type { Join } from '../../src/contract/types';
import { questionOf, isClosed } from '../../src/workflows/request/request-state';
import type { RequestEvent } from '../../src/workflows/request/request-step';
import type { DueResolution } from '../../src/workflows/request/step-ends';
import { connectionIn } from '../support/connection-in';
import { START, DAY, connection, play, listed, lookedUp } from '../support/request-events';

describe('several that nothing tells apart', () => {
  const a = connection({ connectionId: 'a', tags: { end_user_id: 'u_42', place: 'berlin' } });
  const b = connection({ connectionId: 'b', tags: { end_user_id: 'u_42', place: 'paris' } });
  const begun: RequestEvent = { type: 'choosesConnections', now: START };
  const says = (joinId: string, more: Partial<Join> = { several: 'choose' }): RequestEvent => ({
    type: 'join',
    join: { joinId, deadline: START + DAY, ...more },
    now: START,
  });
  const tag = (place: string): Partial<Join> => ({ several: 'choose', choose: { tag: { place } } });
  const ends = (resolutions: DueResolution[]) =>
    resolutions.map((one) => [
      one.joinId,
      one.status === 'connected'
        ? one.connection.connectionId
        : one.status === 'failed'
          ? one.failure.type
          : one.status,
    ]);

  test('those that know of no choice get the failure, the others wait', () => {
    const { state, resolutions } = play([
      begun,
      says('old', {}),
      says('new'),
      says('fails', { several: 'fail' }),
      listed(a, b),
    ]);
    expect(ends(resolutions)).toEqual([
      ['old', 'Nango.ConnectionAmbiguous'],
      ['fails', 'Nango.ConnectionAmbiguous'],
    ]);
    expect(questionOf(state)).toMatchObject({
      kind: 'choose-connection',
      candidates: [{ connectionId: 'a' }, { connectionId: 'b' }],
    });
  });

  test('in a run of before all of them get the failure', () => {
    const { state, resolutions } = play([says('old', {}), says('new'), listed(a, b)]);
    expect(state.status).toBe('cancelled');
    expect(ends(resolutions).map(([, end]) => end)).toEqual(['Nango.ConnectionAmbiguous', 'Nango.ConnectionAmbiguous']);
  });

  test('if nobody waits for a choice, nobody is asked', () => {
    expect(play([begun, says('old', {}), listed(a, b)]).state).toMatchObject({
      status: 'cancelled',
      failure: { type: 'Nango.ConnectionAmbiguous' },
    });
  });

  test('each gets the one that it names, the others wait; and if all name the same, it is over', () => {
    const mixed = play([
      begun,
      says('x', tag('paris')),
      says('y', tag('berlin')),
      says('z', tag('rome')),
      listed(a, b),
    ]);
    expect(ends(mixed.resolutions)).toEqual([
      ['x', 'b'],
      ['y', 'a'],
    ]);
    expect(mixed.state.joiners.map(({ joinId }) => joinId)).toEqual(['z']);
    const same = play([begun, says('x', tag('paris')), says('y', tag('paris')), listed(a, b)]);
    expect([same.state.status, ends(same.resolutions)]).toEqual([
      'connected',
      [
        ['x', 'b'],
        ['y', 'b'],
      ],
    ]);
  });

  test('whoever names one and scopes, while others wait for another, is refused and gets none unchecked', () => {
    const scopes: RequestEvent = { type: 'checksScopes', now: START };
    const { resolutions } = play([
      begun,
      scopes,
      says('x', { ...tag('paris'), scopes: ['s'] }),
      says('y'),
      listed(a, b),
    ]);
    expect(resolutions).toMatchObject([
      { joinId: 'x', status: 'failed', failure: { type: 'Nango.InvalidRequest', reason: 'other_question' } },
    ]);
  });

  test('backends that name different ones wait as one, for a choice', () => {
    for (const second of [tag('berlin'), { several: 'choose' as const }]) {
      const { state, resolutions } = play([begun, says('client', tag('paris')), says('client', second), listed(a, b)]);
      expect([state.status, resolutions]).toEqual(['waiting', []]);
    }
    expect(play([begun, says('client', tag('paris')), says('client', tag('paris')), listed(a, b)]).state.status).toBe(
      'connected',
    );
  });

  test('what is hinted at decides nothing, all that there are do', () => {
    const asked = play([begun, says('x'), listed(a, b)]).state;
    expect(play([lookedUp(a)], asked).state).toEqual(asked);
    expect(play([lookedUp(connection({ connectionId: 'new' }))], asked).state).toEqual(asked);
    expect(play([listed(a, b)], asked).state.choosing).toBe(asked.choosing);
    expect(connectionIn(play([listed(b)], asked).state)?.connectionId).toBe('b');
    expect(questionOf(play([listed()], asked).state)?.kind).toBe('connect');
  });

  test('a choice is carried out once: what is chosen meanwhile, or comes too late, changes nothing', () => {
    const asked = play([begun, says('x'), listed(a, b)]).state;
    const chosen: RequestEvent = { type: 'chosen', connectionId: 'b', by: 'Olga', now: START };
    const accepted: RequestEvent = { type: 'choiceAccepted', connection: b, now: START };
    expect(play([accepted], asked).state).toBe(asked);
    const ended = play([chosen, accepted], asked);
    expect([ended.state.status, ends(ended.resolutions)]).toEqual(['connected', [['x', 'b']]]);
    expect(play([chosen, accepted], ended.state)).toEqual({ state: ended.state, resolutions: [] });
    const gone = play([chosen, { type: 'choiceGone', now: START }], asked).state;
    expect(questionOf(gone)?.candidates?.map(({ connectionId }) => connectionId)).toEqual(['a']);
    expect(play([accepted], gone).state).toBe(gone);
    expect(isClosed(play([chosen, { type: 'decline', now: START }], asked).state)).toBe(true);
  });

  test('with scopes the chosen one is checked as any, and a lookup meanwhile asks nobody again', () => {
    const scopes: RequestEvent = { type: 'checksScopes', now: START };
    const chosen: RequestEvent = { type: 'chosen', connectionId: 'b', by: 'Olga', now: START };
    const accepted: RequestEvent = { type: 'choiceAccepted', connection: b, notRemembered: 'forbidden', now: START };
    const { state } = play([
      begun,
      scopes,
      says('x', { several: 'choose', scopes: ['s'] }),
      listed(a, b),
      chosen,
      accepted,
    ]);
    expect(state).toMatchObject({ status: 'checking', found: { connectionId: 'b' }, notRemembered: 'forbidden' });
    expect(play([listed(a, b)], state).state).toEqual(state);
  });

  test('of those who wait each has its deadline, and hears between what nobody has chosen', () => {
    const { state, resolutions } = play([
      begun,
      says('x'),
      says('y', { several: 'choose', deadline: START + 2 * DAY }),
      listed(a, b),
      { type: 'tick', now: START + DAY },
    ]);
    expect(resolutions).toMatchObject([
      {
        joinId: 'x',
        failure: { type: 'Nango.ConnectionAmbiguous', connections: [{ connectionId: 'a' }, { connectionId: 'b' }] },
      },
    ]);
    expect(play([{ type: 'tick', now: START + 2 * DAY }], state).state).toMatchObject({
      status: 'timedOut',
      coolDownUntil: START + 3 * DAY,
    });
  });
});
