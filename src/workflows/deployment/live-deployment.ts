import { setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { codeDigest } from '../../contract/code-digest';
import type { DeploymentInput, DeploymentStatus, DeploymentView, DryRun, Failure } from '../../contract/types';
import { minuteOf } from '../minute-of';
import { Patience } from './patience';

/** A deployment in its workflow: how far it is, for whoever asks for its view or looks at it in Temporal's UI. */
export class LiveDeployment {
  status: DeploymentStatus = 'compiling';
  readonly codeDigest: string;
  dryRun?: DryRun;
  deadline?: number;
  approvedBy?: string;
  failure?: Failure;
  isDeclined = false;
  readonly patience = new Patience();

  constructor(readonly input: DeploymentInput) {
    this.codeDigest = codeDigest(input.code);
    this.show();
  }

  get firstExecutionRunId(): string {
    return workflowInfo().firstExecutionRunId;
  }

  is(status: DeploymentStatus): void {
    this.status = status;
    this.show();
  }

  fail(failure: Failure): void {
    this.failure = failure;
    this.is('failed');
  }

  approve(by: string): void {
    this.approvedBy ??= by;
  }

  view(): DeploymentView {
    const { integration, kind, name } = this.input;
    const { status, codeDigest: digest, dryRun, deadline, approvedBy, failure, firstExecutionRunId } = this;
    return {
      ...{ integration, kind, name, status, codeDigest: digest, dryRun },
      deadline: status === 'waiting' ? deadline : undefined,
      ...{ approvedBy, failure, firstExecutionRunId },
    };
  }

  private show(): void {
    const { integration, kind, name } = this.input;
    const until = this.status === 'waiting' && this.deadline ? ` Until ${minuteOf(this.deadline)}.` : '';
    const why = this.failure === undefined ? '' : ` ${this.failure.type}.`;
    setCurrentDetails(`${WORDS[this.status](`${kind} ${name} of ${integration}`)}${until}${why}`);
  }
}

const WORDS: Record<DeploymentStatus, (what: string) => string> = {
  compiling: (what) => `Compiling the ${what}.`,
  dryRunning: (what) => `A dry run of the ${what} is under way.`,
  waiting: (what) => `Waiting for a yes to deploy the ${what}.`,
  deploying: (what) => `Deploying the ${what}.`,
  running: (what) => `The ${what} is deployed, and is run once.`,
  deployed: (what) => `The ${what} is deployed.`,
  // Whether it is deployed is not known where the end of its deployment is not.
  failed: (what) => `Deploying the ${what} has failed.`,
};
