import { sha256Hex } from './request-id';

/** What tells one value from another, in hexadecimal: SHA-256 of it as JSON, the order of keys aside. */
export function jsonDigest(value: unknown): string {
  return sha256Hex(JSON.stringify(ordered(value)));
}

/** As JSON would hold it, the keys of each object in order: as a list, since an object puts some of them first. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return { fields: fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, ordered(field)]) };
}
