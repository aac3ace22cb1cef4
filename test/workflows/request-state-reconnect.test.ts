import type { Connection } from '../../src/contract/types';
import { questionOf, begin } from '../../src/workflows/request/request-state';
import { step } from '../../src/workflows/request/request-step';
import type { RequestEvent } from '../../src/workflows/request/request-step';
import { START, DAY, subject, connection, linked, play, lookedUp } from '../support/request-events';

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

  test('once that is gone there is nothing to wait for; of any other connection that says nothing', () => {
    const { state } = play([joined('a'), snapshot(dead)], anew());
    const gone = (connectionId: string): RequestEvent => ({ type: 'gone', connectionId, now: START });
    expect(step(state, gone('c-other'))).toEqual({ state, resolutions: [] });
    const { state: ended, resolutions } = step(state, gone('c-1'));
    expect(ended).toMatchObject({ status: 'cancelled', failure: { type: 'Nango.ConnectionNotFound' } });
    expect(resolutions).toMatchObject([{ status: 'failed', failure: { type: 'Nango.ConnectionNotFound' } }]);
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
