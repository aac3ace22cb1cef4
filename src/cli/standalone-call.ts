import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActivityExecutionAlreadyStartedError, ActivityNotFoundError } from '@temporalio/client';
import type { ActivityHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { ApplicationFailure, Duration } from '@temporalio/common';
import { isWrite } from '../contract/rules/check-call';
import { causesOf, findNangoFailure, nangoFailure } from '../contract/errors';
import { callResponseSchema } from '../contract/schemas/calls';
import type { CallResponse, Call, ConnectionRef } from '../contract/types';
import { requireWorker } from '../requests/pollers';
import { callOptions, MAX_ATTEMPTS } from '../workflows/calls/call-options';
import { pauseBeforeNextWrite } from '../workflows/calls/write-again';
import { watchCall } from './call-watch';
import type { CommandResult, Run } from './terminal/result';
import { notFound, usage } from './terminal/failure';
import type { CliFailure } from './terminal/failure';
import { factsInBrief, factsOf } from './terminal/failure-facts';
import { printable } from '../contract/rules/printable';
import { printableLines } from './terminal/printable';
import { clock } from './terminal/time';
import type { Temporal } from './temporal';

/** A call as an activity of its own: no workflow, yet it outlives the command that started it. */
export interface StandaloneCall {
  /** of {@link ACTIVITY} */
  activity: string;
  /** the command that started it, and that gets its result later */
  command: 'proxy' | 'action';
}

/** What is called, and how. */
export interface StartedCall {
  id: string;
  connection: ConnectionRef;
  call: Call;
  timeout: Duration;
  /** what Temporal's UI shows */
  summary: string;
  idempotencyKey?: string;
}

/** An id for a call that was given none. */
export function callId(command: StandaloneCall['command']): string {
  return `cli-${command}-${randomUUID()}`;
}

/**
 * Asks before a write that must not happen twice: what "at most once" means has to be known before, not after.
 *
 * @param yes the caller knows
 * @throws CliFailure (usage) without a yes
 */
export async function confirmWrite({ io }: Run, call: Call, what: string, yes: boolean): Promise<void> {
  if (yes || !isWrite(call)) return;
  io.say(`${what} is a write without an idempotency key, so it is sent at most once: should its answer be lost on the`);
  io.say('way, it may or may not have been carried out, and nothing here will send it again.');
  if (!io.interactive) {
    throw usage('A write asks first, and there is nobody to ask.', 'Add --yes, or --idempotent if it may run twice.');
  }
  if (!(await io.confirm('Send it?'))) throw usage('Nothing was sent.');
}

/**
 * Starts a call and waits for its result; a write that surely did not run is sent again, as in a workflow. Whatever
 * ends this process, `--resume` gets the result of what was sent.
 *
 * @param started its id names the call
 * @throws Nango.NoWorker; CliFailure (usage) if the id is taken; failures of the taxonomy
 */
export async function startCall(
  run: Run,
  { client, config }: Temporal,
  call: StandaloneCall,
  { id, connection, call: given, timeout, summary, idempotencyKey }: StartedCall,
): Promise<CommandResult> {
  const write = isWrite(given);
  const { integration, connectionId } = connection;
  const { taskQueue, environment } = config;
  await requireWorker({ client, taskQueue, environment });
  // Said before it starts: a process that is killed right after could not say it any more.
  run.io.say(`Call ${id}; its answer can be had again: temporal-nango ${call.command} --resume ${id}`);
  for (let attempt = 1; ; attempt++) {
    try {
      const handle = await client.activity.start<unknown>(call.activity, {
        ...callOptions(connection, { write, timeout, taskQueue, summary }),
        id,
        taskQueue,
        args: [{ connection: { integration, connectionId }, call: given, idempotencyKey }],
        // The run of this id that failed before was our own.
        idReusePolicy: attempt === 1 ? 'REJECT_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
        idConflictPolicy: 'FAIL',
      });
      return await responseOf(run, call, handle, write);
    } catch (error) {
      if (error instanceof ActivityExecutionAlreadyStartedError) {
        throw usage('A call of this id was made before.', `Its answer: temporal-nango ${call.command} --resume ${id}`);
      }
      const failure = findNangoFailure(error);
      const pause = write && failure !== undefined ? pauseBeforeNextWrite(failure, attempt) : undefined;
      if (failure === undefined || pause === undefined) throw error;
      await pauseWrite(run, failure, { pause, attempt });
    }
  }
}

/** Says that a write did not run, and waits until it may be sent again. @throws once the waiting was ended */
async function pauseWrite(
  run: Run,
  failure: ApplicationFailure,
  { pause, attempt }: { pause: number; attempt: number },
): Promise<void> {
  run.leaves(
    'The write was not carried out, and is not sent again.',
    'Run the same command again, under another --id.',
  );
  const brief = factsInBrief(factsOf(failure));
  run.io.say(printable(`${failure.message}${brief && ` (${brief})`}`));
  run.io.say(
    `The write did not run. It is sent again at ${clock(Date.now() + pause)}, attempt ${attempt + 1} of ${MAX_ATTEMPTS}.`,
  );
  await sleep(pause, undefined, { signal: run.signal });
}

/**
 * Waits for the result of a call that was started before.
 *
 * @throws CliFailure (Cli.NotFound) for one that Temporal does not know; failures of the taxonomy
 */
export async function resumeCall(
  run: Run,
  { client }: Temporal,
  call: StandaloneCall,
  id: string,
): Promise<CommandResult> {
  const handle = client.activity.getHandle<unknown>(id);
  const { activityType, retryPolicy } = await handle.describe().catch((error: unknown) => {
    throw isUnknown(error) ? unknownCall() : error;
  });
  if (activityType !== call.activity) throw unknownCall();
  return await responseOf(run, call, handle, retryPolicy.maximumAttempts === 1);
}

async function responseOf(
  run: Run,
  { command }: StandaloneCall,
  handle: ActivityHandle<unknown>,
  write: boolean,
): Promise<CommandResult> {
  const id = handle.activityId;
  run.leaves('The call goes on.', `Its answer: temporal-nango ${command} --resume ${id}`);
  const watching = watchCall(run, handle);
  try {
    const { status, data } = callResponseSchema.parse(await handle.result());
    return { value: { id, status, data }, text: dataText(data) };
  } catch (error) {
    throw standaloneFailure(error, write);
  } finally {
    watching.stop();
  }
}

/** Whatever ended an activity without a workflow; a call without a response is one that may have been carried out. */
function standaloneFailure(error: unknown, write: boolean): unknown {
  const failure = findNangoFailure(error);
  if (failure !== undefined) return failure;
  if (!(error instanceof Error) || error.name !== 'ActivityExecutionFailedError') return error;
  return nangoFailure(write ? 'Nango.OutcomeUnknown' : 'Nango.Unavailable', { reason: 'timed_out' });
}

function dataText(data: CallResponse['data']): string {
  return printableLines(typeof data === 'string' ? data : JSON.stringify(data, null, 2));
}

function unknownCall(): CliFailure {
  return notFound('There is no call of this id.', 'Temporal forgets a call some time after its end.');
}

function isUnknown(error: unknown): boolean {
  if (error instanceof ActivityNotFoundError || error instanceof WorkflowNotFoundError) return true;
  return [...causesOf(error)].some(({ code }) => code === NOT_FOUND);
}

/** gRPC status, https://grpc.io/docs/guides/status-codes/ */
const NOT_FOUND = 5;
