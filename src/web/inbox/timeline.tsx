import type { Child } from 'hono/jsx';
import type { Happening } from '../../requests/timeline';
import { Said } from '../foreign';
import { INBOX } from '../texts';
import { When } from '../when';

const { happened } = INBOX;

/** What happened to a request, oldest first. */
export function Timeline({ happenings }: { happenings: Happening[] }): Child {
  return (
    <ol class="timeline">
      {happenings.map((happening) => (
        <li>
          <span class="quiet">
            <When at={happening.at} />
          </span>{' '}
          <What {...happening} />
        </li>
      ))}
    </ol>
  );
}

function What({ what, answer = 'no', until, by }: Happening): Child {
  return (
    <span>
      {what === 'answered' ? happened[answer] : happened[what]}
      {until !== undefined && (
        <>
          {' '}
          <When at={until} />
        </>
      )}
      {by !== undefined && <Said text={` ${happened.by(by)}`} />}
    </span>
  );
}
