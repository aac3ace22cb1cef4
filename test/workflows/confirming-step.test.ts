import { MAX_LIVE_LINKS, MAX_REFUSED_LINKS, MAX_SHOWN_UNCONFIRMED } from '../../src/contract/limits';
import type { Connection, Subject } from '../../src/contract/types';
import { leftBehind } from '../../src/workflows/request/confirming-step';
import {
  checkConfirmation,
  checkOwnerStatement,
  checkRemind,
  wantsAsItIs,
} from '../../src/workflows/request/request-checks';
import { begin, isReminderDue, nextDue, questionOf } from '../../src/workflows/request/request-state';
import type { RequestState } from '../../src/workflows/request/request-state';
import { step } from '../../src/workflows/request/request-step';
import type { RequestEvent } from '../../src/workflows/request/request-step';

// Whose click it was, in the state machine of a request.

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const subject: Subject = { integration: 'hubspot', owner: { endUser: { id: 'u_42' } } };
const joined: RequestEvent = { type: 'join', join: { joinId: 'j', deadline: START + 1e9 }, now: START };
const click: RequestEvent = { type: 'click', now: START };

/** What the nth link of the request has made. */
function made(n: number, over: Partial<Connection> = {}): Connection {
  return {
    ...{ integration: 'hubspot', connectionId: `c-${n}`, provider: 'hubspot', health: 'ok', unconfirmed: true },
    tags: { end_user_id: 'u_42', tn_nonce: `o.${n}`, tn_owner: 'unconfirmed' },
    createdAt: new Date(START + n).toISOString(),
    ...over,
  };
}

function play(events: RequestEvent[], state = begin(subject, 'o', START)): RequestState {
  return events.reduce((before, event) => step(before, event).state, state);
}

const read = (connections: Connection[], { hinted, now = START }: { hinted?: string; now?: number } = {}) =>
  ({ type: 'lookedUp', connections, hinted, now }) as const;
const listed = (connections: Connection[], now = START) => ({ type: 'listed', connections, now }) as const;
const confirmed = (n: number) => ({ type: 'ownerConfirmed', nonce: `o.${n}`, by: 'anna', now: START }) as const;
const refused = (n: number) => ({ type: 'ownerRefused', nonce: `o.${n}`, by: 'anna', now: START }) as const;
const nonces = (state: RequestState) => questionOf(state)?.unconfirmed?.map(({ nonce }) => nonce);

/** Somebody is waited for, who has clicked so often. */
const clicked = (clicks: number): RequestState =>
  play([joined, listed([]), ...Array.from({ length: clicks }, () => click)]);
/** The same, where the connection `c` is to be connected anew. */
const reconnecting = (clicks: number): RequestState => {
  const old = made(0, { connectionId: 'c', tags: { end_user_id: 'u_42' }, unconfirmed: undefined });
  const first: RequestEvent = { type: 'snapshot', snapshot: { connection: old, metadata: null }, now: START };
  const state = begin(subject, 'o', START, 'c');
  return play([joined, first, ...Array.from({ length: clicks }, () => click)], state);
};

test('what is not confirmed is shown, and found by no lookup', () => {
  const state = play([read([made(1)]), listed([made(1)])], clicked(1));
  expect([state.status, state.found]).toEqual(['waiting', undefined]);
  expect(questionOf(state)?.unconfirmed).toEqual([{ connectionId: 'c-1', nonce: 'o.1', since: START }]);
});

test('of another request, and of another integration, it is nothing to this one', () => {
  const others = [
    made(1, { tags: { end_user_id: 'u_42', tn_nonce: 'p.1', tn_owner: 'unconfirmed' } }),
    made(1, { integration: 'slack' }),
  ];
  expect(nonces(play([listed(others)], clicked(1)))).toBeUndefined();
});

