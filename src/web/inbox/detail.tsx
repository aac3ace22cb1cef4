import type { Child } from 'hono/jsx';
import type { NangoConfig } from '../../config';
import { detailsOf, findNangoFailure } from '../../contract/errors';
import type { RequestRef } from '../../contract/types';
import { permanentLink } from '../../requests/permanent-link';
import type { RequestDescription } from '../../requests/description';
import type { TimelineEvent } from '../../requests/timeline';
import { INBOX } from '../texts';
import { Actions } from './actions';
import { pathOf } from './address';
import { Facts } from './facts';
import { Timeline } from './timeline';

const { detail } = INBOX;

interface DetailProps {
  description: RequestDescription;
  events: TimelineEvent[];
  config: NangoConfig;
  root: string;
  now: number;
}

/** One request, open or ended: its status, what can be done, what happened. */
export function Detail({ description, events, config, root, now }: DetailProps): Child {
  const { ref, closedAt, replacedBy } = description;
  const here = `${root}${pathOf(ref)}`;
  return (
    <>
      <section id="facts" data-live aria-labelledby="facts-title">
        <h2 id="facts-title">{detail.facts}</h2>
        {replacedBy !== undefined && (
          <p class="card warning">
            {detail.replaced} <a href={`${root}${pathOf(replacedBy)}`}>{detail.toNewer}</a>
          </p>
        )}
        <Facts description={description} now={now} />
      </section>
      <section id="actions" data-live aria-labelledby="actions-title">
        <h2 id="actions-title">{detail.actions}</h2>
        <Actions description={description} here={here} />
        <p>
          <a id="to-extras" href={`${here}/extras`}>
            {detail.toExtras}
          </a>
        </p>
      </section>
      {closedAt === undefined && <Link ref={ref} config={config} />}
      <section id="events" data-live aria-labelledby="events-title">
        <h2 id="events-title">{detail.events}</h2>
        <Timeline events={events} />
      </section>
    </>
  );
}

/** The permanent link as text, which can be copied without the script too; or what is missing for one. */
function Link({ ref, config }: { ref: RequestRef; config: NangoConfig }): Child {
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
