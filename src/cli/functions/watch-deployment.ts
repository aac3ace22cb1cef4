import { setTimeout as sleep } from 'node:timers/promises';
import { TerminatedFailure } from '@temporalio/common';
import { printable } from '../../contract/rules/printable';
import type { DeploymentStatus, DryRun, FunctionDeployment } from '../../contract/types';
import { causesOf, findNangoFailure, reasonOf } from '../../contract/errors';
import type { NangoErrorType } from '../../contract/errors';
import type { Deployment } from '../../requests/deployments/deployment';
import { EXIT } from '../terminal/exit-codes';
import { CliFailure } from '../terminal/failure';
import { printableLines } from '../terminal/printable';
import type { Run } from '../terminal/result';

const EVERY_MS = 500;

/** How a deployment has ended, and what its dry run has shown, if that was to be read. */
interface WatchedDeployment {
  result: FunctionDeployment;
  dryRun?: DryRun;
}

/**
 * Shows how far a deployment is until it ends, and asks for the yes that it waits for. Its end is waited for besides: one
 * that was terminated, or forgotten, shows none.
 *
 * @param by whose yes or no it is
 * @throws what `Deployment.result` throws, but for an outage of Temporal, which is waited out; CliFailure
 *   (Nango.OutcomeUnknown) where somebody has terminated it
 */
export async function watchDeployment(
  { io, signal }: Run,
  deployment: Deployment,
  by: string,
): Promise<WatchedDeployment> {
  const over = new AbortController();
  const ended = resultOf(deployment, signal).finally(() => over.abort());
  // Ctrl-C ends the watching without it.
  ended.catch(() => undefined);
  let shown: DryRun | undefined;
  let isDecided = false;
  for (;;) {
    const isLast = over.signal.aborted;
    // That it cannot be read just now ends nothing.
    const view = await deployment.view().catch(() => undefined);
    const { dryRun, status } = view ?? {};
    if (dryRun !== undefined && shown === undefined) io.say(dryRunText((shown = dryRun)));
    if (isLast || status === 'deployed' || status === 'failed') return { result: await ended, dryRun: shown };
    if (view !== undefined && status !== undefined) io.live(WORDS[status](printable(view.name)));
    if (view !== undefined && status === 'waiting' && !isDecided) {
      isDecided = true;
      const question = `Deploy ${printable(view.name)} to ${printable(view.integration)}?`;
      const yes = await io.confirm(question, over.signal);
      if (!over.signal.aborted) await decide(deployment, yes, by);
      continue;
    }
    await sleep(EVERY_MS, undefined, { signal });
  }
}

/** Its result, however often Temporal cannot be reached. */
async function resultOf(deployment: Deployment, signal: AbortSignal): Promise<FunctionDeployment> {
  for (;;) {
    try {
      return await deployment.result();
    } catch (error) {
      if ([...causesOf(error)].some((cause) => cause instanceof TerminatedFailure)) throw terminated();
      if (findNangoFailure(error)?.type !== 'Nango.TemporalUnavailable') throw error;
      await sleep(EVERY_MS, undefined, { signal });
    }
  }
}

function terminated(): CliFailure {
  const hint = 'What it had begun may have been carried out: see `temporal-nango functions show`.';
  const type: NangoErrorType = 'Nango.OutcomeUnknown';
  return new CliFailure(type, 'Somebody has terminated the deployment.', hint, EXIT.failed);
}

/** Somebody else may have been first. */
async function decide(deployment: Deployment, yes: boolean, by: string): Promise<void> {
  try {
    await (yes ? deployment.approve({ by }) : deployment.decline({ by }));
  } catch (error) {
    const reason = reasonOf(error);
    if (reason !== 'no_open_question' && reason !== 'request_closed') throw error;
  }
}

function dryRunText(dryRun: DryRun): string {
  return printableLines(['The dry run printed:', dryRun.output.trim(), ...returnedBy(dryRun)].join('\n'));
}

function returnedBy({ result, resultBytes }: DryRun): string[] {
  if (resultBytes !== undefined) return [`It returned ${resultBytes} bytes of JSON, too many to be kept and shown.`];
  return result === undefined ? [] : [`It returned: ${JSON.stringify(result, null, 2)}`];
}

const WORDS: Record<Exclude<DeploymentStatus, 'deployed' | 'failed'>, (name: string) => string> = {
  compiling: (name) => `Compiling ${name}`,
  dryRunning: (name) => `A dry run of ${name}`,
  waiting: (name) => `${name} waits for a yes`,
  deploying: (name) => `Deploying ${name}`,
  running: (name) => `Running ${name} once`,
};
