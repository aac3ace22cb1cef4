import { CLIENT_UPDATE_MS } from '../../contract/limits';
import { DEPLOYMENT_VIEW, UPDATE } from '../../contract/names';
import { checkObject } from '../../contract/rules/check-shape';
import { checkName } from '../../contract/rules/text';
import { deploymentViewSchema, functionDeploymentSchema } from '../../contract/schemas/deployments';
import type { Actor, DeploymentRef, DeploymentView, FunctionDeployment } from '../../contract/types';
import type { Place } from '../start';
import { withTypedFailures } from '../typed-failures';

/** Makes a deployment. Outside this package nobody can: what one is made of is no part of its face. */
export let deploymentOf: (ref: DeploymentRef, place: Place, existing?: boolean) => Deployment;

/**
 * The deployment of a function, as a backend sees it. Its `ref` is JSON-safe and names this deployment for ever. Made by
 * `NangoConnections.deployFunction` and `NangoConnections.deployment`.
 */
export class Deployment {
  static {
    deploymentOf = (ref, place, existing) => new Deployment(ref, place, existing);
  }

  private constructor(
    /** names this deployment for ever: safe to store as JSON */
    readonly ref: DeploymentRef,
    private readonly place: Place,
    /** of one that `deployFunction` has found: it had ended before, and nothing was deployed now; else false */
    readonly existing = false,
  ) {}

  /**
   * How far it is, and what the dry run has shown; needs a worker.
   *
   * @throws Nango.InvalidRequest with the reason `request_closed` if Temporal has forgotten it; Nango.NoWorker,
   *   Nango.TemporalUnavailable
   */
  async view(): Promise<DeploymentView> {
    const { id, firstExecutionRunId } = this.ref;
    // By its run, which is its only one: the id alone would ask a later deployment of the same function.
    const handle = this.place.client.workflow.getHandle(id, firstExecutionRunId);
    return deploymentViewSchema.parse(await withTypedFailures(() => handle.query(DEPLOYMENT_VIEW)));
  }

  /**
   * Says yes to what the dry run has shown: it is deployed now.
   *
   * @param actor who says so; it is recorded
   * @throws Nango.InvalidRequest with the reason `no_open_question` while it does not wait, `request_closed` if it has ended;
   *   Nango.NoWorker, Nango.TemporalUnavailable
   */
  async approve({ by }: Required<Actor>): Promise<void> {
    checkName(by, 'by');
    await this.update(UPDATE.approveDeployment, { by });
  }

  /**
   * Says no: it is not deployed.
   *
   * @param actor who says so
   * @throws as {@link Deployment.approve}
   */
  async decline(actor: Actor = {}): Promise<void> {
    checkObject(actor, 'actor');
    const { by } = actor;
    if (by !== undefined) checkName(by, 'by');
    await this.update(UPDATE.decline, { by });
  }

  /**
   * Waits until it ends, however long that takes.
   *
   * @returns what is deployed, and how the one run went that was to prove it: a failed run is no failed deployment
   * @throws Nango.CompilationFailed, Nango.DryRunFailed, Nango.DeploymentFailed, Nango.FunctionManagedElsewhere;
   *   Nango.IntegrationNotFound, Nango.ConnectionNotFound, Nango.Forbidden with the `scope` that the key lacks,
   *   Nango.Misconfigured, Nango.PlanLimit; Nango.TemporalUnavailable
   */
  async result(): Promise<FunctionDeployment> {
    return functionDeploymentSchema.parse(await withTypedFailures(() => this.handle().result()));
  }

  /** Every update names the run it is meant for: not every server sees to it that a later one is not reached. */
  private async update(name: string, input: Actor): Promise<void> {
    const { firstExecutionRunId } = this.ref;
    await withTypedFailures(() =>
      this.place.client.withDeadline(Date.now() + CLIENT_UPDATE_MS, () =>
        this.handle().executeUpdate<unknown, [object]>(name, { args: [{ ...input, firstExecutionRunId }] }),
      ),
    );
  }

  private handle() {
    const { id, firstExecutionRunId } = this.ref;
    return this.place.client.workflow.getHandle(id, undefined, { firstExecutionRunId });
  }
}
