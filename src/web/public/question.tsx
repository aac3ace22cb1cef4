import type { Child } from 'hono/jsx';
import type { RequestView } from '../../contract/types';
import { Said } from '../said';
import { publicTexts } from '../texts/current';
import type { PublicTexts } from '../texts/public';
import { Facts } from './facts';
import { ScopesOfQuestion } from './scope-lists';
import { Unconfirmed } from './unconfirmed';

type WaitingTexts = PublicTexts['choosing'];

export interface QuestionProps {
  view: RequestView;
  /** of the integration */
  name: string;
  app?: string;
  /** the request's own address, from the page */
  self: string;
  /** whoever connects is then asked whether it was them */
  verifyOwner?: boolean;
}

/** An open request: what is asked, and the two answers to it. */
export function Question({ view, name, app, self, verifyOwner = false }: QuestionProps): Child {
  const { kind = 'connect', accountChange: change, scopes, confirmed } = view.question ?? {};
  if (kind === 'choose-connection') return <NothingToDo texts={publicTexts().choosing} name={name} app={app} />;
  if (confirmed !== undefined) return <NothingToDo texts={publicTexts().owner.confirmed} name={name} app={app} />;
  const { why, steps, button, waiting } = publicTexts().questions[kind];
  const reason = why?.({ key: view.integration, name });
  return (
    <>
      <h1>
        <Said text={publicTexts().title({ name, app, kind })} />
      </h1>
      <Unconfirmed unconfirmed={view.question?.unconfirmed} name={name} />
      {change === undefined ? (
        reason !== undefined && (
          <p>
            <Said text={reason} />
          </p>
        )
      ) : (
        <AccountChanged change={change} />
      )}
      {kind !== 'reconnect' && scopes !== undefined && <ScopesOfQuestion {...scopes} />}
      <Facts view={view} name={name} />
      <h2>{publicTexts().next}</h2>
      <ol>
        {steps(name).map((step) => (
          <li>
            <Said text={step} />
          </li>
        ))}
        {verifyOwner && button !== undefined && <li>{publicTexts().owner.step}</li>}
      </ol>
      <form method="post" action={self} class="actions" target="_blank" rel="noopener">
        <input type="hidden" name="question" value={kind} />
        {button !== undefined && (
          <button id="connect" class="primary" name="do" value="connect">
            <Said text={button(name)} />
          </button>
        )}
        <a id="decline" class="button" href={`${self}/decline`}>
          {publicTexts().decline}
        </a>
      </form>
      {view.question?.unconfirmed === undefined && <p class="quiet state">{waiting}</p>}
      <noscript>
        <p>
          <a href={self}>{publicTexts().reload}</a>
        </p>
      </noscript>
    </>
  );
}

/** The application has to act, or the connection is being accepted. */
function NothingToDo({ texts, name, app }: Pick<QuestionProps, 'name' | 'app'> & { texts: WaitingTexts }): Child {
  return (
    <>
      <h1>
        <Said text={texts.title(name)} />
      </h1>
      <p>
        <Said text={texts.text(app)} />
      </p>
      <noscript>
        <p>{publicTexts().reload}</p>
      </noscript>
    </>
  );
}

function AccountChanged({ change }: { change: { recorded: string; found: string } }): Child {
  return (
    <>
      <h2 class="state-wait">{publicTexts().accountChanged.title}</h2>
      <p>
        <Said
          text={`${publicTexts().accountChanged.text(change)} ${publicTexts().accountChanged.hint(change.recorded)}`}
        />
      </p>
    </>
  );
}
