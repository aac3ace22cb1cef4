import type { Child } from 'hono/jsx';
import type { ListedBulkRun } from '../../bulk/list';
import type { BulkProgress } from '../../contract/types';
import { Foreign, Said } from '../said';
import { inboxTexts } from '../texts/current';
import { When } from '../when';
import { BulkBadge } from './badge';
import { BulkActions } from './bulk-actions';
import { bulkPathOf } from './address';
import { EmptyList } from './empty-list';
import { durationOf, MAX_SHOWN, numberOf } from './words';

interface BulkListProps {
  /** those that have not ended, in order */
  runs: ListedBulkRun[];
  root: string;
  now: number;
}

/** The bulk runs that have not ended; a cell that does not apply is empty. */
export function BulkList({ runs, root, now }: BulkListProps): Child {
  const { bulk } = inboxTexts();
  if (runs.length === 0) return <EmptyList title={bulk.emptyTitle} text={bulk.empty} command={bulk.emptyCommand} />;
  return (
    <table class="cards">
      <caption>
        {bulk.caption(bulk.count(runs.length))}
        {runs.length > MAX_SHOWN && ` ${bulk.bounded(MAX_SHOWN, runs.length)}`}
      </caption>
      <thead>
        <tr>
          <th scope="col">{bulk.run}</th>
          <th scope="col">{bulk.connection}</th>
          <th scope="col">{bulk.status}</th>
          <th scope="col">{bulk.done}</th>
          <th scope="col">{bulk.failed}</th>
          <th scope="col">{bulk.begun}</th>
          <th scope="col">{bulk.ends}</th>
          <th scope="col">{bulk.action}</th>
        </tr>
      </thead>
      <tbody>
        {runs.slice(0, MAX_SHOWN).map((run) => (
          <Row run={run} root={root} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ run, root, now }: { run: ListedBulkRun; root: string; now: number }): Child {
  const { bulk } = inboxTexts();
  const { progress } = run;
  const { connection, begunAt } = progress;
  const path = bulkPathOf(run);
  return (
    <tr>
      <th scope="row" id={path}>
        <Foreign text={run.id} />
      </th>
      <td class="name" data-label={bulk.connection}>
        <Said text={bulk.connectionOf(connection.integration, connection.connectionId)} />
      </td>
      <td data-label={bulk.status}>
        <Status {...progress} />
      </td>
      <td data-label={bulk.done}>
        <DoneOf {...progress} />
      </td>
      <td data-label={bulk.failed}>
        <Failed {...progress} />
      </td>
      <td data-label={bulk.begun}>
        <When at={begunAt} />
      </td>
      <td data-label={bulk.ends}>
        <End {...progress} now={now} />
      </td>
      <td>
        <BulkActions status={progress.status} way={`${root}${path}`} row={path} />
      </td>
    </tr>
  );
}

function Status({ status, by, waitsFor }: BulkProgress): Child {
  const { bulk } = inboxTexts();
  return (
    <>
      <BulkBadge status={status} /> {by !== undefined && <Said text={inboxTexts().events.by(by)} />}
      {waitsFor !== undefined && (
        <span class="under">
          <span class={waitsFor === 'sink' ? 'state-wait' : undefined}>{bulk.waits[waitsFor]}</span>
        </span>
      )}
    </>
  );
}

/** Calls that an earlier run has made count too: they are over. A run that is held up has no rate. */
function DoneOf({ status, done, skipped, total, rate, waitsFor }: BulkProgress): Child {
  const { bulk } = inboxTexts();
  const over = done + skipped;
  return (
    <>
      {total === undefined ? numberOf(over) : bulk.doneOf(numberOf(over), numberOf(total))}
      {status === 'running' && waitsFor !== 'sink' && (
        <span class="quiet">{`, ${bulk.perSecond(numberOf(rate))}`}</span>
      )}
      {total !== undefined && <progress aria-hidden="true" value={over} max={total} />}
    </>
  );
}

/** Most frequent first. */
function Failed({ failed, unknown }: BulkProgress): Child {
  const { bulk } = inboxTexts();
  const types = Object.entries(failed).toSorted(([, a], [, b]) => b - a);
  if (types.length === 0 && unknown === 0) return bulk.none;
  return (
    <ul class="plain state-bad">
      {types.map(([type, n]) => (
        <li>
          <Said text={bulk.failedOf(type, numberOf(n))} />
        </li>
      ))}
      {unknown > 0 && <li>{bulk.unknown(numberOf(unknown))}</li>}
    </ul>
  );
}

function End({ endsAt, now }: BulkProgress & { now: number }): Child {
  const { list } = inboxTexts();
  if (endsAt === undefined) return null;
  return (
    <>
      {list.left(durationOf(endsAt - now))}{' '}
      <span class="under">
        <When at={endsAt} />
      </span>
    </>
  );
}
