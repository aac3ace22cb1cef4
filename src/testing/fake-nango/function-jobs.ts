import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Dry runs and deployments take their time: whoever began one reads how it ended. */

/** How long one may take, in milliseconds; then Nango gives it up. */
const MAY_TAKE_MS = { dryrun: 510_000, deployment: 330_000 };
/** Default of how long one takes. Nango's took 5 to 12 s. */
const TAKES_MS = 100;

/** A dry run or a deployment, before it does anything. */
export interface FakeJob {
  /** by which its end is read */
  id: string;
  /** what it is */
  kind: 'dryrun' | 'deployment';
  /** key of the integration */
  integration: string;
  /** of what */
  functionKind: 'action' | 'sync';
  /** name of the function; absent in a dry run */
  name?: string;
  /** of the function */
  code: string;
}

/**
 * What a job waits for before it does anything. A promise that never ends holds it; one that fails fails the job.
 *
 * @throws FakeJobError for the code and the text that Nango says
 */
export type JobHandler = (job: FakeJob) => void | Promise<void>;

/** A job that fails for a reason of Nango's own. */
export class FakeJobError extends Error {
  constructor(
    /** e.g. `deployment_error` */
    readonly code: string,
    /** for people */
    message: string,
    /** what was printed until then; default: the message */
    readonly output = message,
  ) {
    super(message);
  }
}

/** What a job that did not fail has to show. */
export interface JobOutcome {
  output: string;
  result?: unknown;
  deployed?: true;
  deployed_functions?: { name: string; version: string }[];
}

interface Job extends FakeJob {
  createdAt: number;
  end?: { at: number } & ({ outcome: JobOutcome } | { error: { code: string; message: string }; output?: string });
}

/** All of them, since the start. */
export class FunctionJobs {
  /** what a job waits for; default: a moment */
  handler: JobHandler = () => sleep(TAKES_MS, undefined, { ref: false });
  private readonly jobs = new Map<string, Job>();

  constructor(private readonly clock: () => number) {}

  /** Begins one. @param work once the handler lets it. @returns what is said of it at once */
  begin(of: Omit<FakeJob, 'id'>, work: () => Promise<JobOutcome>): object {
    const job: Job = { id: randomUUID(), ...of, createdAt: this.clock() };
    this.jobs.set(job.id, job);
    void this.run(job, work);
    return { id: job.id, status: 'running', created_at: isoOf(job.createdAt) };
  }

  /** What can be known of one. @returns undefined if there is none of that kind */
  view(kind: FakeJob['kind'], id: string): object | undefined {
    const job = this.jobs.get(id);
    if (job?.kind !== kind) return undefined;
    this.giveUp(job);
    const { integration, name, functionKind, createdAt, end } = job;
    return {
      id,
      status: end === undefined ? 'running' : 'outcome' in end ? 'success' : 'failed',
      integration_id: integration,
      function_name: name,
      function_type: functionKind,
      created_at: isoOf(createdAt),
      updated_at: isoOf(end?.at ?? createdAt),
      started_at: isoOf(createdAt),
      ...(end && { completed_at: isoOf(end.at), duration_ms: end.at - createdAt }),
      ...(end && ('outcome' in end ? end.outcome : { output: end.output, error: end.error })),
    };
  }

  /** A job that was given up does its work all the same when it gets to it, as one would that is only slow. */
  private async run(job: Job, work: () => Promise<JobOutcome>): Promise<void> {
    try {
      await this.handler(job);
      const outcome = await work();
      this.giveUp(job);
      job.end ??= { at: this.clock(), outcome };
    } catch (error) {
      this.giveUp(job);
      const { code = 'execution_error', message, output } = error as Partial<FakeJobError>;
      job.end ??= { at: this.clock(), error: { code, message: message ?? String(error) }, output };
    }
  }

  private giveUp(job: Job): void {
    const at = job.createdAt + MAY_TAKE_MS[job.kind];
    if (this.clock() < at) return;
    job.end ??= { at, error: { code: 'timeout', message: 'It took too long.' } };
  }
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
