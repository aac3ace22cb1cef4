import { z } from 'zod';
import { wireEndpoint } from '../../contract/rules/endpoint';
import { invalid } from '../../contract/errors';
import type { Pagination } from '../../contract/types';

/** Where a page begins; the first page has none. */
export type PageState = z.infer<typeof stateSchema>;

const stateSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('cursor'), cursor: z.string().min(1) }),
  z.strictObject({ type: z.literal('offset'), offset: z.int().min(0) }),
  /** path and query below the provider's base URL */
  z.strictObject({ type: z.literal('link'), endpoint: z.string() }),
]);

/** A place as text that may be stored anywhere. */
export function encodeState(state: PageState): string {
  return Buffer.from(JSON.stringify(state)).toString('base64url');
}

/**
 * The place again. It comes from outside, so what it may say is what a caller may say.
 *
 * @throws Nango.InvalidRequest naming `from`
 */
export function decodeState(next: string, type: Pagination['type']): PageState {
  const parsed = stateSchema.safeParse(parse(next));
  if (!parsed.success) throw invalid('from', 'must be what a page gave');
  if (parsed.data.type !== type) throw invalid('from', `must be of a list by ${type}`);
  if (parsed.data.type === 'link') wireEndpoint(parsed.data.endpoint, 'from');
  return parsed.data;
}

function parse(next: string): unknown {
  try {
    return JSON.parse(Buffer.from(next, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
