import type { Child } from 'hono/jsx';
import type { NangoConfig } from '../../config';
import { detailsOf, findNangoFailure } from '../../contract/errors';
import type { RequestRef } from '../../contract/types';
import { permanentLink } from '../../requests/permanent-link';
import type { RequestDescription } from '../../requests/description';
import type { TimelineEvent } from '../../requests/timeline';
import { inboxTexts } from '../texts/current';
import { Actions } from './actions';
import { requestPath } from '../../requests/inbox-page';
import { Facts } from './facts';
import type { LeftBehind } from './left-behind';
import { Timeline } from './timeline';

interface DetailProps {
  description: RequestDescription;
  events: TimelineEvent[];
  /** what it has left in the hands of somebody who may be anybody */
  left?: LeftBehind;
  config: NangoConfig;
  root: string;
  now: number;
}

/** One request, open or ended: what can be done, how it stands, what happened. */
export function Detail({ description, events, left, config, root, now }: DetailProps): Child {
  const { detail } = inboxTexts();
  const { ref, closedAt, replacedBy } = description;
  const here = `${root}${requestPath(ref)}`;
  // What has ended stays as it is, and is not to be read at Nango every few seconds.
  const live = closedAt === undefined ? true : 'ended';
  return (
    <>
      {replacedBy !== undefined && (
        <p class="card warning">
          {detail.replaced} <a href={`${root}${requestPath(replacedBy)}`}>{detail.toNewer}</a>
        </p>
      )}
      <section id="actions" data-live={live} aria-labelledby="actions-title">
        <h2 id="actions-title">{detail.actions}</h2>
        <Actions description={description} left={left} here={here} config={config} />
        <p>
          <a id="to-extras" href={`${here}/extras`}>
            {detail.toExtras}
          </a>
        </p>
      </section>
      {closedAt === undefined && <Link ref={ref} config={config} />}
      <section id="facts" data-live={live} aria-labelledby="facts-title">
        <h2 id="facts-title">{detail.facts}</h2>
        <Facts description={description} now={now} />
      </section>
      <section id="events" data-live={live} aria-labelledby="events-title">
        <h2 id="events-title">{detail.events}</h2>
        <Timeline events={events} />
      </section>
    </>
  );
}

/** The permanent link as text, which can be copied without the script too; or what is missing for one. */
function Link({ ref, config }: { ref: RequestRef; config: NangoConfig }): Child {
  const { detail } = inboxTexts();
  const { link, missing } = linkOf(ref, config);
  return (
    <section aria-labelledby="link-title">
      <h2 id="link-title">{detail.link}</h2>
      {link === undefined ? (
        <p>{detail.linkMissing(missing)}</p>
      ) : (
        <>
          <p class="quiet" id="link-hint">
            {detail.linkHint}
          </p>
          <div class="actions">
            <input class="link" readonly value={link} aria-labelledby="link-title" aria-describedby="link-hint" />
            <button type="button" data-copy={link} data-copied={detail.copied} hidden>
              {detail.copy}
            </button>
          </div>
        </>
      )}
    </section>
  );
}

function linkOf(ref: RequestRef, config: NangoConfig): { link?: string; missing: string } {
  try {
    return { link: permanentLink(ref, config), missing: '' };
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure?.type !== 'Nango.Misconfigured') throw error;
    return { missing: detailsOf(failure).field ?? '' };
  }
}
