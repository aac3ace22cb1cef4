import { condition, isCancellation, log, patched, sleep, workflowInfo } from '@temporalio/workflow';
import { findNangoFailure } from '../../contract/errors';
import { keptFailure } from '../../contract/set-up-end';
import type { SetUpNotice } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';
import type { LiveSetUp } from './live-set-up';
import { nextTask, questionOf } from './set-up-state';
import type { SetUpTask } from './set-up-state';

const FIRST_POLL_MS = 60_000;

const reads = activitiesWith({ ...PATIENT, summary: 'what the set-up takes' });
const writes = activitiesWith({ ...PATIENT, summary: 'makes the integration' });
/** Its retries are the polls, at a pace of its own: they leave no events. */
const polls = activitiesWith({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 minute', backoffCoefficient: 1 },
  summary: 'waits for the integration',
});
/** As a person's notifier: called again, but never twice within an hour. */
const notices = activitiesWith({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 hour', backoffCoefficient: 2, maximumAttempts: 3 },
  summary: 'notifies the operators',
});

/** Does what can be done without an operator, and what an operator has decided; one thing at a time. */
export async function carryOut(live: LiveSetUp): Promise<never> {
  for (;;) {
    await condition(() => nextTask(live.state) !== undefined);
    const task = nextTask(live.state);
    if (task === undefined) continue;
    try {
      await TASKS[task](live);
    } catch (error) {
      const failure = findNangoFailure(error);
      if (failure === undefined) throw error;
      live.apply({ type: 'failed', failure: keptFailure(failure), isUntried: isUntried(live, task) });
    }
  }
}

/** Whether an operator has decided something else while this was tried. Earlier versions dropped that. */
function isUntried({ state }: LiveSetUp, task: SetUpTask): true | undefined {
  const isOther = state.decision !== undefined && nextTask(state) !== task;
  return (isOther && patched('temporal-nango/untried-decision')) || undefined;
}

const TASKS: Record<SetUpTask, (live: LiveSetUp) => Promise<void>> = {
  facts: async (live) => {
    live.apply({ type: 'facts', facts: await reads['nango.getSetUpFacts'](live.state.subject) });
  },
  create: async (live) => {
    live.apply({ type: 'made', made: await writes['nango.createIntegration'](live.state.subject) });
  },
  quickstart: async (live) => {
    const made = await writes['nango.quickstartIntegration'](live.state.subject);
    live.apply(made ? { type: 'made', made } : { type: 'lendsNone', isUntried: isUntried(live, 'quickstart') });
  },
  own: async (live) => {
    const { subject, decision, toDo, scopes } = live.state;
    if (decision?.choice !== 'own' || toDo === undefined) return;
    const own = {
      authMode: toDo.authMode,
      credentials: decision.credentials,
      scopes: scopes.length > 0 ? scopes : undefined,
    };
    live.apply({ type: 'made', made: await writes['nango.createIntegration']({ ...subject, own }) });
  },
  find: async (live) => {
    const { made } = await reads['nango.getSetUpFacts'](live.state.subject);
    live.apply(made ? { type: 'made', made } : { type: 'notFound' });
  },
};

/** Notices by itself what an operator has made in the dashboard. */
export async function awaitMade(live: LiveSetUp): Promise<void> {
  await condition(() => live.state.status === 'waiting');
  await sleep(FIRST_POLL_MS, { summary: 'until the integration is looked up again' });
  const { integration } = live.state.subject;
  live.apply({ type: 'made', made: await polls['nango.awaitIntegration']({ integration }) });
}

/** Operators are notified once of the question. */
export async function notifyAtFirst(live: LiveSetUp): Promise<never> {
  for (;;) {
    await condition(() => live.state.status === 'waiting' && !live.state.isNotified);
    live.apply({ type: 'notified' });
    await notifyOperator(live, 'opened');
  }
}

/** What goes wrong with it harms nobody who waits. */
export async function notifyOperator(live: LiveSetUp, reason: SetUpNotice['reason']): Promise<void> {
  const { state } = live;
  const question = questionOf(state);
  if (question === undefined) return;
  const { workflowId: id, firstExecutionRunId } = workflowInfo();
  const { subject, reminders } = state;
  live.notices++;
  try {
    const notice = { reason, setUp: { id, firstExecutionRunId }, ...subject, question, reminders };
    const made = await notices['nango.notifyOperator'](notice);
    if (made) live.apply({ type: 'made', made });
  } catch (error) {
    if (!isCancellation(error)) log.warn('The notifier failed', { error: String(error) });
  } finally {
    live.notices--;
  }
}
