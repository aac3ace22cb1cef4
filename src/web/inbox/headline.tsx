import type { Child } from 'hono/jsx';
import type { RequestDescription } from '../../requests/description';
import { Logo } from '../logo';
import type { IntegrationFace } from '../logos/integration-faces';
import { Said } from '../said';
import { inboxTexts } from '../texts/current';
import { When } from '../when';
import { StatusBadge } from './badge';
import { Left } from './deadline';
import { questionKindOf, waitingSince } from './filter';
import { shownStatusOf } from './shown-status';
import { durationOf } from './words';

interface HeadlineProps {
  title: string;
  face: IntegrationFace;
  root: string;
  description: RequestDescription;
  now: number;
}

/** What a request is about, and how it stands, in two lines. */
export function Headline({ title, face, root, description, now }: HeadlineProps): Child {
  const { view, closedAt } = description;
  const kind = questionKindOf(view);
  return (
    <header id="headline" class="headline" data-live={closedAt === undefined ? true : 'ended'}>
      <Logo face={face} root={root} />
      <h1>
        <Said text={title} />
      </h1>
      <p>
        <StatusBadge status={shownStatusOf(view)} />
        {kind !== undefined && <span>{inboxTexts().questions[kind]}</span>}
        {closedAt === undefined ? (
          <Since description={description} now={now} />
        ) : (
          <span class="quiet">
            <When at={closedAt} />
          </span>
        )}
      </p>
    </header>
  );
}

function Since({ description: { view, startedAt }, now }: Pick<HeadlineProps, 'description' | 'now'>): Child {
  const { question } = view;
  return (
    <>
      <span class="quiet">
        {inboxTexts().detail.waitingFor(durationOf(now - waitingSince({ question, startedAt })))}
      </span>
      {question !== undefined && (
        <span class="quiet">
          <Left at={question.deadline} now={now} />
        </span>
      )}
    </>
  );
}
