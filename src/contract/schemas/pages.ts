import { z } from 'zod';
import { connectionRefSchema } from './connections';
import { jsonSchema } from './json';

/**
 * Places in a body: a JSON pointer (`/paging/next/after`), or with dots, as Nango's own configurations are written
 * (`paging.next.after`); a key that itself holds the dots wins.
 */
const placeSchema = z.string();

const paramSchema = z.string().min(1).max(255);

const pageOptions = {
  /** where the items are; default: the body is the list */
  itemsPath: placeSchema.optional(),
  /** query parameter that sets how many items a page has */
  limitParam: paramSchema.optional(),
};

/** How a provider hands out a list in pages. */
export const paginationSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('cursor'),
    /** where the next cursor is; the last page has none */
    cursorPath: placeSchema,
    cursorParam: paramSchema,
    ...pageOptions,
  }),
  z.strictObject({
    type: z.literal('link'),
    /** where in the body the link to the next page is; default: in the `Link` header, which Nango may drop */
    linkPath: placeSchema.optional(),
    /** in the `Link` header; default `next` */
    linkRel: z.string().optional(),
    ...pageOptions,
  }),
  z.strictObject({
    type: z.literal('offset'),
    offsetParam: paramSchema,
    /** what is counted */
    by: z.enum(['items', 'page']),
    /** of the first page; default 0 */
    start: z.int().min(0).optional(),
    ...pageOptions,
  }),
]);

export const pageInputSchema = z.strictObject({
  connection: connectionRefSchema.extend({ provider: z.string().optional() }),
  endpoint: z.string(),
  paginate: paginationSchema.optional(),
  limit: z.int().min(1).optional(),
  /** of the page before; absent: the first page */
  next: z.string().optional(),
  pick: z.array(z.string()).optional(),
});

/** One page, and what leads to the one after it: opaque, safe to store; the last page has none. */
export const pageSchema = z.object({ items: z.array(jsonSchema), next: z.string().optional() });
