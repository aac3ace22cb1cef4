import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { show } from '../layout';
import { Frame } from './frame';
import type { NavProps } from './nav';
import type { InboxEnv } from './operator';
import type { InboxPlace } from './place';
import { rootOf } from './root';

/** Responds with a page of the inbox. @param nav of a list: which it is */
export function showPage(
  c: Context<InboxEnv>,
  { canSignOut }: InboxPlace,
  title: string,
  content: Child,
  nav: Omit<NavProps, 'root'> = {},
): Response {
  const frame = { title, root: rootOf(c), operator: c.var.operator, canSignOut, ...nav };
  return show(c, <Frame {...frame}>{content}</Frame>);
}
