import type { Child } from 'hono/jsx';
import type { UnconfirmedConnection } from '../../contract/types';
import { Said } from '../said';
import { publicTexts } from '../texts/current';

/** What everybody may know who sees the page: somebody has connected, and it does not count. */
export function Unconfirmed({
  unconfirmed = [],
  name,
}: {
  unconfirmed?: UnconfirmedConnection[];
  name: string;
}): Child {
  if (unconfirmed.length === 0) return null;
  const { waiting, refused, usedTwice } = publicTexts().owner;
  const open = unconfirmed.filter(({ refusedBy }) => refusedBy === undefined);
  const isUsedTwice = open.every((one) => one.usedTwice);
  const { title, text, hint } = open.length === 0 ? refused : isUsedTwice ? usedTwice : waiting;
  return (
    <section class="card warning" aria-labelledby="unconfirmed">
      <h2 id="unconfirmed" class="state-wait">
        {title}
      </h2>
      <p>
        <Said text={text(name)} />
      </p>
      <p>{hint}</p>
    </section>
  );
}
