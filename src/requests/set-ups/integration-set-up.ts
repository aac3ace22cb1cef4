import { checkTime } from '../../contract/rules/check-request';
import { checkGivenCredentials } from '../../contract/rules/check-set-up';
import { checkObject } from '../../contract/rules/check-shape';
import { checkName } from '../../contract/rules/text';
import { CLIENT_UPDATE_MS } from '../../contract/limits';
import { CLIENT_JOIN_ID, SET_UP_VIEW, UPDATE } from '../../contract/names';
import { setUpEndSchema, setUpOutcomeSchema, setUpViewSchema } from '../../contract/schemas/set-ups';
import { setUpFailure, thrownFailure } from '../../contract/set-up-end';
import type { Actor, MadeIntegration, SetUpDecision, SetUpRef, SetUpStatus, SetUpView } from '../../contract/types';
import { describeWorkflow } from '../describe-workflow';
import { lastRun } from '../description';
import type { Place } from '../start';
import { refuseLater } from '../refuse-later';
import { withTypedFailures } from '../typed-failures';

/** Makes a set-up. Outside this package nobody can: what one is made of is no part of its face. */
export let integrationSetUpOf: (ref: SetUpRef, place: Place) => IntegrationSetUp;

/**
 * The set-up of an integration, as a backend sees it: an operator has to act. Its `ref` is JSON-safe and names this set-up
 * for ever. Made by `NangoConnections.ensureIntegration`, `NangoConnections.ensureConnection` and
 * `NangoConnections.setUp`.
 */
export class IntegrationSetUp {
  /** tells it from a connection, a request, and an integration that is there */
  readonly kind = 'setUp';

  static {
    integrationSetUpOf = (ref, place) => new IntegrationSetUp(ref, place);
  }

  private constructor(
    /** names this set-up for ever: safe to store as JSON */
    readonly ref: SetUpRef,
    private readonly place: Place,
  ) {}

  /**
   * Its own view; needs a worker.
   *
   * @throws Nango.InvalidRequest with the reason `request_closed` once a later set-up has taken its place; Nango.NoWorker,
   *   Nango.TemporalUnavailable
   */
  async view(): Promise<SetUpView> {
    const view = setUpViewSchema.parse(await withTypedFailures(() => this.handle().query(SET_UP_VIEW)));
    refuseLater(view, this.ref);
    return view;
  }

  /**
   * What it last showed of itself, open or ended, without a worker.
   *
   * @returns nothing if Temporal has forgotten it
   * @throws Nango.TemporalUnavailable
   */
  async describe(): Promise<SetUpView | undefined> {
    return await withTypedFailures(async () => {
      const { client } = this.place;
      const { id, firstExecutionRunId } = this.ref;
      const latest = await describeWorkflow(client, id);
      const isLatest = latest?.raw.workflowExecutionInfo?.firstRunId === firstExecutionRunId;
      const own = isLatest ? latest : await lastRun(client, id, firstExecutionRunId);
      const view = setUpViewSchema.safeParse(own?.memo?.[SET_UP_VIEW]).data;
      if (own === undefined || view === undefined || own.status.name === 'RUNNING') return view;
      // One that was terminated has no end: nobody waits for it any more.
      const isOver = view.status !== 'checking' && view.status !== 'waiting';
      return isOver ? view : { ...view, status: 'cancelled', question: undefined };
    });
  }

  /**
   * Decides what is asked, and waits until that is carried out.
   *
   * @param decision one of the question's `choices`. With `own` the credentials: what is secret is named as a variable of the
   *   worker, and is never given
   * @returns `ready`; or `waiting`, if it still takes its time
   * @throws Nango.InvalidRequest for what is none of the choices, with the reason `no_open_question` if somebody else was
   *   first, `request_closed` if it has ended, the field `nangoApp` where Nango lends no app, or `credentials` where it
   *   refuses them; Nango.IntegrationNotFound for `made` if it is not there; Nango.Forbidden with the `scope` that the key
   *   lacks; Nango.Misconfigured naming a variable that is not set; Nango.NoWorker, Nango.TemporalUnavailable
   */
  async decide(decision: SetUpDecision): Promise<SetUpStatus> {
    checkObject(decision, 'decision');
    checkName(decision.by, 'by');
    // The set-up refuses it too, but a secret must not even be sent to it.
    if (decision.choice === 'own') checkGivenCredentials(decision.credentials);
    const outcome = setUpOutcomeSchema.parse(await this.update(UPDATE.decideSetUp, { ...decision }));
    if (outcome.problem !== undefined) throw thrownFailure(outcome.problem);
    return outcome.status;
  }

  /**
   * Waits until it ends, however long that takes.
   *
   * @throws Nango.SetUpTimedOut, Nango.SetUpDeclined, Nango.SetUpCancelled, or why it cannot be had
   */
  async result(): Promise<MadeIntegration> {
    const end = setUpEndSchema.parse(await withTypedFailures(() => this.handle().result()));
    if (end.status === 'ready') return end.made;
    throw setUpFailure(end);
  }

  /**
   * An operator says no: everybody who waits gets that, and nobody is asked again for a day.
   *
   * @param actor who does it
   * @throws Nango.InvalidRequest, Nango.NoWorker, Nango.TemporalUnavailable
   */
  async decline({ by }: Actor = {}): Promise<void> {
    await this.update(UPDATE.decline, { by });
  }

  /**
   * Takes this backend off the set-up; others who wait for it go on waiting.
   *
   * @throws Nango.InvalidRequest with the reason `request_closed`; Nango.NoWorker, Nango.TemporalUnavailable
   */
  async cancel(): Promise<void> {
    await this.update(UPDATE.leave, { joinId: CLIENT_JOIN_ID });
  }

  /**
   * Ends the set-up for everybody who waits.
   *
   * @param actor who does it
   * @throws Nango.InvalidRequest, Nango.NoWorker, Nango.TemporalUnavailable
   */
  async cancelForAll({ by }: Required<Actor>): Promise<void> {
    checkName(by, 'by');
    await this.update(UPDATE.cancel, { by });
  }

  /**
   * Moves the deadline of everybody who waits.
   *
   * @param until milliseconds since the epoch, at most a year ahead
   * @param actor who does it
   * @throws Nango.InvalidRequest, Nango.NoWorker, Nango.TemporalUnavailable
   */
  async extend(until: number, { by }: Actor = {}): Promise<void> {
    checkTime(until, 'until');
    await this.update(UPDATE.extend, { until, by });
  }

  /** Every update names the run it is meant for: not every server sees to it that a later one is not reached. */
  private async update(name: string, input: { by?: string; [field: string]: unknown }): Promise<unknown> {
    if (input.by !== undefined) checkName(input.by, 'by');
    const { client } = this.place;
    const { firstExecutionRunId } = this.ref;
    return await withTypedFailures(() =>
      client.withDeadline(Date.now() + CLIENT_UPDATE_MS, () =>
        this.handle().executeUpdate<unknown, [object]>(name, { args: [{ ...input, firstExecutionRunId }] }),
      ),
    );
  }

  private handle() {
    const { id, firstExecutionRunId } = this.ref;
    return this.place.client.workflow.getHandle(id, undefined, { firstExecutionRunId });
  }
}
