import type { Child } from 'hono/jsx';
import type { RequestDescription } from '../../requests/description';
import { Page } from '../layout';
import { CONNECT } from '../texts';
import { Question } from './question';
import { endWords } from './end-words';
import { Ended } from './ended';

export interface RequestPageProps {
  root: string;
  /** the request's own address, from the page */
  self: string;
  description: RequestDescription;
  /** of the integration */
  name: string;
  app?: string;
  /** something was pressed that no longer counts */
  tooLate?: boolean;
}

/** Where a permanent link leads: the status of a request, and what can be done. It tells by itself what changes. */
export function RequestPage({ root, self, description, name, app, tooLate = false }: RequestPageProps): Child {
  const { view } = description;
  const title = CONNECT.title({ name, app, kind: view.question?.kind ?? 'connect' });
  return (
    <Page title={isOpen(description) ? title : endWords(description, name).title} root={root}>
      <main class="narrow" aria-live="polite">
        <div class="card" id="request" data-live={isOpen(description) ? 'changing' : 'ended'}>
          {tooLate && <p class="state-wait">{CONNECT.tooLate}</p>}
          {isOpen(description) ? (
            <Question view={view} name={name} app={app} self={self} />
          ) : (
            <Ended description={description} name={name} />
          )}
        </div>
      </main>
    </Page>
  );
}

/** Whether there is still something to do. */
export function isOpen({ view: { status } }: RequestDescription): boolean {
  return status === 'checking' || status === 'waiting';
}
