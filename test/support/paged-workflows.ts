import { condition, continueAsNew, defineQuery, defineSignal, setHandler } from '@temporalio/workflow';
import { nango } from '../../src/workflow';
import type { ActionOptions, Call, ConnectionRef, Json, Outcome, Page, PagingOptions } from '../../src/workflow';

/** Workflows about lists and async actions, on the user's queue. */

type Paged = ConnectionRef & { provider?: string };

export async function act(connection: ConnectionRef, name: string, input: Json, options: ActionOptions): Promise<Json> {
  return await nango.action(connection, name, input, options);
}

/** The deadline is told as a span: a test does not know a skipped clock. */
export async function actWithin(
  connection: ConnectionRef,
  name: string,
  ms: number,
  options: ActionOptions = {},
): Promise<Json> {
  return await nango.action(connection, name, {}, { ...options, async: true, deadline: Date.now() + ms });
}

export async function fanOutAll(connection: ConnectionRef, calls: Call[]): Promise<Outcome[]> {
  return await nango.fanOut(connection, calls);
}

export async function readAll(connection: Paged, endpoint: string, options?: PagingOptions): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of nango.paginate(connection, endpoint, options)) pages.push(page);
  return pages;
}

/** A list too long for a result. */
export async function countAll(
  connection: Paged,
  endpoint: string,
  options?: PagingOptions,
): Promise<{ items: number; pages: number }> {
  let items = 0;
  let pages = 0;
  for await (const page of nango.paginate(connection, endpoint, options)) {
    items += page.items.length;
    pages++;
  }
  return { items, pages };
}

/** Two pages a run, then the next run goes on where this one was. */
export async function readInRuns(
  connection: Paged,
  endpoint: string,
  options: PagingOptions,
  before: Json[] = [],
): Promise<Json[]> {
  const items = [...before];
  let pages = 0;
  for await (const page of nango.paginate(connection, endpoint, options)) {
    items.push(...page.items);
    if (++pages === 2 && page.next !== undefined) {
      await continueAsNew<typeof readInRuns>(connection, endpoint, { ...options, from: page.next }, items);
    }
  }
  return items;
}

export const nextPage = defineSignal('nextPage');
export const pagesRead = defineQuery<number>('pagesRead');

/** Reads a page each time it is told to, so that a test can act in between. */
export async function readOnSignal(connection: Paged, endpoint: string, options?: PagingOptions): Promise<Json[]> {
  const items: Json[] = [];
  let wanted = 1;
  let read = 0;
  setHandler(nextPage, () => void wanted++);
  setHandler(pagesRead, () => read);
  for await (const page of nango.paginate(connection, endpoint, options)) {
    items.push(...page.items);
    read++;
    if (page.next !== undefined) await condition(() => wanted > read);
  }
  return items;
}