test('the confirmed one is found once it is read again, and what others have made is extra at the end', () => {
  const state = play([listed([made(1), made(2)]), confirmed(2)], clicked(2));
  expect([state.found, state.confirmed]).toEqual([undefined, { nonce: 'o.2', by: 'anna', at: START }]);
  const accepting = play([read([made(2), made(1)], { hinted: 'c-2' })], state);
  expect(accepting).toMatchObject({ status: 'waiting', found: { connectionId: 'c-2' } });
  expect(nonces(accepting)).toEqual(['o.1']);
  const accepted: RequestEvent = { type: 'accepted', connection: made(2, { unconfirmed: undefined }), now: START };
  expect(play([accepted], accepting)).toMatchObject({ status: 'connected', extras: 1 });
});

test('of one link that has made several nobody can say which is the owner’s', () => {
  const other = made(1, { connectionId: 'other', createdAt: new Date(START - 1).toISOString() });
  const both = play([listed([made(1), other])], clicked(1));
  expect(both.unconfirmed).toMatchObject([{ nonce: 'o.1', connectionId: 'other', usedTwice: true }]);
  expect(() => checkConfirmation(both, { nonce: 'o.1', by: 'bert' })).toThrow('several connections');
  const late = play([listed([made(1)]), confirmed(1), read([made(1), other])], clicked(1));
  expect([late.status, late.found, late.confirmed]).toEqual(['waiting', undefined, undefined]);
  expect(late.unconfirmed).toMatchObject([{ nonce: 'o.1', usedTwice: true }]);
  const again = play([{ type: 'click', now: START }, listed([made(1), other, made(2)]), confirmed(2)], both);
  expect(play([read([made(2)])], again).found).toMatchObject({ connectionId: 'c-2' });
});

test('the first that is confirmed wins', () => {
  const state = play([listed([made(1), made(2)]), confirmed(1), confirmed(2)], clicked(2));
  expect(state.confirmed?.nonce).toBe('o.1');
  expect(() => checkOwnerStatement(state, { nonce: 'o.2', by: 'bert' })).toThrow('no question');
});

test('a confirmation of what bears another nonce by now, or has gone, is dropped, and the question stands', () => {
  const anew = (n: number) => made(n, { connectionId: 'c' });
  const state = play([read([anew(1)], { hinted: 'c' }), confirmed(1)], reconnecting(2));
  const overtaken = play([read([anew(2)], { hinted: 'c' })], state);
  expect([overtaken.status, overtaken.found, overtaken.confirmed]).toEqual(['waiting', undefined, undefined]);
  expect(nonces(overtaken)).toEqual(['o.2']);
  const gone = play([listed([made(1)]), confirmed(1), read([], { hinted: 'c-1' })], clicked(1));
  expect([gone.status, gone.confirmed]).toEqual(['waiting', undefined]);
  expect(nonces(gone)).toBeUndefined();
});

describe('while what is confirmed is being accepted', () => {
  const DAY = 86_400_000;
  const said = { ...confirmed(1), pauses: true } as const;
  const accepting = play([listed([made(1)]), said], clicked(1));

  test('it says so, and nobody is reminded, by time or by hand', () => {
    expect(questionOf(accepting)?.confirmed).toEqual({ nonce: 'o.1', by: 'anna', at: START });
    expect(isReminderDue(accepting, START + 30 * DAY)).toBe(false);
    expect(nextDue(accepting)).toBe(START + 1e9);
    expect(() => checkRemind(accepting, START)).toThrow('no question');
    const found = play([read([made(1)])], accepting);
    expect([found.found?.connectionId, questionOf(found)?.confirmed?.by]).toEqual(['c-1', 'anna']);
  });

  test.each<[string, number, number]>([
    ['later than a reminder was due', 2 * DAY, 3 * DAY],
    ['sooner', DAY / 2, DAY],
  ])('if it comes to nothing %s, the next reminder is the next that is due', (_, after, next) => {
    const now = START + after;
    const dropped = play([{ type: 'confirmationDropped', now }], play([read([made(1)])], accepting));
    expect(questionOf(dropped)?.confirmed).toBeUndefined();
    expect(nextDue(dropped)).toBe(START + next);
    expect(() => checkRemind(dropped, now)).not.toThrow();
  });

  test('of a request that was confirmed by an earlier version all is as it was', () => {
    const before = play([listed([made(1)]), confirmed(1)], clicked(1));
    expect([questionOf(before)?.confirmed, nextDue(before)]).toEqual([undefined, START + DAY]);
  });
});

