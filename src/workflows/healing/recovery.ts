import { isCancellation, patched } from '@temporalio/workflow';
import { nangoFailure } from '../../contract/errors';
import type { NangoFailure } from '../../contract/errors';
import type { ConnectionNames, ConnectionRef } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';
import { healthWaitFor, keyOf } from './health-wait';
import type { HealthWait } from './health-wait';
import { current, isHealedAfter } from './healed';
import { reconnect } from './reconnected';
import { runState } from '../run-state';
import type { Sign } from './sign';

/** How long a call waits that heals nothing: as long as its ten tries would take. */
const WAIT_MS = 3 * 3_600_000;
/** So often a call waits until somebody has confirmed whose its connection is: a link may be used again meanwhile. */
const MOST_CONFIRMATIONS = 3;

/** What waits for its connection. */
export interface RecoveredCalls {
  /** whose account is used */
  connection: ConnectionRef;
  /** of the worker that holds the key */
  taskQueue: string;
  /** must not be carried out twice */
  write: boolean;
  /** surely changes nothing, so that it may go to another account */
  isGet: boolean;
  /** milliseconds since the epoch; nothing is begun after it. Default: none */
  until?: number;
}

/** One call, or the calls of one fan-out, on their way through a connection that fails. */
export class Recovery {
  private wait: HealthWait | undefined;
  private leads = false;
  private since: number | undefined;
  private reconnects = 0;
  private confirmations = 0;
  private healedAt = Infinity;
  private hasWorked = false;

  constructor(private readonly calls: RecoveredCalls) {}

  /** Whether the call that is made next shows whether the connection works. */
  get isTry(): boolean {
    return this.leads;
  }

  /**
   * Waits until the connection of a call that failed works, or has been connected anew; a call that may be made again may
   * have to be, to see whether it does.
   *
   * @param begunAt when the call was begun that failed, in milliseconds since the epoch
   * @throws `failure` if nothing was known in time, and afterwards if the call is not to be made again; Nango.ReconnectRequired
   *   where nobody heals it; and as {@link reconnect}
   */
  async afterFailure(sign: Sign, failure: NangoFailure, begunAt: number): Promise<void> {
    if (sign.sign === 'unconfirmed') return await this.untilConfirmed(failure, begunAt);
    // It went through the connection as it was before that: there is nothing to wait for any more.
    if (isHealedAfter(this.calls.connection, begunAt) && patched('temporal-nango/heal-ends')) {
      await this.ended(false);
      this.since = undefined;
      if (sign.repeatable) return;
      throw failure;
    }
    if (sign.repeatable) return await this.untilNextCall(sign, failure, begunAt);
    try {
      do await this.untilNextCall(sign, failure, begunAt);
      while (this.leads && !(await this.isRefreshed()));
    } catch (error) {
      await this.ended(false);
      throw error;
    }
    await this.ended(true);
    throw failure;
  }

  private async untilNextCall({ sign, repeatable }: Sign, failure: NangoFailure, begunAt: number): Promise<void> {
    if (sign === 'unconfirmed') throw failure;
    this.since ??= Date.now();
    const { connection, taskQueue, until: last = Infinity } = this.calls;
    const until = Math.min(last, this.since + (connection.heal?.waitMs ?? WAIT_MS));
    this.wait ??= healthWaitFor(current(connection), taskQueue);
    const { wait } = this;
    const verdict = await wait.verdict(sign, until, this.leads);
    this.leads = verdict === 'try';
    if (verdict === 'try') return;
    this.wait = undefined;
    if (verdict === 'late') throw failure;
    if (verdict === 'reconnect') {
      await this.reconnect({ sign, repeatable }, failure, begunAt);
      await wait.worked();
    }
    this.since = undefined;
  }

  /** One of the calls was a success. @param begunAt when it was begun, in milliseconds since the epoch */
  succeeded(begunAt: number): void {
    if (begunAt >= this.healedAt) this.hasWorked = true;
  }

  /** The call has ended in another way. @param works whether that shows that the connection works */
  async ended(works: boolean): Promise<void> {
    const { wait, leads } = this;
    this.wait = undefined;
    this.leads = false;
    if (wait === undefined || !leads) return;
    if (works) await wait.worked();
    else wait.release();
  }

  /** No try of a call's shows it: the request knows that connects it anew, and has it confirmed. */
  private async untilConfirmed(failure: NangoFailure, begunAt: number): Promise<void> {
    await this.ended(false);
    this.since = undefined;
    const { connection, isGet } = this.calls;
    if (connection.heal === undefined || connection.heal.fails) {
      runState().dead.set(keyOf(connection), { sign: 'unconfirmed', repeatable: true, begunAt });
      throw failure;
    }
    if (this.confirmations++ >= MOST_CONFIRMATIONS) throw failure;
    await reconnect(connection, begunAt, { forWrites: !isGet });
  }

  private async isRefreshed(): Promise<boolean> {
    const { connection, taskQueue } = this.calls;
    const { integration, connectionId } = current(connection);
    return await forceRefresh({ integration, connectionId }, taskQueue);
  }

  private async reconnect({ sign, repeatable }: Sign, failure: NangoFailure, begunAt: number): Promise<void> {
    const { connection, write, isGet } = this.calls;
    if (connection.heal === undefined || connection.heal.fails) {
      const { dead, openWrites } = runState();
      dead.set(keyOf(connection), { sign, repeatable, begunAt });
      if (!repeatable) openWrites.set(keyOf(connection), begunAt);
      throw repeatable ? nangoFailure('Nango.ReconnectRequired', didNotRun(write)) : failure;
    }
    // Connected anew it fails just so: there is nothing that its owner could do.
    if (this.reconnects++ > 0 && !this.worksBetween(sign)) throw failure;
    this.hasWorked = false;
    // A workflow may learn late of a failure, and its owner may have connected anew by then.
    await reconnect(connection, begunAt, { forWrites: !isGet, sign });
    this.healedAt = Date.now();
  }

  /** Then it has died a second time. A provider may say 401 to some calls for a reason of its own, whoever connects what. */
  private worksBetween(sign: Sign['sign']): boolean {
    return this.hasWorked && sign !== 'unauthorized' && patched('temporal-nango/heal-ends');
  }
}

/** In the place of a call that must not be made again. */
async function forceRefresh(connection: ConnectionNames, taskQueue: string): Promise<boolean> {
  const { 'nango.refreshConnection': refresh } = activitiesWith({
    ...PATIENT,
    taskQueue,
    scheduleToCloseTimeout: '2 minutes',
    summary: 'whether its token can be had',
  });
  try {
    return (await refresh(connection)) === 'refreshed';
  } catch (error) {
    if (isCancellation(error)) throw error;
    return false;
  }
}

function didNotRun(write: boolean): { didNotRun?: true } {
  return write ? { didNotRun: true } : {};
}
