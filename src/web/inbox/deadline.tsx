import type { Child } from 'hono/jsx';
import { DAY_MS } from '../../contract/limits';
import { inboxTexts } from '../texts/current';
import { When } from '../when';
import { Icon } from './icon';
import { durationOf } from './words';

/** When less is left, it is seen at a glance. */
const NEAR_MS = DAY_MS;

/** How far a deadline is, and when it is. */
export function Deadline({ at, now }: { at?: number; now: number }): Child {
  const { list } = inboxTexts();
  if (at === undefined) return list.none;
  return (
    <>
      <Left at={at} now={now} />
      <span class="under">
        <When at={at} />
      </span>
    </>
  );
}

/** How far a deadline is; one that is near, or has passed, stands out. */
export function Left({ at, now }: { at: number; now: number }): Child {
  const { list } = inboxTexts();
  const left = at - now;
  const how = durationOf(Math.abs(left));
  if (left > NEAR_MS) return list.left(how);
  const passed = left <= 0;
  return (
    <span class={`due ${passed ? 'state-bad' : 'state-wait'}`}>
      <Icon shape="clock" />
      {passed ? list.passed(how) : list.left(how)}
    </span>
  );
}
