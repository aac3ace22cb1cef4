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
import { joinRequest } from '../requests/join';
import { leaveRequest } from '../requests/leave';
import { startOrFeedWatch } from '../requests/start';
import type { Bounds } from '../nango/http/bounds';
import { findConnections, ownConnection } from './connections';
import type { ActivityDependencies } from './context';
import { ifGranted } from './scopes';
import { heartbeating, bounds, here, promptly, WORKER_UPDATE_MS } from './context';
import { defineActivity } from './define';

const HOUR_MS = 3_600_000;
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
      const { subject, join, ignoreCoolDown, at } = input;
      const { config, batches } = dependencies;
      const { info } = Context.current();
      const now = Math.max(at, Date.now());
      // Once joined, an attempt only makes sure that the joiner is on the list: it must not ask somebody who has said no.
      const first = info.heartbeatDetails !== JOINED;
      if (first && join.reconnect === undefined) {
        const existing = await heartbeating(findGranted(input, dependencies));
        if (existing !== undefined) return { status: 'connected', connection: forScopes(existing, join.scopes) };
      }
      if (!first && join.deadline !== undefined && join.deadline <= now) {
        return { status: 'timedOut', requestId: requestId(config.environment, subject) };
      }
      try {
        const terms = { ignoreCoolDown: ignoreCoolDown && first, at: now, since: at };
        const response = await joinRequest(here(dependencies), subject, join, terms, WORKER_UPDATE_MS, batches);
        if (response.status !== 'pending') return response;
      } catch (error) {
        const refused = findNangoFailure(error);
        if (refused === undefined) throw error;
        if (detailsOf(refused).reason !== 'already_joined') throw refused;
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
  const existing = ownConnection(await findConnections(dependencies.api, subject, within));
  return existing && (await ifGranted(existing, join, dependencies, within));
}

function lookup(): Bounds {
  return { ...bounds(), deadlineMs: LOOKUP_MS };
}
