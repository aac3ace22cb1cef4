import type { Child } from 'hono/jsx';
import type { TimelineEvent } from '../../requests/timeline';
import { foreign } from '../foreign';
import { Said } from '../said';
import { inboxTexts } from '../texts/current';
import { When } from '../when';
import { MARKS } from './badge';
import type { Mark } from './badge';
import { Icon } from './icon';

/** What changed how a request stands; all else that happened has a dot. */
const MARKED: { [what in TimelineEvent['what']]?: Mark } = {
  opened: MARKS.waiting,
  accountChanged: MARKS.operator,
  severalFound: MARKS.operator,
  notWidened: MARKS.operator,
  recreationOpened: MARKS.waiting,
  unconfirmed: MARKS.unconfirmed,
  ownerConfirmed: MARKS.connected,
  ownerRefused: MARKS.declined,
  connected: MARKS.connected,
  declined: MARKS.declined,
  timedOut: MARKS.timedOut,
  cancelled: MARKS.cancelled,
};

const DOT: Mark = { tone: 'quiet', shape: 'dot' };

/** What happened to a request, oldest first. */
export function Timeline({ events }: { events: TimelineEvent[] }): Child {
  return (
    <ol class="timeline card">
      {events.map((event) => (
        <li>
          <Point {...(MARKED[event.what] ?? DOT)} />
          <span class="quiet">
            <When at={event.at} />
          </span>
          <What {...event} />
        </li>
      ))}
    </ol>
  );
}

function Point({ tone, shape }: Mark): Child {
  return (
    <span class={`point ${tone}`}>
      <Icon shape={shape} />
    </span>
  );
}

function What({ what, choice = 'no', connectionId, until, by }: TimelineEvent): Child {
  const { events: words } = inboxTexts();
  return (
    <span>
      {connectionId !== undefined && what === 'decided' ? (
        <Said text={words.chosen(connectionId)} />
      ) : (
        wordsFor(what, choice)
      )}
      {connectionId !== undefined && what !== 'decided' && <Said text={`: ${foreign(connectionId)}`} />}
      {until !== undefined && (
        <>
          {' '}
          <When at={until} />
        </>
      )}
      {by !== undefined && <Said text={` ${words.by(by)}`} />}
    </span>
  );
}

function wordsFor(what: TimelineEvent['what'], choice: NonNullable<TimelineEvent['choice']>): string {
  const { events: words } = inboxTexts();
  if (what === 'scopesDecided') return choice === 'no' ? words.refused : words[choice];
  return what === 'decided' ? words[choice] : words[what];
}
