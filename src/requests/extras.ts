import { TAG } from '../contract/names';
import { extrasOf, untakenOf } from '../contract/rules/choose';
import { ownerOf } from '../contract/rules/tags';
import { requestId } from '../contract/request-id';
import type { Connection, Subject, Tags } from '../contract/types';
import { describeRequest } from './description';
import type { RequestDescription } from './description';
import type { Place } from './start';

/** Clocks differ: a connection may seem a little older than the request whose link has made it. */
const CLOCK_TOLERANCE_MS = 60_000;
/** Requests that are described at a time. */
const AT_A_TIME = 20;

/**
 * Connections that nothing uses and nothing will: extras, and those made in the place of others by requests that have ended;
 * without those that an open request may still accept.
 *
 * @param connections all of the owners
 * @throws Nango.TemporalUnavailable
 */
export async function extrasAmong(place: Place, connections: Connection[]): Promise<Connection[]> {
  const extras = new Set(extrasOf(connections));
  const untaken = new Set(untakenOf(connections));
  const isDoubtful = (one: Connection): boolean => untaken.has(one) || (extras.has(one) && one.unconfirmed === true);
  const ids = connections.filter(isDoubtful).flatMap((one) => requestsOf(place, one));
  const requests = await describeAll(place, [...new Set(ids)]);
  const isAwaited = (one: Connection): boolean =>
    // Of those of other environments nothing is known here.
    !isOf(place, one) || requestsOf(place, one).some((id) => mayAccept(requests.get(id), one));
  return connections.filter((one) => (isDoubtful(one) ? !isAwaited(one) : extras.has(one)));
}

async function describeAll(place: Place, ids: string[]): Promise<Map<string, RequestDescription | undefined>> {
  const requests = new Map<string, RequestDescription | undefined>();
  for (let i = 0; i < ids.length; i += AT_A_TIME) {
    await Promise.all(
      ids.slice(i, i + AT_A_TIME).map(async (id) => requests.set(id, await describeRequest(place, { id }))),
    );
  }
  return requests;
}

function isOf(place: Place, { tags }: Connection): boolean {
  return (tags[TAG.environment] ?? place.environment) === place.environment;
}

/** The ids of requests by which it may have been made. */
function requestsOf(place: Place, { integration, tags }: Connection): string[] {
  return subjectsOf(tags).map((whose) => requestId(place.environment, { integration, ...whose }));
}

/**
 * A connection of a person and an organization may be asked for as either's, or as both's. What has no owner was asked for of
 * nobody in particular; and so may whatever was made in the place of another, with that one's tags.
 */
function subjectsOf(tags: Tags): Pick<Subject, 'owner' | 'slot'>[] {
  const slot = tags[TAG.slot];
  const { endUser, organization } = ownerOf(tags);
  const both = endUser !== undefined && organization !== undefined ? [{ endUser, organization }] : [];
  const owners = [...both, ...(endUser ? [{ endUser }] : []), ...(organization ? [{ organization }] : [])];
  const named = owners.map((owner) => ({ owner, slot }));
  if (named.length > 0 && tags[TAG.replaces] === undefined) return named;
  return [...named, { owner: {}, slot }, ...(slot === undefined ? [] : [{ owner: {} }])];
}

/** As far as a request shows it: of links it shows the latest, and one that was just used not yet. */
function mayAccept(request: RequestDescription | undefined, { unconfirmed, tags, createdAt }: Connection): boolean {
  if (request === undefined || request.closedAt !== undefined) return false;
  if (!unconfirmed) return true;
  const shown = request.view.question?.unconfirmed?.find(({ nonce }) => nonce === tags[TAG.nonce]);
  if (shown !== undefined) return shown.refusedBy === undefined;
  return Date.parse(createdAt) >= request.startedAt.getTime() - CLOCK_TOLERANCE_MS;
}
