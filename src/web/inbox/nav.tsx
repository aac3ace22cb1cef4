import type { Child } from 'hono/jsx';
import { inboxTexts } from '../texts/current';

export interface NavProps {
  root: string;
  /** the list that this page is */
  list?: 'requests' | 'bulk' | 'setUps';
  /** how many bulk runs have not ended, where that is known */
  bulkRuns?: number;
  /** how many integrations wait to be set up, where that is known */
  setUps?: number;
}

/** The ways to the lists. */
export function Nav({ root, list, bulkRuns = 0, setUps = 0 }: NavProps): Child {
  const { nav, title, bulk, setUps: words } = inboxTexts();
  return (
    <nav id="nav" data-live={list === undefined ? undefined : true} aria-label={nav}>
      <a id="to-requests" href={root} aria-current={list === 'requests' ? 'page' : undefined}>
        {title}
      </a>
      <a id="to-bulk" href={`${root}bulk`} aria-current={list === 'bulk' ? 'page' : undefined}>
        {bulkRuns === 0 ? bulk.title : bulk.titleOf(bulkRuns)}
      </a>
      <a id="to-set-ups" href={`${root}set-ups`} aria-current={list === 'setUps' ? 'page' : undefined}>
        {setUps === 0 ? words.title : words.titleOf(setUps)}
      </a>
    </nav>
  );
}
