import type { Child } from 'hono/jsx';
import type { NangoConfig } from '../../config';
import type { Question, RequestView } from '../../contract/types';
import { foreign } from '../foreign';
import { Said } from '../said';
import { inboxTexts } from '../texts/current';
import { scopesIn } from './words';

interface ScopesQuestionProps {
  view: RequestView;
  scopes: NonNullable<Question['scopes']>;
  /** the way to the request's page */
  here: string;
  config: NangoConfig;
}

/** Whether the integration may request more, and with which app: what is typed goes to Nango, and nowhere else. */
export function ScopesQuestion({ view, scopes, here, config }: ScopesQuestionProps): Child {
  const { scopesQuestion: words } = inboxTexts();
  const { missing, toRequest = [], more = {} } = scopes;
  return (
    <div class="card warning">
      <h3>{inboxTexts().detail.questionTitle}</h3>
      <p>
        <Said text={words.text(view.integration, scopesIn(missing, more.missing))} />
      </p>
      <p>{words.toRequest}</p>
      <p id="to-request">
        <code>
          <Said text={foreign(toRequest.join(','))} />
        </code>
        {more.toRequest !== undefined && ` ${words.more(more.toRequest)}`}
      </p>
      {config.secretKey === undefined ? <p>{words.noKey}</p> : <App here={here} />}
      <form class="actions" method="post" action={`${here}/scopes-updated`}>
        <button id="scopes-updated">{words.updated}</button>
      </form>
      <form class="actions" method="post" action={`${here}/decide`}>
        <button id="no" name="choice" value="no">
          {words.no}
        </button>
      </form>
    </div>
  );
}

/** Nango takes all of an app's credentials anew. */
function App({ here }: { here: string }): Child {
  const { scopesQuestion: words } = inboxTexts();
  return (
    <form class="fields" method="post" action={`${here}/update-scopes`} autocomplete="off">
      <p class="quiet" id="app-hint">
        {words.appHint}
      </p>
      <label for="client-id">{words.clientId}</label>
      <input id="client-id" name="clientId" required maxlength={255} aria-describedby="app-hint" />
      <label for="client-secret">{words.clientSecret}</label>
      <input
        id="client-secret"
        name="clientSecret"
        type="password"
        required
        autocomplete="off"
        aria-describedby="app-hint"
      />
      <button id="update-scopes" class="primary">
        {words.update}
      </button>
    </form>
  );
}
