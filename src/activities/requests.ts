import { Context } from '@temporalio/activity';
import { detailsOf, findNangoFailure, nangoFailure } from '../contract/errors';
import { requestId } from '../contract/request-id';
import { joinRequestInputSchema, leaveRequestInputSchema } from '../contract/schemas/joins';
import { watchedLinkSchema } from '../contract/schemas/links';
import { checkJoinForm, checkWatchedLink } from '../contract/rules/check-messages';
import { checkSubject } from '../contract/rules/check-request';
import { forScopes } from '../contract/rules/scopes';
import { checkName } from '../contract/rules/text';
import type { Connection, JoinEnd, JoinRequestInput, LeaveRequestInput } from '../contract/types';
import { joinLate, joinRequest } from '../requests/join';
import { leaveRequest } from '../requests/leave';
import { startOrFeedWatch } from '../requests/start';
import type { Bounds } from '../nango/http/bounds';
import { findConnections, ownConnection } from './connections';
import type { ActivityDependencies } from './context';
import { ifGranted } from './scopes';
import { heartbeating, bounds, here, promptly, WORKER_UPDATE_MS } from './context';
import { defineActivity } from './define';
import { keepRefusedBy, refusedBy } from './refused-by';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** What a lookup leaves of an attempt is for the join. */
const LOOKUP_MS = 20_000;
/** Heartbeat of a join that is on the list: later attempts know it by that. */
const JOINED = 'joined';

export const requestActivities = {
  ...defineActivity(
    'nango.ensureConnection',
    joinRequestInputSchema,
    checkJoin,
    async (input, dependencies): Promise<JoinEnd> => {
      const { subject, join, ignoreCoolDown, at, since = at, waitsItsTurn } = input;
      const { batches } = dependencies;
      const { info } = Context.current();
      const now = Math.max(at, Date.now());
      // Once joined, an attempt only makes sure that the joiner is on the list: it must not ask somebody who has said no.
      const first = info.heartbeatDetails !== JOINED;
      if (first && join.reconnect === undefined) {
        const existing = await heartbeating(findGranted(input, dependencies));
        if (existing !== undefined) return { status: 'connected', connection: forScopes(existing, join.scopes) };
      }
      const isLate = join.deadline !== undefined && join.deadline <= now;
      const place = here(dependencies);
      try {
        const terms = { ignoreCoolDown: ignoreCoolDown && first, at: now, since, refusedBy: refusedBy() };
        const response = isLate
          ? await joinLate(place, subject, join, WORKER_UPDATE_MS)
          : await joinRequest(place, subject, join, terms, WORKER_UPDATE_MS, batches);
        if (response.status !== 'pending') return response;
      } catch (error) {
        const refused = findNangoFailure(error);
        if (refused === undefined) throw error;
        const { reason } = detailsOf(refused);
        if (reason === 'other_question' && waitsItsTurn) {
          await keepRefusedBy(place, subject);
          throw notItsTurn(info.attempt);
        }
        if (reason !== 'already_joined') throw refused;
      }
      Context.current().heartbeat(JOINED);
      throw nangoFailure('Nango.ConnectionTimedOut', {
        hint: 'Still waiting; this is not an error.',
        nonRetryable: false,
        benign: true,
        retryAfterMs: Math.min(HOUR_MS * 2 ** (info.attempt - 1), DAY_MS),
      });
    },
  ),

  ...defineActivity(
    'nango.leaveRequest',
    leaveRequestInputSchema,
    checkLeave,
    async ({ subject, joinId }, dependencies) => {
      const place = here(dependencies);
      await promptly(() => leaveRequest(place, requestId(place.environment, subject), joinId));
    },
  ),

  ...defineActivity('nango.openWatch', watchedLinkSchema, checkWatchedLink, (link, dependencies) =>
    promptly(() => startOrFeedWatch(here(dependencies), link)),
  ),
};

/** Somebody else has to answer first: that may be soon, or take days. */
function notItsTurn(attempt: number): Error {
  return nangoFailure('Nango.ConnectionTimedOut', {
    hint: 'Something else is asked first; this is not an error.',
    nonRetryable: false,
    benign: true,
    retryAfterMs: Math.min(MINUTE_MS * 2 ** (attempt - 1), HOUR_MS),
  });
}

function checkJoin({ subject, join }: JoinRequestInput): void {
  checkSubject(subject);
  checkJoinForm(join);
}

function checkLeave({ subject, joinId }: LeaveRequestInput): void {
  checkSubject(subject);
  checkName(joinId, 'joinId');
}

/** The connection of the owner, if it was granted what the joiner needs, as far as anybody can know. */
async function findGranted(
  { subject, join }: JoinRequestInput,
  dependencies: ActivityDependencies,
): Promise<Connection | undefined> {
  const within = lookup();
  const existing = ownConnection(await findConnections(dependencies.api, subject, within), subject, join);
  return existing && (await ifGranted(existing, join, dependencies, within));
}

function lookup(): Bounds {
  return { ...bounds(), deadlineMs: LOOKUP_MS };
}