test('what a reconnect has left in unknown hands is known after the end; what a link has made is nobody’s', () => {
  const end: RequestEvent = { type: 'decline', now: START };
  const anew = play([read([made(1, { connectionId: 'c' })]), refused(1), end], reconnecting(1));
  expect([anew.status, leftBehind(anew)]).toMatchObject(['declined', [{ connectionId: 'c', refusedBy: 'anna' }]]);
  expect(leftBehind(play([read([made(1)]), refused(1), end], clicked(1)))).toBeUndefined();
});

test('so is what was confirmed, if the request has ended before that was carried out', () => {
  const anew = made(1, { connectionId: 'c' });
  const end: RequestEvent = { type: 'decline', now: START };
  const ended = play([read([anew]), confirmed(1), read([anew], { hinted: 'c' }), end], reconnecting(1));
  expect([ended.status, leftBehind(ended)]).toEqual(['declined', [{ connectionId: 'c', nonce: 'o.1', since: START }]]);
});

test('what was to be accepted and bears another nonce can be confirmed once more', () => {
  const state = play([listed([made(1)]), confirmed(1), read([made(1)])], clicked(2));
  const dropped = play([{ type: 'confirmationDropped', now: START }], state);
  expect([dropped.found, dropped.confirmed]).toEqual([undefined, undefined]);
  expect(play([read([made(1)]), confirmed(1), read([made(1)])], dropped)).toMatchObject({ found: made(1) });
});

test('once another account is in question the next who connects can be confirmed', () => {
  const anew = (n: number, over = {}) => made(n, { connectionId: 'c', ...over });
  const accepting = play([read([anew(1)]), confirmed(1), read([anew(1)])], reconnecting(2));
  const change = { connection: anew(0, { tags: {}, unconfirmed: undefined }), recorded: 'anna', found: 'bert' };
  const questioned = play([{ type: 'accountChanged', ...change, now: START }], accepting);
  expect([questioned.accountChange?.found, questioned.confirmed]).toEqual(['bert', undefined]);
  const next = play([read([anew(2)], { hinted: 'c' }), confirmed(2), read([anew(2)])], questioned);
  expect(next.found?.tags.tn_nonce).toBe('o.2');
});

test('a list that does not have it yet forgets nothing; one of a minute later does', () => {
  const state = play([read([made(1)])], clicked(1));
  expect(nonces(play([listed([], START + 1)], state))).toEqual(['o.1']);
  expect(nonces(play([listed([], START + MINUTE)], state))).toBeUndefined();
});

test('one that somebody has refused can be confirmed as long as it is there', () => {
  const state = play([listed([made(1)]), refused(1)], clicked(1));
  expect(questionOf(state)?.unconfirmed).toMatchObject([{ refusedBy: 'anna' }]);
  expect(play([confirmed(1), read([made(1)])], state)).toMatchObject({ found: { connectionId: 'c-1' } });
});

