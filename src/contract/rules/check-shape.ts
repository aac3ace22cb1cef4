import { invalid } from '../errors';
import { MAX_TEMPORAL_NAME_BYTES } from '../limits';

/**
 * Rules for the form of what another program says, which no compiler has seen. Each throws `Nango.InvalidRequest` naming
 * the field, never its value.
 */

export function checkObject(value: unknown, field: string): asserts value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(field, 'must be an object');
}

/** Plain data with known fields only; what is undefined does not count, since JSON leaves it out. */
export function checkFields(
  value: unknown,
  field: string,
  known: readonly string[],
): asserts value is Record<string, unknown> {
  checkObject(value, field);
  const unknown = Object.keys(value).some((key) => !known.includes(key) && value[key] !== undefined);
  if (unknown) throw invalid(field, `must hold nothing but ${known.join(', ')}`);
}

export function checkList(value: unknown, field: string, most: number): asserts value is unknown[] {
  if (!Array.isArray(value)) throw invalid(field, 'must be a list');
  if (value.length > most) throw invalid(field, `must hold at most ${most}`);
}

export function checkOneOf<T extends string>(value: unknown, field: string, values: readonly T[]): asserts value is T {
  if (!values.some((one) => one === value)) throw invalid(field, `must be one of ${values.join(', ')}`);
}

/** A workflow id, run id, task queue: what Temporal takes for a name, counted in bytes of UTF-8. */
export function checkTemporalName(value: unknown, field: string): asserts value is string {
  if (typeof value !== 'string' || value.length === 0 || bytesOf(value) > MAX_TEMPORAL_NAME_BYTES) {
    throw invalid(field, `must be a text of 1 to ${MAX_TEMPORAL_NAME_BYTES} bytes`);
  }
}

export function checkFlag(value: unknown, field: string): asserts value is boolean | undefined {
  if (value !== undefined && typeof value !== 'boolean') throw invalid(field, 'must be true or false');
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
