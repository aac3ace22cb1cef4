import { condition, patched } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import { findNangoFailure } from '../../contract/errors';
import { replacementOf } from '../../contract/rules/choose';
import type { Connection, Snapshot, Subject } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';

/** Lists lag behind webhooks: a hinted connection that is not there yet is read again after these. */
const REREAD_MS = [1_000, 4_000];
/** A backend's join waits for a lookup, but not for a slow one: only ten updates of a run are in flight at a time. */
export const QUICK_MS = 2_000;

/** How long a lookup may take: somebody waits in an update; nobody does, but a deadline may; for ever. */
export type Pace = 'quick' | 'soon' | 'patient';

const BOUNDS: Record<Pace, ActivityOptions> = {
  quick: { scheduleToCloseTimeout: QUICK_MS },
  soon: { scheduleToCloseTimeout: '30 seconds' },
  patient: {},
};

function options(pace: Pace): ActivityOptions {
  return { ...PATIENT, ...BOUNDS[pace], summary: 'looks for the connection' };
}

/** All connections of an owner. */
interface Listed {
  type: 'listed';
  connections: Connection[];
}

/** What a lookup has found. */
export type Read =
  | { type: 'listed' | 'lookedUp'; connections: Connection[]; hinted?: string }
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'replaced'; connection: Connection };

/** The lookups of a request at Nango: by owner, or of the connection that is to be connected anew. */
export class RequestReads {
  constructor(
    private readonly subject: Subject,
    private readonly reconnect: string | undefined,
  ) {}

  async first(pace: Pace): Promise<Read> {
    if (this.reconnect === undefined) return await this.byOwner(pace);
    const { 'nango.snapshotConnection': snapshot } = activitiesWith(options(pace));
    const ref = { integration: this.subject.integration, connectionId: this.reconnect };
    try {
      return { type: 'snapshot', snapshot: await snapshot(ref) };
    } catch (error) {
      const isGone = findNangoFailure(error)?.type === 'Nango.ConnectionNotFound';
      const connection = isGone ? await this.madeInPlaceOf(this.reconnect, pace) : undefined;
      if (connection === undefined) throw error;
      return { type: 'replaced', connection };
    }
  }

  private async madeInPlaceOf(connectionId: string, pace: Pace): Promise<Connection | undefined> {
    if (!patched('temporal-nango/recreate')) return undefined;
    return replacementOf((await this.byOwner(pace)).connections, this.subject, connectionId);
  }

  /** All connections of the owner, in the list that does not make Nango refresh anything. */
  async byOwner(pace: Pace): Promise<Listed> {
    const { 'nango.findConnections': find } = activitiesWith(options(pace));
    return { type: 'listed', connections: await find(this.subject) };
  }

  /**
   * One that something pointed at. A link may have made another before it, which is then the one.
   *
   * @param enough whether one that is not there yet need not be read again
   */
  async hinted(connectionId: string, enough: () => boolean): Promise<Read> {
    const { 'nango.findHinted': findHinted } = activitiesWith({ ...PATIENT, summary: 'reads the hinted connection' });
    for (const pause of [...REREAD_MS, undefined]) {
      try {
        const connections = await findHinted({ subject: this.subject, connectionId });
        return { type: 'lookedUp', connections, hinted: connectionId };
      } catch (error) {
        if (findNangoFailure(error)?.type !== 'Nango.ConnectionNotFound') throw error;
        if (enough() || pause === undefined || (await condition(enough, pause))) break;
      }
    }
    return { type: 'lookedUp', connections: [], hinted: enough() ? undefined : connectionId };
  }
}
