import type { Child } from 'hono/jsx';
import type { NangoConfig } from '../../config';
import type { RequestDescription } from '../../requests/description';
import { Said } from '../said';
import { inboxTexts } from '../texts/current';
import { Choice } from './choice';
import { LeftBehindWarning } from './left-behind';
import type { LeftBehind } from './left-behind';
import { MAX_DAYS } from './operations';
import { ScopesQuestion } from './scopes-question';
import { Unconfirmed } from './unconfirmed';

const DEFAULT_DAYS = 7;

/** What an operator can do to a request, open or ended. @param here the way to the request's page */
export function Actions({
  description: { view, closedAt },
  left,
  here,
  config,
}: {
  description: RequestDescription;
  /** what it has left in the hands of somebody who may be anybody */
  left?: LeftBehind;
  here: string;
  config: NangoConfig;
}): Child {
  const { detail } = inboxTexts();
  const { accountChange, candidates, scopes, kind } = view.question ?? {};
  if (closedAt !== undefined) {
    return left === undefined ? <p>{detail.over}</p> : <LeftBehindWarning left={left} here={here} />;
  }
  return (
    <>
      {view.question !== undefined && <Unconfirmed question={view.question} here={here} />}
      {accountChange !== undefined && <Question {...accountChange} here={here} />}
      {accountChange === undefined && kind === 'update-integration-scopes' && scopes !== undefined && (
        <ScopesQuestion view={view} scopes={scopes} here={here} config={config} />
      )}
      {candidates !== undefined && <Choice candidates={candidates} here={here} />}
      <div class="actions">
        {view.status === 'waiting' && view.question?.confirmed === undefined && (
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
  const { detail } = inboxTexts();
  return (
    <div class="card warning">
      <h3>{detail.questionTitle}</h3>
      <p>
        <Said text={detail.question(recorded, found)} />
      </p>
      <form class="actions" method="post" action={`${here}/decide`}>
        <input type="hidden" name="found" value={found} />
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
