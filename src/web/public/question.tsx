import type { Child } from 'hono/jsx';
import type { RequestView } from '../../contract/types';
import { Said } from '../foreign';
import { CONNECT } from '../texts';
import { Facts } from './facts';

export interface QuestionProps {
  view: RequestView;
  /** of the integration */
  name: string;
  app?: string;
  /** the request's own address, from the page */
  self: string;
}

/** An open request: what is asked, and the two answers to it. */
export function Question({ view, name, app, self }: QuestionProps): Child {
  const again = view.question?.kind === 'reconnect';
  const change = view.question?.accountChange;
  return (
    <>
      <h1>
        <Said text={CONNECT.title({ name, app, again })} />
      </h1>
      {change === undefined ? again && <p>{CONNECT.again}</p> : <AccountChanged change={change} />}
      <Facts view={view} name={name} app={app} />
      <h2>{CONNECT.next}</h2>
      <ol>
        {CONNECT.steps(name).map((step) => (
          <li>
            <Said text={step} />
          </li>
        ))}
      </ol>
      <form method="post" action={self} class="actions">
        <button id="connect" class="primary" name="do" value="connect">
          <Said text={again ? CONNECT.connectAgain(name) : CONNECT.connect(name)} />
        </button>
        <a id="decline" class="button" href={`${self}/decline`}>
          {CONNECT.decline}
        </a>
      </form>
      <p class="quiet state">{CONNECT.waiting}</p>
      <noscript>
        <p>
          <a href={self}>{CONNECT.reload}</a>
        </p>
      </noscript>
    </>
  );
}

function AccountChanged({ change }: { change: { recorded: string; found: string } }): Child {
  return (
    <>
      <h2 class="state-wait">{CONNECT.accountChanged.title}</h2>
      <p>
        <Said text={`${CONNECT.accountChanged.text(change)} ${CONNECT.accountChanged.hint(change.recorded)}`} />
      </p>
    </>
  );
}
