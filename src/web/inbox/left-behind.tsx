import type { Child } from 'hono/jsx';
import { findNangoFailure } from '../../contract/errors';
import { ACTIVITY, TAG } from '../../contract/names';
import { nonceOrigin } from '../../contract/rules/choose';
import type { Connection, ConnectionNames, RequestView, UnconfirmedConnection } from '../../contract/types';
import { runActivity } from '../../requests/run-activity';
import { Said } from '../said';
import { inboxTexts } from '../texts/current';
import type { InboxPlace } from './place';

const WITHIN_MS = 5_000;

/** A connection that was in use, and is in the hands of somebody whom nobody has confirmed before the request ended. */
export type LeftBehind = Pick<UnconfirmedConnection, 'connectionId' | 'nonce' | 'refusedBy'>;

/**
 * Reads it once more: since the end of the request it may have been connected anew, confirmed by a later request, or deleted.
 *
 * @param view of a request that has ended
 * @returns nothing if it is nobody's of this request any more
 * @throws what keeps a worker from reading it within 5 seconds
 */
export async function readLeftBehind(
  place: InboxPlace,
  { integration, unconfirmed = [] }: RequestView,
): Promise<LeftBehind | undefined> {
  const last = unconfirmed.at(-1);
  if (last === undefined) return undefined;
  const { connectionId } = last;
  const connection = await readConnection(place, { integration, connectionId });
  if (!connection?.unconfirmed) return undefined;
  const nonce = connection.tags[TAG.nonce] ?? '';
  if (nonceOrigin(nonce) !== nonceOrigin(last.nonce)) return undefined;
  // A link may have been used after the end, by whomever.
  return unconfirmed.find((one) => one.nonce === nonce) ?? { connectionId, nonce };
}

/**
 * Whether it is still as an open request shows it: another link may have been used since, by whomever.
 *
 * @returns yes of what is gone, too: nobody's it is not
 * @throws what keeps a worker from reading it within 5 seconds
 */
export async function isStillTheirs(
  place: InboxPlace,
  integration: string,
  { connectionId, nonce }: LeftBehind,
): Promise<boolean> {
  const connection = await readConnection(place, { integration, connectionId });
  if (connection === undefined) return true;
  return connection.unconfirmed === true && connection.tags[TAG.nonce] === nonce;
}

/** @returns nothing if it is gone */
async function readConnection(
  { client, config }: InboxPlace,
  { integration, connectionId }: ConnectionNames,
): Promise<Connection | undefined> {
  const place = { client, taskQueue: config.taskQueue, environment: config.environment };
  try {
    return await client.withDeadline(Date.now() + WITHIN_MS, () =>
      runActivity<Connection>(place, ACTIVITY.getConnection, { integration, connectionId }),
    );
  } catch (error) {
    if (findNangoFailure(error)?.type === 'Nango.ConnectionNotFound') return undefined;
    throw error;
  }
}

/** The same for a page that is to be shown whatever happens: what cannot be read is as it was when the request ended. */
export async function findLeftBehind(place: InboxPlace, view: RequestView): Promise<LeftBehind | undefined> {
  try {
    return await readLeftBehind(place, view);
  } catch (error) {
    if (findNangoFailure(error) === undefined) throw error;
    return view.unconfirmed?.at(-1);
  }
}

/** Says whose it is, and offers the way to disconnect it. @param here the way to the request's page */
export function LeftBehindWarning({ left, here }: { left: LeftBehind; here: string }): Child {
  const { owner } = inboxTexts();
  const { connectionId, nonce, refusedBy } = left;
  const named = `?${new URLSearchParams({ link: nonce }).toString()}`;
  return (
    <section class="card warning" aria-labelledby="owner-title">
      <h3 id="owner-title">{refusedBy === undefined ? owner.leftTitle : owner.refusedTitle}</h3>
      <p class={refusedBy === undefined ? undefined : 'state-bad'}>
        <Said
          text={refusedBy === undefined ? owner.left(connectionId) : owner.leftToStranger(connectionId, refusedBy)}
        />
      </p>
      <p>{owner.leftHint}</p>
      <div class="actions">
        <a class="button" href={`${here}/disconnect${named}`}>
          {owner.disconnect.open}
        </a>
      </div>
    </section>
  );
}
