import {
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { checkHealthNews } from '../../contract/rules/check-health';
import { SIGNAL } from '../../contract/names';
import type { ConnectionNames, FailingSign, HealthVerdict } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';
import { healthSignal, isSound, worksSignal } from '../messages';
import { runState } from '../run-state';

/** A verdict may be lost, or the health be terminated: then it is reported once more, and later each time. */
const INSURANCE_MS = 6 * 3_600_000;
/** Where nobody can be reported to a call is made again by itself, after ever longer. */
const ALONE_MS = 30_000;
const ALONE_MOST_MS = 3_600_000;

/** `late`: nothing was known in time */
export type WaitEnd = HealthVerdict | 'late';

/**
 * All calls of this run that wait for one connection. One of them leads: it reports, is made again when the health of the
 * integration says so, and lets the others go on once it works.
 */
export class HealthWait {
  readonly waitId = uuid4();
  /** the verdict that has come and nobody has taken */
  news: HealthVerdict | undefined;
  private isLed = false;
  private end: 'works' | 'reconnect' | undefined;
  private healthId: string | undefined;
  private tries = 0;

  constructor(
    private readonly connection: ConnectionNames,
    private readonly taskQueue: string,
  ) {}

  /**
   * Waits for what is to be done. Whoever gets `try` makes its call and then says by {@link worked}, {@link release} or a
   * further wait what came of it.
   *
   * @param until milliseconds since the epoch
   * @param leads whether the caller has been sent to try
   */
  async verdict(sign: FailingSign, until: number, leads: boolean): Promise<WaitEnd> {
    // All that wait are woken at once, and one of them leads.
    while (!leads && this.isLed) {
      const isFree = (): boolean => !this.isLed || this.end !== undefined;
      const inTime = await conditionUntil(isFree, until);
      if (this.end !== undefined) return this.end;
      if (!inTime) return 'late';
    }
    this.isLed = true;
    try {
      const verdict = await this.lead(sign, until);
      if (verdict === 'try') return verdict;
      if (verdict === 'late') this.isLed = false;
      else this.finish(verdict);
      return verdict;
    } catch (error) {
      this.isLed = false;
      throw error;
    }
  }

  /** The call that was made again shows that the connection works, or its owner has connected it anew. */
  async worked(): Promise<void> {
    this.finish('works');
    const { healthId } = this;
    if (healthId === undefined) return;
    this.healthId = undefined;
    const { connectionId } = this.connection;
    try {
      await getExternalWorkflowHandle(healthId).signal(worksSignal, { connectionId });
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.debug('The health of an integration has ended', { error: String(error) });
    }
  }

  /** The call that was made again does not say. */
  release(): void {
    this.isLed = false;
  }

  private async lead(sign: FailingSign, until: number): Promise<WaitEnd> {
    if (Date.now() >= until) return 'late';
    for (let tried = true; ; tried = false) {
      if (!(await this.report(sign, tried))) return await this.alone(until);
      const came = await conditionUntil(() => this.news !== undefined, Math.min(until, Date.now() + INSURANCE_MS));
      const { news } = this;
      this.news = undefined;
      if (came && news !== undefined) return news;
      if (Date.now() >= until) return 'late';
    }
  }

  private async report(sign: FailingSign, tried: boolean): Promise<boolean> {
    const { 'nango.reportFailing': report } = activitiesWith({
      ...PATIENT,
      taskQueue: this.taskQueue,
      scheduleToCloseTimeout: '5 minutes',
      summary: `a connection of ${this.connection.integration} fails`,
    });
    const waiter = { workflowId: workflowInfo().workflowId, waitId: this.waitId };
    const { integration, connectionId } = this.connection;
    try {
      const reported = await report({ connection: { integration, connectionId }, sign, tried, waiter });
      this.healthId = reported.healthId;
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('A failing connection could not be reported', { error: String(error) });
      return false;
    }
  }

  /** As a worker of an earlier version would have it. */
  private async alone(until: number): Promise<WaitEnd> {
    const pause = Math.min(ALONE_MS * 2 ** this.tries++, ALONE_MOST_MS);
    const isLate = Date.now() + pause >= until;
    await conditionUntil(() => false, Math.min(Date.now() + pause, until));
    return isLate ? 'late' : 'try';
  }

  private finish(end: 'works' | 'reconnect'): void {
    this.end = end;
    this.isLed = false;
    const { healthWaits } = runState();
    const key = keyOf(this.connection);
    if (healthWaits.get(key) === this) healthWaits.delete(key);
  }
}

/** The wait of this run for a connection, which begins now if there is none. */
export function healthWaitFor(connection: ConnectionNames, taskQueue: string): HealthWait {
  const { healthWaits } = runState();
  const key = keyOf(connection);
  const known = healthWaits.get(key);
  if (known !== undefined) return known;
  const wait = new HealthWait(connection, taskQueue);
  healthWaits.set(key, wait);
  setHandler(healthSignal, (news) => {
    if (!isSound(SIGNAL.health, () => checkHealthNews(news))) return;
    for (const waiting of healthWaits.values()) if (waiting.waitId === news.waitId) waiting.news = news.verdict;
  });
  return wait;
}

export function keyOf({ integration, connectionId }: ConnectionNames): string {
  return `${integration}\n${connectionId}`;
}

/** @returns whether it came true in time */
async function conditionUntil(fn: () => boolean, until: number): Promise<boolean> {
  if (until === Infinity) {
    await condition(fn);
    return true;
  }
  return await condition(fn, Math.max(until - Date.now(), 1), { summary: 'until the connection works' });
}
