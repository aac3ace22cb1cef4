import { z } from 'zod';
import { readValue } from '../../src/contract/rules/read-value';
import type { ValueSchema } from '../../src/contract/types';
import { defineAction } from '../../src/workflow';
import type { ConnectionRef } from '../../src/workflow';

const refuse = (place: string[], why: string): Error => new Error(`${place.join('.')}: ${why}`);

test('without a schema a value is what it is, with one it is what the schema reads', () => {
  expect(readValue(undefined, 5, refuse)).toBe(5);
  expect(readValue(z.object({ at: z.string().transform(Number) }), { at: '5' }, refuse)).toEqual({ at: 5 });
});

test.each<[string, z.ZodType, unknown, string]>([
  ['where it is wrong', z.object({ a: z.array(z.object({ b: z.number() })) }), { a: [{ b: 'x' }] }, 'a.0.b'],
  ['the value itself', z.number(), 'x', ''],
  ['but no key that is data', z.record(z.string(), z.number()), { 'ann@example.com': 'x' }, '*'],
])('a refusal says %s', (_, schema, value, place) => {
  expect(() => readValue(schema, value, refuse)).toThrow(`${place}: does not fit its schema`);
});

test('a schema that reads later than at once is refused', () => {
  const later = z.string().refine(() => Promise.resolve(true));
  const slow: ValueSchema<string, string> = {
    '~standard': { validate: (value) => Promise.resolve(later.safeParseAsync(value).then(() => ({ value: 'x' }))) },
  };
  expect(() => readValue(slow, 'x', refuse)).toThrow('has a schema that does not read it at once');
});

test('the types of an action are those of its schemas', () => {
  const input = z.object({ email: z.string(), at: z.string().transform(Number) });
  const create = defineAction({ integration: 'crm', name: 'create', input, output: z.object({ id: z.string() }) });
  const typed = async (crm: ConnectionRef): Promise<string> => {
    // @ts-expect-error something is missing
    create.call({ email: 'a' });
    // @ts-expect-error it is given as a text
    create.call({ email: 'a', at: 5 });
    return (await create(crm, { email: 'a', at: '5' })).id;
  };
  expect(typed).toBeInstanceOf(Function);
  expect(create.call({ email: 'a', at: '5' })).toEqual({ action: 'create', input: { email: 'a', at: 5 } });
  expect({ ...create }).toMatchObject({ integration: 'crm', name: 'create' });
});
