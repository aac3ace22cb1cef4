import type { Child } from 'hono/jsx';
import type { RequestView } from '../../contract/types';
import { Said } from '../foreign';
import { CONNECT } from '../texts';
import { Facts } from './facts';
import { ScopesOfQuestion } from './scope-lists';

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
  const { kind, accountChange: change, scopes } = view.question ?? { kind: 'connect' };
  const { why, steps, button, waiting } = CONNECT.questions[kind];
  return (
    <>
      <h1>
        <Said text={CONNECT.title({ name, app, kind })} />
      </h1>
      {change === undefined ? why !== undefined && <p>{why}</p> : <AccountChanged change={change} />}
      {kind === 'approve-scopes' && scopes !== undefined && <ScopesOfQuestion {...scopes} />}
      <Facts view={view} name={name} app={app} />
      <h2>{CONNECT.next}</h2>
      <ol>
        {steps(name).map((step) => (
          <li>
            <Said text={step} />
          </li>
        ))}
      </ol>
      <form method="post" action={self} class="actions">
        <button id="connect" class="primary" name="do" value="connect">
          <Said text={button(name)} />
        </button>
        <a id="decline" class="button" href={`${self}/decline`}>
          {CONNECT.decline}
        </a>
      </form>
      <p class="quiet state">{waiting}</p>
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
