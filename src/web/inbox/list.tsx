import type { Child } from 'hono/jsx';
import type { OpenRequest } from '../../requests/list';
import { Said } from '../foreign';
import { INBOX } from '../texts';
import { When } from '../when';
import { pathOf } from './address';
import { EmptyList } from './empty-list';
import { questionKindOf, isFiltered, waitingSince } from './filter';
import type { Filter } from './filter';
import { durationOf, MAX_SHOWN, whoOf } from './words';

const { list } = INBOX;

interface ListProps {
  /** those that fit, in order */
  requests: OpenRequest[];
  /** how many are open */
  all: number;
  filter: Filter;
  root: string;
  now: number;
}

/** The open requests that fit the filter. */
export function List({ requests, all, filter, root, now }: ListProps): Child {
  if (requests.length === 0)
    return isFiltered(filter) ? (
      <NoMatch root={root} />
    ) : (
      <EmptyList title={list.emptyTitle} text={list.empty} command={list.emptyCommand} />
    );
  const shown = requests.slice(0, MAX_SHOWN);
  const count = requests.length === all ? list.count(all) : list.some(requests.length, all);
  return (
    <table class="cards">
      <caption>
        {list.caption(count)}
        {shown.length < requests.length && ` ${list.bounded(MAX_SHOWN, requests.length)}`}
      </caption>
      <thead>
        <tr>
          <th scope="col">{list.who}</th>
          <th scope="col">{list.integration}</th>
          <th scope="col">{list.status}</th>
          <th scope="col">{list.question}</th>
          <th scope="col">{list.waiting}</th>
          <th scope="col">{list.deadline}</th>
          <th scope="col">{list.reminders}</th>
          <th scope="col">{list.subscribers}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((request) => (
          <Row request={request} root={root} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ request, root, now }: { request: OpenRequest; root: string; now: number }): Child {
  const kind = questionKindOf(request);
  const since = waitingSince(request);
  const path = pathOf(request);
  return (
    <tr>
      <th scope="row">
        <a id={path} href={`${root}${path}`}>
          <Said text={whoOf(request.owner)} />
        </a>
      </th>
      <td class="name" data-label={list.integration}>
        <Said text={INBOX.integration(request.integration, request.slot)} />
      </td>
      <td data-label={list.status}>{INBOX.status[request.status]}</td>
      <td data-label={list.question}>{kind === undefined ? list.none : INBOX.questions[kind]}</td>
      <td data-label={list.waiting}>
        {durationOf(now - since)}
        <span class="quiet">
          {` ${list.since} `}
          <When at={since} />
        </span>
      </td>
      <td data-label={list.deadline}>
        <Deadline at={request.question?.deadline} now={now} />
      </td>
      <td data-label={list.reminders}>{request.reminders}</td>
      <td data-label={list.subscribers}>{request.subscribers}</td>
    </tr>
  );
}

/** A deadline, and how far it is. */
export function Deadline({ at, now }: { at?: number; now: number }): Child {
  if (at === undefined) return list.none;
  const passed = at <= now;
  const how = durationOf(Math.abs(at - now));
  return (
    <>
      <span class={passed ? 'state-bad' : undefined}>{passed ? list.passed(how) : list.left(how)}</span>
      <span class="quiet">
        {', '}
        <When at={at} />
      </span>
    </>
  );
}

function NoMatch({ root }: { root: string }): Child {
  return (
    <div class="card prose">
      <h2>{list.noMatchTitle}</h2>
      <p>
        <a href={root}>{list.clear}</a>
      </p>
    </div>
  );
}
