import type { Child } from 'hono/jsx';
import { INBOX } from '../texts';

export interface NavProps {
  root: string;
  /** the list that this page is */
  list?: 'requests' | 'bulk';
  /** how many bulk runs have not ended, where that is known */
  bulkRuns?: number;
}

/** The ways to the lists. */
export function Nav({ root, list, bulkRuns = 0 }: NavProps): Child {
  const { nav, title, bulk } = INBOX;
  return (
    <nav id="nav" data-live={list === undefined ? undefined : true} aria-label={nav}>
      <a id="to-requests" href={root} aria-current={list === 'requests' ? 'page' : undefined}>
        {title}
      </a>
      <a id="to-bulk" href={`${root}bulk`} aria-current={list === 'bulk' ? 'page' : undefined}>
        {bulkRuns === 0 ? bulk.title : bulk.titleOf(bulkRuns)}
      </a>
    </nav>
  );
}
