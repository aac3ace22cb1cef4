import { InputSchema } from '../../src/activities/action-inputs/input-schema';
import type { Json } from '../../src/contract/types';
import type { JsonSchema } from '../../src/contract/types';

/** What is said of an input, as one line. */
function said(schema: JsonSchema, input: Json): string | undefined {
  const misfit = new InputSchema(schema).misfit(input);
  return misfit && `${misfit.place}: ${misfit.why}`;
}

const object = (properties: JsonSchema, more: JsonSchema = {}): JsonSchema => ({ type: 'object', properties, ...more });
const text = { type: 'string' };

test.each<[string, JsonSchema, Json, string | undefined]>([
  ['what fits', object({ a: text }), { a: 'x' }, undefined],
  ['another type', object({ a: text }), { a: 5 }, 'a: must be a text'],
  ['one of several types', object({ a: { type: ['string', 'null'] } }), { a: 5 }, 'a: must be a text or null'],
  ['the input itself', object({}), [], ': must be an object'],
  ['what is missing', object({ a: text }, { required: ['a'] }), {}, 'a: is required'],
  [
    'what is missing further down',
    object({ a: object({ b: text }, { required: ['b'] }) }),
    { a: {} },
    'a.b: is required',
  ],
  ['an item of a list', object({ a: { type: 'array', items: text } }), { a: ['x', 5] }, 'a.1: must be a text'],
  ['too much', object({ a: text, b: text }, { additionalProperties: false }), { c: 1 }, ': must hold nothing but a, b'],
  [
    'too much of nothing',
    object({}, { additionalProperties: false }),
    { c: 1 },
    ': has a property that its schema does not name',
  ],
  ['a multiple', object({ a: { multipleOf: 0.01 } }), { a: 19.99 }, undefined],
  ['a multiple, a large one', object({ a: { multipleOf: 0.01 } }), { a: 1_234_567.89 }, undefined],
  ['no multiple', object({ a: { multipleOf: 0.01 } }), { a: 19.995 }, 'a: must be a multiple of 0.01'],
  ['no multiple of an integer', object({ a: { multipleOf: 5 } }), { a: 12 }, 'a: must be a multiple of 5'],
  [
    'none of a list of values',
    object({ a: { enum: ['x', 'y'] } }),
    { a: 'z' },
    'a: must be one of the values that its schema lists',
  ],
  ['another than the value', object({ a: { const: 'x' } }), { a: 'z' }, 'a: must be the value that its schema names'],
  ['too small a number', object({ a: { minimum: 3 } }), { a: 2 }, 'a: must be >= 3'],
  ['too long a text', object({ a: { maxLength: 2 } }), { a: 'xyz' }, 'a: must be at most 2 characters'],
  ['too short a list', object({ a: { minItems: 2 } }), { a: [] }, 'a: must hold at least 2'],
  ['no match', object({ a: { pattern: '^x' } }), { a: 'y' }, 'a: must match the pattern of its schema'],
  ['no email', object({ a: { type: 'string', format: 'email' } }), { a: 'y' }, 'a: must be of the format email'],
  ['no time', object({ a: { format: 'date-time' } }), { a: 'y' }, 'a: must be of the format date-time'],
  ['a format that is not known', object({ a: { format: 'made-up' } }), { a: 'y' }, undefined],
  [
    'neither',
    object({ a: { anyOf: [text, { type: 'null' }] } }),
    { a: 5 },
    'a: must fit one of the alternatives of its schema',
  ],
  [
    'neither, and one of them further down',
    object({ a: { anyOf: [object({ zip: text }), { type: 'null' }] } }),
    { a: { zip: 5 } },
    'a.zip: must be a text',
  ],
  ['a keyword of which nothing is said', object({ a: { not: text } }), { a: 'x' }, 'a: does not fit its schema'],
  [
    'what its definitions say',
    { ...object({ a: { $ref: '#/definitions/A' } }), definitions: { A: object({ b: text }) } },
    { a: { b: 1 } },
    'a.b: must be a text',
  ],
  [
    'what refers to itself',
    { ...object({ a: { $ref: '#/definitions/A' } }), definitions: { A: object({ a: { $ref: '#/definitions/A' } }) } },
    { a: { a: { a: 5 } } },
    'a.a.a: must be an object',
  ],
  [
    'a tuple of the draft of 2020',
    { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [text] },
    [5],
    '0: must be a text',
  ],
])('%s', (_, schema, input, expected) => {
  expect(said(schema, input)).toBe(expected);
});

