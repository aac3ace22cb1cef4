import { sha256Hex } from '../../contract/request-id';
import type { Json } from '../../contract/types';

/** Enough of a hash to tell cursors apart. */
const HASH_CHARS = 16;
/** They are handed on when a run continues as new, in some 400 KB. */
const MOST = 20_000;

/**
 * Remembers where a source has led to, the last 20,000 places: one that leads back would never end, and repeat its writes.
 *
 * @returns false for a cursor that was there before
 */
export function addCursor(seen: string[], cursor: Json): boolean {
  const hash = sha256Hex(JSON.stringify(cursor)).slice(0, HASH_CHARS);
  if (seen.includes(hash)) return false;
  seen.push(hash);
  if (seen.length > MOST) seen.shift();
  return true;
}
