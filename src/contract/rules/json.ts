import { invalid } from '../errors';
import { MAX_PAYLOAD_BYTES } from '../limits';

const MAX_JSON_DEPTH = 500;

const encoder = new TextEncoder();

/** A value that JSON holds without loss and that may enter a history. @returns its bytes as JSON */
export function checkJson(value: unknown, field: string): number {
  if (value === undefined) return 0;
  checkJsonValue(value, field, new Set());
  const bytes = jsonBytes(value);
  if (bytes > MAX_PAYLOAD_BYTES) throw invalid(field, `must be at most ${MAX_PAYLOAD_BYTES} bytes as JSON`);
  return bytes;
}

/** Bytes of a value as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value) ?? '').length;
}

function checkJsonValue(value: unknown, field: string, parents: Set<object>): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value !== 'object') throw invalid(field, 'must be JSON: no undefined, function, symbol, bigint or NaN');
  if (parents.has(value)) throw invalid(field, 'must be JSON: it contains itself');
  if (parents.size >= MAX_JSON_DEPTH) throw invalid(field, 'is nested too deeply');
  if (!Array.isArray(value) && !isPlainObject(value))
    throw invalid(field, 'must be JSON: plain objects and arrays only');
  // Whoever copies it key by key sets the copy's prototype with it: it would be gone without a word.
  if (Object.hasOwn(value, '__proto__')) throw invalid(field, 'must not have a key __proto__');
  parents.add(value);
  for (const item of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
    if (item === undefined && !Array.isArray(value)) continue;
    checkJsonValue(item, field, parents);
  }
  parents.delete(value);
}

/** By prototype chain, not identity: the sandbox, jest and the host each have an `Object` of their own. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
