import { nangoFailure, reasonOf } from '../contract/errors';
import { CLIENT_UPDATE_MS } from '../contract/limits';
import { BULK_PROGRESS, UPDATE } from '../contract/names';
import { checkName } from '../contract/rules/text';
import { bulkProgressSchema, bulkResultSchema } from '../contract/schemas/bulk';
import type { Actor, BulkProgress, BulkRef, BulkResult } from '../contract/types';
import type { Place } from '../requests/start';
import { withTypedFailures } from '../requests/typed-failures';

/** Makes a bulk run. Outside this package nobody can: what one is made of is no part of its face. */
export let bulkRunOf: (ref: BulkRef, place: Place) => BulkRun;

/**
 * A bulk run, as a backend sees it. Its `ref` is JSON-safe and names this run for ever. Made by `NangoConnections.bulk` and
 * `NangoConnections.bulkRun`.
 */
export class BulkRun {
  static {
    bulkRunOf = (ref, place) => new BulkRun(ref, place);
  }

  private constructor(
    /** names this run for ever: safe to store as JSON */
    readonly ref: BulkRef,
    private readonly place: Place,
  ) {}

  /**
   * How far it is. While it runs this needs a worker; of one that has ended it is what it was last.
   *
   * @throws Nango.InvalidRequest with the reason `bulk_ended` if Temporal has forgotten it, or its id is another run's by
   *   now; Nango.NoWorker, Nango.TemporalUnavailable
   */
  async progress(): Promise<BulkProgress> {
    return await this.typed(async () => {
      const { status, memo, raw } = await this.handle().describe();
      const latest = raw.workflowExecutionInfo?.firstRunId;
      if (latest && latest !== this.ref.firstExecutionRunId) throw ended();
      const last = status.name === 'RUNNING' ? undefined : bulkProgressSchema.safeParse(memo?.[BULK_PROGRESS]).data;
      return last ?? bulkProgressSchema.parse(await this.handle().query(BULK_PROGRESS));
    });
  }

  /**
   * Begins no more calls until `resume`; those in flight end.
   *
   * @param actor who does it
   * @throws Nango.InvalidRequest with the reason `bulk_ended` or `bulk_stopping`; Nango.NoWorker, Nango.TemporalUnavailable
   */
  async pause(actor: Actor = {}): Promise<void> {
    await this.update(UPDATE.pause, actor);
  }

  /** Goes on after `pause`. @param actor who does it. @throws as {@link BulkRun.pause} */
  async resume(actor: Actor = {}): Promise<void> {
    await this.update(UPDATE.resume, actor);
  }

  /**
   * Begins no more calls for good: it completes as `stopped` once the sink has what was done.
   *
   * @param actor who does it
   * @throws Nango.InvalidRequest with the reason `bulk_ended`; Nango.NoWorker, Nango.TemporalUnavailable
   */
  async stop(actor: Actor = {}): Promise<void> {
    await this.update(UPDATE.stop, actor);
  }

  /**
   * Waits until it ends, however long that takes.
   *
   * @throws Nango.BulkFailed once what was begun is over; Nango.TemporalUnavailable
   */
  async result(): Promise<BulkResult> {
    const { id, firstExecutionRunId } = this.ref;
    // By its first run: the latest one of the id may be another's.
    const first = this.place.client.workflow.getHandle(id, firstExecutionRunId);
    return await this.typed(async () => bulkResultSchema.parse(await first.result()));
  }

  private async update(name: string, { by }: Actor): Promise<void> {
    if (by !== undefined) checkName(by, 'by');
    const { client } = this.place;
    await this.typed(() =>
      client.withDeadline(Date.now() + CLIENT_UPDATE_MS, () =>
        this.handle().executeUpdate<void, [Actor]>(name, { args: [{ by }] }),
      ),
    );
  }

  private async typed<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await withTypedFailures(call);
    } catch (error) {
      throw reasonOf(error) === 'request_closed' ? ended() : error;
    }
  }

  private handle() {
    const { id, firstExecutionRunId } = this.ref;
    return this.place.client.workflow.getHandle(id, undefined, { firstExecutionRunId });
  }
}

function ended(): Error {
  return nangoFailure('Nango.InvalidRequest', { reason: 'bulk_ended', hint: 'The run has ended.' });
}
