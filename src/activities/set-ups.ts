import { Context } from '@temporalio/activity';
import { nangoFailure } from '../contract/errors';
import { checkIntegrationKey, checkSetUpJoinForm, checkSetUpSubject } from '../contract/rules/check-set-up';
import { checkName } from '../contract/rules/text';
import { joinSetUpInputSchema, leaveSetUpInputSchema, setUpNoticeSchema } from '../contract/schemas/set-ups';
import type { JoinSetUpInput, LeaveSetUpInput, MadeIntegration, SetUpEnd } from '../contract/types';
import { findIntegration } from '../nango/create-integration';
import { inboxPage, setUpPath } from '../requests/inbox-page';
import { integrationSetUpOf } from '../requests/set-ups/integration-set-up';
import { joinSetUp, joinSetUpLate, leaveSetUp } from '../requests/set-ups/join';
import { bounds, heartbeating, here, promptly, WORKER_UPDATE_MS } from './context';
import { defineActivity } from './define';
import { inTime } from './notify';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What a lookup leaves of an attempt is for the join. */
const LOOKUP_MS = 20_000;
/** Of an attempt that notifies it leaves enough for the notifier. */
const NOTICE_LOOKUP_MS = 8_000;
/** Heartbeat of a join that is on the list: later attempts know it by that. */
const JOINED = 'joined';

export const setUpActivities = {
  ...defineActivity(
    'nango.ensureIntegration',
    joinSetUpInputSchema,
    checkJoin,
    async ({ integration, join, ignoreCoolDown, at }, dependencies): Promise<SetUpEnd> => {
      const { info } = Context.current();
      const now = Math.max(at, Date.now());
      const within = { ...bounds(), deadlineMs: LOOKUP_MS };
      // Once joined, an attempt only makes sure that the joiner is on the list: it must not ask somebody who has said no.
      const hasJoined = info.heartbeatDetails === JOINED;
      const lookup = findIntegration(dependencies.api, integration, within);
      const made = await heartbeating(lookup, undefined, () => (hasJoined ? JOINED : undefined));
      if (made !== undefined) return { status: 'ready', made };
      const terms = { ignoreCoolDown: ignoreCoolDown && !hasJoined, at: now };
      const isLate = join.deadline !== undefined && join.deadline <= now;
      const place = here(dependencies);
      const response = isLate
        ? await joinSetUpLate(place, integration, join, WORKER_UPDATE_MS)
        : await joinSetUp(place, integration, join, terms, WORKER_UPDATE_MS);
      if (response.status !== 'pending') return response;
      Context.current().heartbeat(JOINED);
      throw nangoFailure('Nango.SetUpTimedOut', {
        hint: 'Still waiting; this is not an error.',
        nonRetryable: false,
        benign: true,
        retryAfterMs: Math.min(HOUR_MS * 2 ** (info.attempt - 1), DAY_MS),
      });
    },
  ),

  ...defineActivity('nango.leaveSetUp', leaveSetUpInputSchema, checkLeave, async (input, dependencies) => {
    await promptly(() => leaveSetUp(here(dependencies), input.integration, input.joinId));
  }),

  ...defineActivity(
    'nango.notifyOperator',
    setUpNoticeSchema,
    checkSetUpSubject,
    async (notice, dependencies): Promise<MadeIntegration | undefined> => {
      const { api, config, operatorNotifier } = dependencies;
      const within = { ...bounds(), deadlineMs: NOTICE_LOOKUP_MS };
      // Nango being down is no reason not to notify.
      const made = await heartbeating(findIntegration(api, notice.integration, within).catch(() => undefined));
      if (made !== undefined) return made;
      const setUp = integrationSetUpOf(notice.setUp, here(dependencies));
      const shown = { ...notice, page: inboxPage(setUpPath(notice.setUp), config) };
      await heartbeating(inTime((signal) => operatorNotifier(shown, signal, setUp)));
      return undefined;
    },
  ),
};

function checkJoin({ integration, join }: JoinSetUpInput): void {
  checkIntegrationKey(integration, 'integration');
  checkSetUpJoinForm(join);
}

function checkLeave({ integration, joinId }: LeaveSetUpInput): void {
  checkIntegrationKey(integration, 'integration');
  checkName(joinId, 'joinId');
}
