import type { Child } from 'hono/jsx';
import { TAG } from '../../contract/names';
import type { RequestDescription } from '../../requests/description';
import { Foreign, Said } from '../foreign';
import { CONNECT } from '../texts';
import { When } from '../when';
import { endWords } from './end-words';
import { HeadedScopes } from './scope-lists';

/** How a request has ended, and what to do. @param name of the integration */
export function Ended({ description, name }: { description: RequestDescription; name: string }): Child {
  const { title, text, hint, state } = endWords(description, name);
  const { status, missingScopes } = description.view;
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
      {missingScopes !== undefined && description.replacedBy === undefined && (
        <HeadedScopes id="missing" heading={CONNECT.scopes.notGranted} scopes={missingScopes} />
      )}
      {(account !== undefined || description.closedAt !== undefined) && (
        <dl class="facts">
          {account !== undefined && (
            <div>
              <dt>{CONNECT.connected.account}</dt>
              <dd>
                <Foreign text={account} />
              </dd>
            </div>
          )}
          {description.closedAt !== undefined && (
            <div>
              <dt>{CONNECT.ended}</dt>
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