describe('a link that somebody has refused stays refused', () => {
  const anew = (n: number) => made(n, { connectionId: 'c' });

  test('when it is used again after another link has connected the same connection', () => {
    const state = play([read([anew(1)]), refused(1), read([anew(2)])], reconnecting(2));
    expect(nonces(state)).toEqual(['o.2']);
    const again = play([read([anew(1)], { now: START + MINUTE })], state);
    expect(again.unconfirmed).toEqual([{ connectionId: 'c', nonce: 'o.1', since: START + MINUTE, refusedBy: 'anna' }]);
    // Somebody may have been wrong.
    expect(play([confirmed(1), read([anew(1)])], again).found).toEqual(anew(1));
  });

  test('when it makes another connection after what it had made was deleted', () => {
    const state = play([listed([made(1)]), refused(1), read([], { hinted: 'c-1' })], clicked(1));
    expect(nonces(state)).toBeUndefined();
    const again = play([listed([made(1, { connectionId: 'other' })])], state);
    expect(again.unconfirmed).toMatchObject([{ connectionId: 'other', nonce: 'o.1', refusedBy: 'anna' }]);
  });

  test('when it had to make room for others, and it does not take that back', () => {
    const most = Array.from({ length: MAX_LIVE_LINKS }, (_, i) => made(i + 1));
    const all = [...most, made(MAX_LIVE_LINKS + 1)];
    const full = play([listed(most), refused(3), listed(all)], clicked(MAX_LIVE_LINKS + 1));
    expect(play([listed(all)], full).unconfirmed).toBe(full.unconfirmed);
    const room = play([read([], { hinted: 'c-1' }), listed(all.slice(1))], full);
    expect(room.unconfirmed?.at(-1)).toMatchObject({ nonce: 'o.3', refusedBy: 'anna' });
  });

  test('and of so many links the latest are remembered', () => {
    const no = (n: number) => [listed([made(n)]), refused(n), read([], { hinted: `c-${n}` })];
    const links = Array.from({ length: MAX_REFUSED_LINKS + 1 }, (_, i) => no(i + 1));
    const state = play(links.flat(), clicked(MAX_REFUSED_LINKS + 1));
    expect(state.refused).toHaveLength(MAX_REFUSED_LINKS);
    expect(state.refused?.at(-1)).toEqual({ nonce: `o.${MAX_REFUSED_LINKS + 1}`, by: 'anna' });
  });
});

test('so many are kept: the refused make room first; and the latest are shown', () => {
  const most = Array.from({ length: MAX_LIVE_LINKS }, (_, i) => made(i + 1));
  const state = play([listed(most), refused(3), read([made(MAX_LIVE_LINKS + 1)])], clicked(MAX_LIVE_LINKS + 1));
  const kept = state.unconfirmed?.map(({ nonce }) => nonce);
  expect(kept).toHaveLength(MAX_LIVE_LINKS);
  expect(kept).not.toContain('o.3');
  expect(nonces(state)).toEqual(kept?.slice(-MAX_SHOWN_UNCONFIRMED));
});

test('while a connection is in unknown hands nobody has it as it is', () => {
  const state = reconnecting(1);
  expect(wantsAsItIs(state, { joinId: 'k' })).toBe(true);
  const taken = play([read([made(1, { connectionId: 'c' })])], state);
  expect(wantsAsItIs(taken, { joinId: 'k' })).toBe(false);
});

test('what works again by a reconnect that nobody has confirmed does not', () => {
  const failing = made(0, {
    connectionId: 'c',
    tags: { end_user_id: 'u_42' },
    unconfirmed: undefined,
    health: 'failing',
  });
  const snapshot: RequestEvent = { type: 'snapshot', snapshot: { connection: failing, metadata: null }, now: START };
  const waiting = play([joined, snapshot, click], begin(subject, 'o', START, 'c'));
  // By this request's link, and by another's.
  const tags = { end_user_id: 'u_42', tn_nonce: 'p.1', tn_owner: 'unconfirmed' };
  for (const again of [made(1, { connectionId: 'c' }), made(1, { connectionId: 'c', tags })]) {
    expect(play([read([again])], waiting).found).toBeUndefined();
  }
  expect(play([read([{ ...failing, health: 'ok' }])], waiting).found).toBeDefined();
});

test('at the end of a request all that nobody has confirmed is extra, but for the connection that was there before', () => {
  const decline: RequestEvent = { type: 'decline', now: START };
  expect(play([listed([made(1), made(2)]), decline], clicked(2))).toMatchObject({ status: 'declined', extras: 2 });
  const anew = made(1, { connectionId: 'c' });
  expect(play([read([anew]), decline], reconnecting(1))).toMatchObject({ status: 'declined', extras: 0 });
});
