import { partOf } from '../../src/contract/part-of';
import type { Json } from '../../src/contract/types';

const data: Json = { results: [{ id: '1', name: null }], '/total': 3, length: 1 };

test.each([
  [['results', 0, 'id'], '1'],
  [['results', 0, 'name'], null],
  [['/total'], 3],
  [['length'], 1],
  [[], data],
  [['results', 1, 'id'], undefined],
  [['results', -1], undefined],
  [['results', 'length'], undefined],
  [['results', '0'], undefined],
  [['results', 0, 'id', 'length'], undefined],
  [['results', 0, 'name', 'x'], undefined],
  [['constructor', 'name'], undefined],
  [['__proto__'], undefined],
] as [(string | number)[], unknown][])('%j leads to %j', (keys, part) => {
  expect(partOf(data, ...keys)).toEqual(part);
});

test.each([undefined, null, true, 0, '', 'text', []])('nothing in %j is an error', (value) => {
  expect(partOf(value, 'a', 0)).toBeUndefined();
});
