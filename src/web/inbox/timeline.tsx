import type { Child } from 'hono/jsx';
import type { TimelineEvent } from '../../requests/timeline';
import { Said } from '../foreign';
import { INBOX } from '../texts';
import { When } from '../when';

const { events: words } = INBOX;

/** What happened to a request, oldest first. */
export function Timeline({ events }: { events: TimelineEvent[] }): Child {
  return (
    <ol class="timeline">
      {events.map((event) => (
        <li>
          <span class="quiet">
            <When at={event.at} />
          </span>{' '}
          <What {...event} />
        </li>
      ))}
    </ol>
  );
}

function What({ what, choice = 'no', until, by }: TimelineEvent): Child {
  return (
    <span>
      {what === 'decided' ? words[choice] : words[what]}
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
