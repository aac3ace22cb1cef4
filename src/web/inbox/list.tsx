import type { Child } from 'hono/jsx';
import type { OpenRequest } from '../../requests/list';
import { Logo } from '../logo';
import type { IntegrationFace } from '../logos/integration-faces';
import { Foreign, Said } from '../said';
import { inboxTexts } from '../texts/current';
import { When } from '../when';
import { requestPath } from '../../requests/inbox-page';
import { StatusBadge } from './badge';
import { Deadline } from './deadline';
import type { FaceOf } from './faces-of';
import { questionKindOf, waitingSince } from './filter';
import { groupOf, shownStatusOf } from './shown-status';
import { durationOf, MAX_SHOWN, whoOf } from './words';

interface ListProps {
  /** those that fit, in order */
  requests: OpenRequest[];
  /** how many are open */
  all: number;
  faceOf: FaceOf;
  root: string;
  now: number;
}

/** The open requests that fit the filter. */
export function List({ requests, all, faceOf, root, now }: ListProps): Child {
  const { list } = inboxTexts();
  if (requests.length === 0) return <NoMatch root={root} />;
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
          <th scope="col">{list.status}</th>
          <th scope="col">{list.who}</th>
          <th scope="col">{list.question}</th>
          <th scope="col">{list.waiting}</th>
          <th scope="col">{list.deadline}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((request) => (
          <Row request={request} face={faceOf(request.integration)} root={root} now={now} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  request: OpenRequest;
  face: IntegrationFace;
  root: string;
  now: number;
}

/** The first line of a cell is what counts, the second is quiet. */
function Row({ request, face, root, now }: RowProps): Child {
  const { list } = inboxTexts();
  const { owner, question, reminders, subscribers } = request;
  const kind = questionKindOf(request);
  const since = waitingSince(request);
  const path = requestPath(request);
  return (
    <tr class={groupOf(request) === 'operator' ? 'first' : undefined}>
      <td class="status">
        <StatusBadge status={shownStatusOf(request)} />
      </td>
      <th scope="row">
        <a id={path} href={`${root}${path}`}>
          <Said text={whoOf(owner)} />
        </a>
        {owner.endUser?.email !== undefined && (
          <span class="under">
            <Foreign text={owner.endUser.email} />
          </span>
        )}
      </th>
      <td class="name asked">
        <div class="with-logo">
          <Logo face={face} root={root} />
          <span>
            <Said text={inboxTexts().integration(face.name, request.slot)} />
            {kind !== undefined && <span class="under">{inboxTexts().questions[kind]}</span>}
          </span>
        </div>
      </td>
      <td class="half" data-label={list.waiting}>
        {durationOf(now - since)}
        <span class="under">
          <When at={since} />
        </span>
        {(reminders > 0 || subscribers > 1) && <span class="under">{list.meanwhile(reminders, subscribers)}</span>}
      </td>
      <td class="half" data-label={list.deadline}>
        <Deadline at={question?.deadline} now={now} />
      </td>
    </tr>
  );
}

function NoMatch({ root }: { root: string }): Child {
  const { list } = inboxTexts();
  return (
    <div class="card prose">
      <h2>{list.noMatchTitle}</h2>
      <p>
        <a href={root}>{list.clear}</a>
      </p>
    </div>
  );
}