test('a key of the input that the schema does not name is data, and not said', () => {
  const map = object({ byPhone: { type: 'object', additionalProperties: text } });
  expect(said(map, { byPhone: { '447700900123': 5 } })).toBe('byPhone.*: must be a text');
  expect(said({ additionalProperties: text }, { '0': 5 })).toBe('*: must be a text');
});

test('what a schema calls things is said only if it looks like a name', () => {
  const name = 'x'.repeat(65);
  expect(said(object({ [name]: text }), { [name]: 5 })).toBe('*: must be a text');
  expect(said(object({ 'a\n': text }, { additionalProperties: false }), { b: 1 })).not.toContain('\n');
});

test('an input is left as it is', () => {
  const input = { a: '5' };
  const schema = object({ a: { type: 'number' }, b: { default: 1 } }, { additionalProperties: false });
  expect(said(schema, input)).toBe('a: must be a number');
  expect(input).toEqual({ a: '5' });
});

describe('a schema cannot hold up its process:', () => {
  test('a pattern that backtracks without end', () => {
    const schema = new InputSchema(object({ a: { type: 'string', pattern: '^(a+)+$' } }));
    expect(schema.misfit({ a: 'aaa' })).toBeUndefined();
    expect(() => schema.misfit({ a: `${'a'.repeat(60)}!` })).toThrow();
    expect(schema.misfit({ a: 'b' })).toMatchObject({ place: 'a' });
  });

  test('references that multiply', () => {
    const definitions: JsonSchema = { a60: text };
    for (let i = 0; i < 60; i++) {
      const next = { $ref: `#/definitions/a${i + 1}` };
      definitions[`a${i}`] = { allOf: [next, next] };
    }
    const hostile = (): unknown => new InputSchema({ $ref: '#/definitions/a0', definitions }).misfit('x');
    expect(hostile).toThrow();
  });

  test.each<[string, JsonSchema]>([
    ['one that refers to itself alone', { $ref: '#' }],
    [
      'two that refer to each other',
      { $ref: '#/definitions/a', definitions: { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } } },
    ],
  ])('%s', (_, schema) => {
    expect(() => new InputSchema(schema).misfit({})).toThrow();
  });

  test('one that is nested without end', () => {
    let nested: JsonSchema = {};
    for (let i = 0; i < 20_000; i++) nested = { not: nested };
    expect(() => new InputSchema(nested)).toThrow();
  });
});

test.each<[string, JsonSchema]>([
  ['a type that is none', { type: 'text' }],
  ['properties that are none', { properties: 5 }],
  ['a pattern that is none', { pattern: '(' }],
  ['another document', { $ref: 'https://example.com/contact.json' }],
  ['a file', { $ref: 'file:///etc/passwd' }],
  ['one that is checked later, by whose refusal nobody waits', { $async: true, type: 'object', required: ['a'] }],
  ['nothing', { $ref: '#/definitions/Gone' }],
])('no schema: %s', (_, schema) => {
  expect(() => new InputSchema(schema)).toThrow();
});

test('schemas of one id do not meet', () => {
  expect(said({ $id: 'https://example.com/a', type: 'string' }, 5)).toBe(': must be a text');
  expect(said({ $id: 'https://example.com/a', type: 'number' }, 5)).toBeUndefined();
});
