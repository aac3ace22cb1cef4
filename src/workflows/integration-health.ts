import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  setCurrentDetails,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { SIGNAL, WORKFLOW } from '../contract/names';
import { noticeId } from '../contract/request-id';
import { checkFailingReport, checkWorksReport } from '../contract/rules/check-health';
import { checkHint } from '../contract/rules/check-messages';
import type { OutageNotice } from '../contract/types';
import { activitiesWith, PATIENT } from './activity-proxies';
import { begin } from './health/health-state';
import { handedOn } from './health/handed-on';
import type { DueVerdict, HealthState } from './health/health-state';
import { isFirst401, MOST_JUDGED, nextDue, revivedBy, step, takenIn } from './health/health-step';
import type { HealthEvent, HealthStep } from './health/health-step';
import { inWords } from './health/in-words';
import { tally } from './health/judge';
import { failingSignal, healthSignal, hintSignal, isSound, worksSignal } from './messages';
import type { operatorNotice } from './operator-notice';

/** Of which integration. */
export interface HealthInput {
  /** label of the Nango environment */
  environment: string;
  /** key of the integration at Nango */
  integration: string;
}

interface RunInput extends HealthInput {
  carried?: HealthState;
}

/** Temporal takes 10,000 signals a run. */
const MOST_SIGNALS = 5_000;
/** Signals that are on their way at a time; Temporal allows 2,000. */
const MOST_VERDICTS = 200;

const ONCE = { ...PATIENT, scheduleToCloseTimeout: '2 minutes' } as const;
const { 'nango.readHealth': readHealth } = activitiesWith({ ...ONCE, summary: 'which connections fail' });
const { 'nango.refreshConnection': refreshConnection } = activitiesWith({ ...ONCE, summary: 'has a token made new' });

/**
 * Tells a dead connection of an integration from one whose provider is down, for all calls that wait. One for an
 * integration; it lives while a connection fails, and forgets everything after that.
 */
export function integrationHealth(input: HealthInput): Promise<void>;
export async function integrationHealth({ environment, integration, carried }: RunInput): Promise<void> {
  let state = carried ?? begin(Date.now());
  let signals = 0;
  const verdicts: DueVerdict[] = [];

  /** Signals since the last turn of the loop, which comes after all that come together. */
  let together = 0;
  let isJudged = true;

  function apply(event: HealthEvent): void {
    if (++together <= MOST_JUDGED || !patched('temporal-nango/health-bursts')) return judge(event);
    isJudged = false;
    moveTo(takenIn(state, event, Date.now()));
  }

  function judge(event: HealthEvent): void {
    const before = state.outage;
    moveTo(step(state, event, Date.now()));
    if (state.outage !== undefined && before === undefined) void notifyOperator({ environment, integration }, state);
  }

  function moveTo(next: HealthStep): void {
    state = next.state;
    verdicts.push(...next.verdicts);
  }

  setHandler(failingSignal, (report) => {
    signals++;
    if (!isSound(SIGNAL.failing, () => checkFailingReport(report))) return;
    const countsAnew = (isFirst401(state, report) && patched('temporal-nango/first-401')) || undefined;
    apply({ ...report, type: 'reported', countsAnew });
  });
  setHandler(worksSignal, (report) => {
    signals++;
    if (isSound(SIGNAL.works, () => checkWorksReport(report))) apply({ ...report, type: 'works' });
  });
  setHandler(hintSignal, (hint) => {
    signals++;
    if (isSound(SIGNAL.hint, () => checkHint(hint))) apply({ type: 'hint', connectionId: hint.connectionId });
  });
  const isLong = (): boolean => signals >= MOST_SIGNALS || workflowInfo().continueAsNewSuggested;

  for (;;) {
    together = 0;
    if (!isJudged) judge({ type: 'tick' });
    isJudged = true;
    setCurrentDetails(inWords(integration, state, Date.now()));
    while (verdicts.length > 0) await Promise.all(verdicts.splice(0, MOST_VERDICTS).map(deliver));
    if (state.suspects.length === 0 && state.stoodThere !== undefined) return;
    if (isLong()) {
      await condition(allHandlersFinished);
      await continueAsNew<(input: RunInput) => Promise<void>>({
        environment,
        integration,
        carried: handedOn(state, Date.now()),
      });
    }
    if (state.readAt <= Date.now()) {
      const reading = await attempted(() => readHealth({ integration }));
      const known = reading ?? { failing: state.stoodThere ?? [], working: [] };
      const works = revivedBy(state, known);
      const revived = works.length > 0 && patched('temporal-nango/dead-works') ? works : [];
      apply({ type: 'read', ...known, revived });
      continue;
    }
    const unrefreshed = state.suspects.find(({ refresh }) => refresh === 'wanted');
    if (unrefreshed !== undefined) {
      const { connectionId } = unrefreshed;
      const outcome = await attempted(() => refreshConnection({ integration, connectionId }));
      apply({ type: 'refreshed', connectionId, outcome: outcome ?? 'unknown' });
      continue;
    }
    const wanted = state;
    const wait = Math.max(nextDue(state, Date.now()) - Date.now(), 1);
    const moved = await condition(() => state !== wanted || verdicts.length > 0, wait, {
      summary: 'next try or verdict',
    });
    if (!moved) apply({ type: 'tick' });
  }
}

/** What cannot be had is done without: the next time comes. */
async function attempted<T>(activity: () => Promise<T>): Promise<T | undefined> {
  try {
    return await activity();
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The health of an integration could not be read', { error: String(error) });
    return undefined;
  }
}

/** By workflow id, since whoever waits may have continued as new; one that is gone needs none. */
async function deliver({ workflowId, waitId, verdict }: DueVerdict): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(healthSignal, { waitId, verdict });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('Somebody who waited for a connection is gone', { error: String(error) });
  }
}

/** A second burst within the hour has the same id, which Temporal itself refuses. */
async function notifyOperator({ environment, integration }: HealthInput, state: HealthState): Promise<void> {
  const now = Date.now();
  const notice: OutageNotice = { reason: 'outage', integration, failing: tally(state, now).failing, since: now };
  try {
    await startChild<typeof operatorNotice>(WORKFLOW.operatorNotice, {
      workflowId: noticeId(environment, integration, now),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [notice],
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.debug('The operator has been notified within the hour', { error: String(error) });
  }
}
