import type { ActivityHandle } from '@temporalio/client';
import { nangoFailure } from '../contract/errors';
import { callResponseSchema } from '../contract/schemas/calls';
import type { CallRef, CallResponse } from '../contract/types';
import type { Place } from '../requests/start';
import { leaveCancelled } from './healing-input';
import { endOfCall, isOver, withCallFailures } from './call-failures';

/** Makes a call. Outside this package nobody can: what one is made of is no part of its face. */
export let standaloneCallOf: (ref: CallRef, place: Place) => StandaloneCall;

/**
 * A call without a workflow, which goes on whatever becomes of the process that started it. Its `ref` is JSON-safe and names
 * this call for ever. Made by `NangoConnections.call` and `NangoConnections.callOf`.
 */
export class StandaloneCall {
  static {
    standaloneCallOf = (ref, place) => new StandaloneCall(ref, place);
  }

  private constructor(
    /** names this call for ever: safe to store as JSON */
    readonly ref: CallRef,
    private readonly place: Place,
  ) {}

  /**
   * Waits until it ends, however long that takes.
   *
   * @returns status and body of the response, or the output of the action
   * @throws what `nango.proxy` and `nango.action` throw in workflow code: Nango.OutcomeUnknown for a write that may have been
   *   carried out, of which nothing else is known if its worker was lost or it was terminated, and with a `callId` if Temporal
   *   could not be asked, which may be tried again; Temporal's `CancelledFailure` for a call that was cancelled, and a write was
   *   not carried out then; Nango.InvalidRequest with the reason `call_forgotten`; of a read Nango.TemporalUnavailable
   */
  async result(): Promise<CallResponse> {
    const result = await withCallFailures(async () => {
      try {
        return await this.handle().result();
      } catch (error) {
        throw endOfCall(error, this.ref);
      }
    });
    const response = callResponseSchema.safeParse(result);
    if (response.success) return response.data;
    // Whoever may start activities may give one our name; and what is nested too deeply for this process is no JSON to it.
    const { status } = Object(result) as { status?: unknown };
    throw nangoFailure('Nango.BadResponse', { status: typeof status === 'number' ? status : undefined });
  }

  /**
   * Cancels it. A read is aborted. A write is not sent if it has not been sent yet; one that has been goes on to its end, which
   * `result()` gives. One that has ended stays as it is. Of a read with `heal` the owner is not asked any longer, unless
   * somebody else waits for the connection, too: its end is waited for, some seconds at the most as a rule. It may be said
   * again, and does what it has not done by then.
   *
   * @throws Nango.InvalidRequest with the reason `call_forgotten`; Nango.TemporalUnavailable, also for a read that is cancelled
   *   and of which Temporal does not say whether its owner is asked
   */
  async cancel(): Promise<void> {
    await withCallFailures(async () => {
      try {
        await this.handle().cancel('cancelled by a client');
      } catch (error) {
        if (!isOver(error)) throw error;
      }
      // One that was cancelled before may be on the request still: whoever did so may not have come to this.
      if (!this.ref.write) await leaveCancelled(this.place, this.handle());
    });
  }

  private handle(): ActivityHandle<unknown> {
    const { id, runId } = this.ref;
    return this.place.client.activity.getHandle(id, runId);
  }
}
