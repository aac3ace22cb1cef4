import type { Child } from 'hono/jsx';
import type { OpenSetUp } from '../../requests/set-ups/list';
import { Logo } from '../logo';
import { Foreign } from '../said';
import { inboxTexts } from '../texts/current';
import { When } from '../when';
import { setUpPath } from '../../requests/inbox-page';
import { SetUpBadge } from './badge';
import { EmptyList } from './empty-list';
import { Deadline } from './deadline';
import { durationOf, MAX_SHOWN } from './words';

interface SetUpListProps {
  /** those that have not ended, in order */
  open: OpenSetUp[];
  root: string;
  now: number;
}

/** The integrations that wait to be set up. */
export function SetUpList({ open, root, now }: SetUpListProps): Child {
  const { setUps } = inboxTexts();
  if (open.length === 0) {
    return <EmptyList title={setUps.emptyTitle} text={setUps.empty} command={setUps.emptyCommand} />;
  }
  return (
    <table class="cards">
      <caption>{setUps.caption(open.length)}</caption>
      <thead>
        <tr>
          <th scope="col">{setUps.status}</th>
          <th scope="col">{setUps.integration}</th>
          <th scope="col">{setUps.provider}</th>
          <th scope="col">{setUps.waiting}</th>
          <th scope="col">{setUps.deadline}</th>
          <th scope="col">{setUps.subscribers}</th>
        </tr>
      </thead>
      <tbody>
        {open.slice(0, MAX_SHOWN).map((setUp) => (
          <Row setUp={setUp} root={root} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ setUp, root, now }: { setUp: OpenSetUp; root: string; now: number }): Child {
  const { setUps } = inboxTexts();
  const { view, startedAt } = setUp;
  const since = view.question?.since ?? startedAt.getTime();
  const path = setUpPath(setUp);
  return (
    <tr class={view.status === 'waiting' ? 'first' : undefined}>
      <td class="status">
        <SetUpBadge status={view.status} />
      </td>
      <th scope="row">
        <div class="with-logo">
          <Logo face={{ name: view.integration }} root={root} />
          <a id={path} href={`${root}${path}`}>
            <Foreign text={view.integration} />
          </a>
        </div>
      </th>
      <td class="name" data-label={setUps.provider}>
        <Foreign text={view.provider} />
      </td>
      <td class="half" data-label={setUps.waiting}>
        {durationOf(now - since)}
        <span class="under">
          <When at={since} />
        </span>
      </td>
      <td class="half" data-label={setUps.deadline}>
        <Deadline at={view.question?.deadline} now={now} />
      </td>
      <td data-label={setUps.subscribers}>{view.subscribers}</td>
    </tr>
  );
}
