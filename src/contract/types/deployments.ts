import type { CallResponse } from './calls';
import type { Failure } from './joins';
import type { Json } from './json';

/** What is deployed to an integration: https://nango.dev/docs/guides/functions/overview */
export type FunctionKind = 'action' | 'sync';

/** A function by its names. */
export interface FunctionSubject {
  /** key of the integration at Nango */
  integration: string;
  /** what it is */
  kind: FunctionKind;
  /** its name: letters, digits, `_` and `-`, beginning with a letter or digit; at most 255 characters */
  name: string;
}

/** What callers say to have a function deployed. */
export interface DeployFunctionInput extends Omit<FunctionSubject, 'kind'> {
  /** default `action` */
  kind?: FunctionKind;
  /** the TypeScript source, one file of 256 KB at most, as Nango takes it. It stands in the history: no secret in it */
  code: string;
  /**
   * id of the connection of a dry run before the deployment, and of an action's one run after it. Default: neither
   * takes place
   */
  connectionId?: string;
  /** what an action is given by both, 256 KB of JSON at most; default: nothing */
  input?: Json;
  /** who agrees beforehand that it is deployed if the dry run succeeds; default: somebody has to `approve` it */
  approvedBy?: string;
  /**
   * deploys and runs it once more, though the same has been deployed; one that is under way is joined all the same. Default
   * false: where the last deployment of this name was of the same code, with the same connection and input, and that code
   * is there still, it is the answer
   */
  again?: boolean;
}

/** Input of the workflow `deployFunction`, whose update `nango.joinDeployment` everybody says `approvedBy` to. */
export type DeploymentInput = FunctionSubject & Pick<DeployFunctionInput, 'code' | 'connectionId' | 'input'>;

/** What somebody who wants the same says to a deployment that may be under way. */
export interface DeploymentJoin {
  /** of the code, in hexadecimal: another code is refused */
  codeDigest: string;
  /** who agrees beforehand */
  approvedBy?: string;
}

/**
 * Status of a deployment. `compiling`, `dryRunning`, `waiting` (for somebody's yes), `deploying`, `running` (once, to
 * prove it); `deployed` and `failed` are its ends.
 */
export type DeploymentStatus = 'compiling' | 'dryRunning' | 'waiting' | 'deploying' | 'running' | 'deployed' | 'failed';

/** What the compiler found wrong, in its own words, which may quote the code. */
export interface CompilerError {
  /** of the file, from 1; absent where Nango names no place, as on the first line */
  line?: number;
  /** of the line, from 1; absent as `line` */
  column?: number;
  /** at most 500 characters */
  message: string;
}

/** What a dry run has shown. */
export interface DryRun {
  /** what the function returned; absent if it failed, or that is over 256 KB as JSON */
  result?: Json;
  /** of a `result` that is too large to be kept: how many bytes of JSON it has; else absent */
  resultBytes?: number;
  /** the end of what it printed, 8 KB at most; what the code logs is in it */
  output: string;
}

/** What the query `nango.deployment` shows of a deployment. */
export interface DeploymentView extends FunctionSubject {
  /** how far it is, or how it has ended */
  status: DeploymentStatus;
  /** SHA-256 of the code, in hexadecimal */
  codeDigest: string;
  /** what the dry run has shown; absent before, and where there was none */
  dryRun?: DryRun;
  /** until when a yes is waited for, in milliseconds since the epoch; absent unless it is `waiting` */
  deadline?: number;
  /** who has agreed */
  approvedBy?: string;
  /** with `failed` */
  failure?: Failure;
  /** run id of its first run */
  firstExecutionRunId: string;
}

/** Names a deployment for ever: safe to store as JSON. A later deployment of the same function has another one. */
export interface DeploymentRef {
  /** workflow id, `nango-deploy/<environment>/<integration>/<kind>/<name>` */
  id: string;
  /** run id of its first run, which tells it from later ones of the same id */
  firstExecutionRunId: string;
}

/** A function that has been deployed, and is there. */
export interface FunctionDeployment extends FunctionSubject {
  /** as Nango names it; absent where its answer was lost, and the code was compared */
  version?: string;
  /** how the one run went that was to prove it; absent for a sync, and without a connection */
  run?: CallResponse | FailedRun;
}

/** A run that was to prove an action, and failed; the deployment stands. */
export interface FailedRun {
  /** why */
  failure: Failure;
}

/** What is deployed under a name. */
export interface FunctionFacts {
  /** where it is managed: `standalone` if single functions are deployed, else by Nango's own tools; absent if unknown */
  source?: string;
  /** when it was deployed last, as Nango tells it */
  deployedAt?: string;
}

/** How a job at Nango has ended; `overdue`: that is not known, and it is not under way any more. */
export type JobEnd =
  | {
      /** it ran */
      end: 'success';
      /** of a deployment, as Nango names it */
      version?: string;
      /** of a dry run */
      dryRun?: DryRun;
    }
  | {
      /** it ran, to no good end */
      end: 'failed';
      /** Nango's own */
      code?: string;
      /** with the code `compilation_error` */
      errors?: CompilerError[];
      /** of a dry run */
      dryRun?: DryRun;
    }
  | {
      /** nobody knows */
      end: 'overdue';
    };

/** A job at Nango. */
export interface StartedJob {
  /** UUID of the dry run or deployment */
  id: string;
}

/** Input of the activity `nango.startDryRun`. */
export interface StartDryRunInput extends Omit<FunctionSubject, 'name'> {
  /** the TypeScript source */
  code: string;
  /** the connection that it runs on: its calls are real */
  connectionId: string;
  /** what an action is given; default: nothing */
  input?: Json;
}

/** Input of the activity `nango.startDeployment`. */
export interface StartDeploymentInput extends FunctionSubject {
  /** the TypeScript source */
  code: string;
}

/** Input of the activity `nango.compareDeployedCode`. */
export interface DeployedCodeInput extends FunctionSubject {
  /** of the code that may be deployed */
  codeDigest: string;
}

/** Input of the activity `nango.awaitDeployedCode`. */
export interface AwaitDeployedCodeInput extends DeployedCodeInput {
  /** when the function was deployed last before that, as Nango tells it; absent if it was not */
  before?: string;
}
