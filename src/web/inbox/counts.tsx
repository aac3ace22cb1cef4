import type { Child } from 'hono/jsx';
import type { OpenRequest } from '../../requests/list';
import { inboxTexts } from '../texts/current';
import { MARKS } from './badge';
import type { Filter } from './filter';
import { Icon } from './icon';
import { GROUPS, groupOf } from './shown-status';
import type { Group } from './shown-status';

interface CountsProps {
  /** all that are open */
  requests: OpenRequest[];
  filter: Filter;
  root: string;
}

/** How many need the operator, and how many wait for others; each is the way to those. */
export function Counts({ requests, filter, root }: CountsProps): Child {
  const { counts } = inboxTexts();
  const numberOf = (group: Group): number => requests.filter((request) => groupOf(request) === group).length;
  return (
    <nav class="counts" aria-label={counts.title}>
      <ul class="plain">
        {numberOf('operator') === 0 && (
          <li class="quiet">
            <Icon shape="check" />
            {counts.nothing}
          </li>
        )}
        {GROUPS.filter((group) => numberOf(group) > 0).map((group) => (
          <li>
            <Count group={group} n={numberOf(group)} isShown={filter.status === group} root={root} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Count({ group, n, isShown, root }: { group: Group; n: number; isShown: boolean; root: string }): Child {
  const { tone, shape } = MARKS[group];
  return (
    <a id={`count-${group}`} class={tone} href={`${root}?status=${group}`} aria-current={isShown ? 'true' : undefined}>
      <Icon shape={shape} />
      {inboxTexts().counts[group](n)}
    </a>
  );
}
