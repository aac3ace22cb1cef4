import { MAX_SHOWN_CANDIDATES_BYTES } from '../../src/contract/limits';
import { TAG } from '../../src/contract/names';
import { choiceMark } from '../../src/contract/request-id';
import { candidates, choose, shownCandidates, withScopes } from '../../src/contract/rules/choose';
import { jsonBytes } from '../../src/contract/rules/json';
import type { Connection, Tags } from '../../src/contract/types';

const subject = { owner: { endUser: { id: 'u_42' } } };
const mark = choiceMark(subject);

function connection(connectionId: string, tags: Tags = {}, minute = 0): Connection {
  const createdAt = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  return { integration: 'hubspot', connectionId, provider: 'hubspot', tags, createdAt, health: 'ok' };
}

const berlin = connection('a', { place: 'berlin' });
const paris = connection('b', { place: 'paris' });
const chosen = connection('c', { place: 'rome', [TAG.chosen]: `0000000000000000 ${mark}` });

test.each<[string, Connection[], Tags | undefined, string | string[] | undefined]>([
  ['none', [], undefined, undefined],
  ['one, whatever its tags', [berlin], { place: 'paris' }, 'a'],
  ['several', [berlin, paris], undefined, ['a', 'b']],
  ['several, one of which was chosen', [berlin, paris, chosen], undefined, 'c'],
  ['several, and the caller names one', [berlin, paris, chosen], { place: 'paris' }, 'b'],
  ['several, and the caller names what none has', [berlin, paris, chosen], { place: 'oslo' }, ['a', 'b', 'c']],
  ['several, and the caller names more than one has', [berlin, paris], { place: 'paris', team: 'red' }, ['a', 'b']],
  [
    'several, and the caller names two',
    [berlin, connection('d', { place: 'paris' }), paris],
    { place: 'paris' },
    ['d', 'b'],
  ],
  [
    'several, and the caller names two, of which one was chosen',
    [berlin, paris, connection('d', { place: 'paris', [TAG.chosen]: mark })],
    { place: 'paris' },
    'd',
  ],
  ['several, two of which were chosen', [chosen, connection('d', { [TAG.chosen]: mark })], undefined, ['c', 'd']],
  [
    'several, one of which was chosen for others',
    [berlin, connection('d', { [TAG.chosen]: 'f' })],
    undefined,
    ['a', 'd'],
  ],
  ['a tag of the name of a method', [berlin, paris], { constructor: 'x' }, ['a', 'b']],
  [
    'one link made two, and another one',
    [connection('d', { [TAG.nonce]: 'o.1' }), connection('e', { [TAG.nonce]: 'o.2' }, 1), berlin],
    undefined,
    ['d', 'a'],
  ],
])('%s', (_, connections, tag, expected) => {
  const choice = choose(connections, subject, tag && { tag });
  if (choice.kind === 'one') expect(choice.connection.connectionId).toBe(expected);
  else if (choice.kind === 'several') expect(choice.connections.map((one) => one.connectionId)).toEqual(expected);
  else expect(expected).toBeUndefined();
});

test('a mark is for one owner and slot', () => {
  const owners = [
    { owner: {} },
    { owner: { endUser: { id: 'u' } } },
    { owner: { endUser: { id: 'u' } }, slot: 's' },
    { owner: { endUser: { id: 'u/s' } } },
    { owner: { organization: { id: 'u' } } },
    { owner: { endUser: { id: 'u' }, organization: { id: 'u' } } },
  ];
  expect(new Set(owners.map(choiceMark)).size).toBe(owners.length);
  // They stand on connections: they are for ever.
  expect([mark, choiceMark({ ...subject, slot: 's/t' })]).toEqual(['99364929f6e685ba', '90524dcf262886cf']);
});

test('what tells them apart: no tag that is the same on all, none of ours that says nothing, the account by itself', () => {
  const all = [
    connection('a', { team: 'red', place: 'berlin', [TAG.account]: 'ann', [TAG.nonce]: 'o.1' }),
    connection('b', { team: 'red', place: 'paris', [TAG.chosen]: 'x', [TAG.nonce]: 'p.1' }),
  ];
  expect(candidates(all)).toEqual([
    { connectionId: 'a', createdAt: all[0]?.createdAt, tags: { place: 'berlin' }, health: 'ok', account: 'ann' },
    { connectionId: 'b', createdAt: all[1]?.createdAt, tags: { place: 'paris' }, health: 'ok', account: undefined },
  ]);
});

test('scopes are shown where they differ, and where some are unknown', () => {
  const all = candidates([berlin, paris]);
  const granted = (scopes: { [id: string]: string[] }) => withScopes(all, scopes).map((one) => one.grantedScopes);
  expect(granted({ a: ['x', 'y'], b: ['y', 'x'] })).toEqual([undefined, undefined]);
  expect(granted({ a: ['x'], b: ['y'] })).toEqual([['x'], ['y']]);
  expect(granted({ b: ['y'] })).toEqual([undefined, ['y']]);
  expect(granted({})).toEqual([undefined, undefined]);
});

test('a memo stays small: twenty are shown, with as much of their tags as there is room for', () => {
  const tags = (n: number): Tags =>
    Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`tag${i}`, `${n}${'ü'.repeat(254)}`]));
  const many = Array.from({ length: 50 }, (_, n) => connection(`id-${n}`.padEnd(36, 'x'), tags(n), n));
  const shown = shownCandidates(
    withScopes(candidates(many), { [many[0]!.connectionId]: Array(2_000).fill('s') as string[] }),
  );
  expect(shown).toHaveLength(20);
  expect(shown[0]?.connectionId).toBe(many[0]?.connectionId);
  const bare = shown.map(({ connectionId, createdAt, health }) => ({ connectionId, createdAt, health, tags: {} }));
  expect(jsonBytes(shown)).toBeLessThanOrEqual(jsonBytes(bare) + 2 * MAX_SHOWN_CANDIDATES_BYTES);
  // Of few there is room for all that tells them apart.
  expect(shownCandidates(candidates([berlin, paris]))).toEqual(candidates([berlin, paris]).map((one) => one));
});
