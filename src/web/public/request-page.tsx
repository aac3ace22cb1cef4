import type { Child } from 'hono/jsx';
import type { Standing } from '../../requests/standing';
import { Page } from '../layout';
import { CONNECT } from '../texts';
import { Asked } from './asked';
import { endWords } from './end-words';
import { Ended } from './ended';

export interface RequestPageProps {
  root: string;
  /** the request's own address, from the page */
  self: string;
  standing: Standing;
  /** of the integration */
  name: string;
  app?: string;
  /** something was pressed that no longer counts */
  tooLate?: boolean;
}

/** How a request stands, and what can be done: the page that a permanent link leads to. It tells by itself what changes. */
export function RequestPage({ root, self, standing, name, app, tooLate = false }: RequestPageProps): Child {
  const { view } = standing;
  const asks = CONNECT.asks({ name, app, again: view.ask?.kind === 'reconnect' });
  return (
    <Page title={isOpen(standing) ? asks : endWords(standing, name).title} root={root}>
      <main class="narrow" aria-live="polite">
        <div class="card" id="request" data-live={isOpen(standing) ? 'changing' : 'ended'}>
          {tooLate && <p class="state-wait">{CONNECT.tooLate}</p>}
          {isOpen(standing) ? (
            <Asked view={view} name={name} app={app} self={self} />
          ) : (
            <Ended standing={standing} name={name} />
          )}
        </div>
      </main>
    </Page>
  );
}

/** Whether there is still something to do. */
export function isOpen({ view: { status } }: Standing): boolean {
  return status === 'looking' || status === 'asking';
}
