import type { Child } from 'hono/jsx';
import { inboxTexts } from '../texts/current';
import { StatusBadge } from './badge';
import { Command } from './command';

/** Badges that a newcomer meets, in the order in which a request has them. */
const LEGEND = ['waiting', 'unconfirmed', 'operator'] as const;

/** In place of the list while nothing is open. @param ended how many requests Temporal knows that have ended */
export function FirstScreen({ ended }: { ended: number }): Child {
  const { list, first } = inboxTexts();
  return (
    <div class="card prose first-screen">
      <h2>{list.emptyTitle}</h2>
      {ended > 0 ? <p>{first.ended(ended)}</p> : <Purpose />}
      <h3>{ended > 0 ? first.another : first.begin}</h3>
      <p>{list.empty}</p>
      <Command command={list.emptyCommand} />
    </div>
  );
}

function Purpose(): Child {
  const { first } = inboxTexts();
  return (
    <>
      <p>{first.purpose}</p>
      <ul class="legend">
        {LEGEND.map((status) => (
          <li>
            <StatusBadge status={status} />
            <span>{first[status]}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
