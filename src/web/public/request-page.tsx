import type { Child } from 'hono/jsx';
import type { RequestDescription } from '../../requests/description';
import { Page } from '../layout';
import type { IntegrationFace } from '../logos/integration-faces';
import { publicTexts } from '../texts/current';
import { Question } from './question';
import { endWords } from './end-words';
import { Ended } from './ended';
import { Masthead } from './masthead';
import { OwnerQuestion } from './owner-question';

export interface RequestPageProps {
  root: string;
  /** the request's own address, from the page */
  self: string;
  description: RequestDescription;
  face: IntegrationFace;
  app?: string;
  /** whoever connects is then asked whether it was them */
  verifyOwner?: boolean;
  /** the number of a link of this browser that somebody has connected by: whether it was them is asked first of all */
  offered?: number;
  /** something was pressed that no longer counts */
  tooLate?: boolean;
}

/** Where a permanent link leads: the status of a request, and what can be done. It tells by itself what changes. */
export function RequestPage({ root, self, description, face, app, ...props }: RequestPageProps): Child {
  const { verifyOwner, offered, tooLate = false } = props;
  const { view } = description;
  const { name } = face;
  return (
    <Page title={titleOf(description, { name, app, offered })} root={root} watches={isOpen(description)}>
      <main class="narrow" aria-live="polite">
        <div class="card" id="request" data-live={isOpen(description) ? 'changing' : 'ended'}>
          <Masthead root={root} face={face} />
          {tooLate && <p class="state-wait">{publicTexts().tooLate}</p>}
          {!isOpen(description) ? (
            <Ended description={description} name={name} />
          ) : offered === undefined ? (
            <Question view={view} name={name} app={app} self={self} verifyOwner={verifyOwner} />
          ) : (
            <OwnerQuestion view={view} name={name} self={self} link={offered} />
          )}
        </div>
      </main>
    </Page>
  );
}

function titleOf(
  description: RequestDescription,
  { name, app, offered }: Pick<RequestPageProps, 'app' | 'offered'> & { name: string },
): string {
  if (!isOpen(description)) return endWords(description, name).title;
  if (offered !== undefined) return publicTexts().owner.title(name);
  const { kind = 'connect', confirmed } = description.view.question ?? {};
  if (kind === 'choose-connection') return publicTexts().choosing.title(name);
  return confirmed === undefined ? publicTexts().title({ name, app, kind }) : publicTexts().owner.confirmed.title(name);
}

/** Whether there is something for the person to do. */
export function isForPerson(description: RequestDescription): boolean {
  return isOpen(description) && description.view.question?.kind !== 'choose-connection';
}

/** Whether there is still something to do. */
function isOpen({ view: { status } }: RequestDescription): boolean {
  return status === 'checking' || status === 'waiting';
}
