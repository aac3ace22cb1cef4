import type { JsonSchema } from '../../contract/types';
import { ALTERNATIVES } from './clean-schema';

/**
 * Whether a type would be made of itself, as in `type A = A | null`, which is none. Through a property or an item a type may
 * refer to itself.
 *
 * @param schema as `cleanSchema` gives it
 */
export function isCircular(schema: JsonSchema): boolean {
  const definitions = (schema.definitions ?? {}) as { [name: string]: JsonSchema };
  const types = new Map([
    ['#', schema],
    ...Object.entries(definitions).map(([name, one]) => [`#/definitions/${name}`, one] as const),
  ]);
  const open = new Set<string>();
  const known = new Set<string>();
  const leadsBack = (ref: string): boolean => {
    if (open.has(ref)) return true;
    if (known.has(ref)) return false;
    open.add(ref);
    const found = partsOf(types.get(ref) ?? {}).some(leadsBack);
    open.delete(ref);
    known.add(ref);
    return found;
  };
  return [...types.keys()].some(leadsBack);
}

/** The references that a type is made of. */
function partsOf({ $ref, ...schema }: JsonSchema): string[] {
  if (typeof $ref === 'string') return [$ref];
  return ALTERNATIVES.flatMap((keyword) => (schema[keyword] ?? []) as JsonSchema[]).flatMap(partsOf);
}
