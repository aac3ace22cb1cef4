import type { ValueSchema } from '../types';

/** Longer ones, and such with other characters, are no names that a schema gave. */
const NAME = /^[\w$-]{1,64}$/;

/**
 * Has a schema of the caller's read a value.
 *
 * @param schema default: the value is what it is
 * @param refuse makes the failure, of where the value does not fit, and why, in our own words
 */
export function readValue(
  schema: ValueSchema<never, unknown> | ValueSchema<unknown, unknown> | undefined,
  value: unknown,
  refuse: (place: string[], why: string) => Error,
): unknown {
  if (schema === undefined) return value;
  const read = schema['~standard'].validate(value);
  if ('then' in read) throw refuse([], 'has a schema that does not read it at once');
  if (read.issues === undefined) return read.value;
  const path = read.issues[0]?.path ?? [];
  const keys = path.map((part) => (typeof part === 'object' ? part.key : part));
  throw refuse(keys.map(nameOf), 'does not fit its schema');
}

/** Of a key that may be data. */
function nameOf(key: PropertyKey): string {
  return typeof key === 'number' || (typeof key === 'string' && NAME.test(key)) ? String(key) : '*';
}
