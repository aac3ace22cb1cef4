import type { Child } from 'hono/jsx';
import { TAG } from '../../contract/names';
import type { RequestDescription } from '../../requests/description';
import { Foreign, Said } from '../said';
import { publicTexts } from '../texts/current';
import { When } from '../when';
import { endWords } from './end-words';
import { HeadedScopes } from './scope-lists';

/** How a request has ended, and what to do. @param name of the integration */
export function Ended({ description, name }: { description: RequestDescription; name: string }): Child {
  const { title, text, hint, state } = endWords(description, name);
  const { status, missingScopes, moreMissingScopes: more } = description.view;
  const account = status === 'connected' ? description.connection?.tags[TAG.account] : undefined;
  return (
    <>
      <h1 class={state}>
        <Said text={title} />
      </h1>
      <p>
        <Said text={text} />
      </p>
      {hint !== undefined && <p>{hint}</p>}
      {missingScopes !== undefined && status !== 'connected' && description.replacedBy === undefined && (
        <HeadedScopes id="missing" heading={publicTexts().scopes.notGranted} scopes={missingScopes} more={more} />
      )}
      {(account !== undefined || description.closedAt !== undefined) && (
        <dl class="facts">
          {account !== undefined && (
            <div>
              <dt>{publicTexts().connected.account}</dt>
              <dd>
                <Foreign text={account} />
              </dd>
            </div>
          )}
          {description.closedAt !== undefined && (
            <div>
              <dt>{publicTexts().ended}</dt>
              <dd>
                <When at={description.closedAt} />
              </dd>
            </div>
          )}
        </dl>
      )}
    </>
  );
}
