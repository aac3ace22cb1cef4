import type { Child } from 'hono/jsx';
import type { RequestDescription } from '../../requests/description';
import { Said } from '../foreign';
import { INBOX } from '../texts';
import { MAX_DAYS } from './operations';

const { detail } = INBOX;
const DEFAULT_DAYS = 7;

/** What an operator can do to a request. @param here the way to the request's page */
export function Actions({
  description: { view, closedAt },
  here,
}: {
  description: RequestDescription;
  here: string;
}): Child {
  if (closedAt !== undefined) return <p>{detail.over}</p>;
  return (
    <>
      {view.question?.accountChange !== undefined && <Question {...view.question.accountChange} here={here} />}
      <div class="actions">
        {view.status === 'waiting' && (
          <form method="post" action={`${here}/remind`}>
            <button id="remind">{detail.remind}</button>
          </form>
        )}
        <form class="inline" method="post" action={`${here}/extend`}>
          <label for="days">{detail.extendDays}</label>
          <input id="days" name="days" type="number" min={1} max={MAX_DAYS} value={DEFAULT_DAYS} required />
          <button id="extend">{detail.extend}</button>
        </form>
        <a id="decline" class="button" href={`${here}/decline`}>
          {detail.decline}
        </a>
        <a id="cancel" class="button" href={`${here}/cancel`}>
          {detail.cancel}
        </a>
      </div>
    </>
  );
}

/** Whether the connection may be written to with the account that a reconnect has put behind it. */
function Question({ recorded, found, here }: { recorded: string; found: string; here: string }): Child {
  return (
    <div class="card warning">
      <h3>{detail.questionTitle}</h3>
      <p>
        <Said text={detail.question(recorded, found)} />
      </p>
      <form class="actions" method="post" action={`${here}/decide`}>
        <button id="yes" name="choice" value="yes">
          <Said text={detail.yes(found)} />
        </button>
        <button id="no" name="choice" value="no">
          <Said text={detail.no(recorded)} />
        </button>
      </form>
    </div>
  );
}
