import type { Json } from './types';

/**
 * A part of a response, by the names of fields and positions in lists that lead to it; undefined where there is none.
 * Unlike `data.a.b` it never throws, whatever the response is.
 *
 * @example
 * ```ts
 * partOf(contact, 'properties', 'firstname');
 * partOf(page, '/results'); // what `pick: ['/results']` has left
 * ```
 */
export function partOf(data: Json | undefined, ...keys: (string | number)[]): Json | undefined {
  let part = data;
  for (const key of keys) {
    if (typeof key !== 'string' && typeof key !== 'number') return undefined;
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return undefined;
    // A list has no fields of its own but its length, which nobody means.
    if (Array.isArray(part) && typeof key === 'string') return undefined;
    part = (part as { [key: string]: Json })[key];
  }
  return part;
}
