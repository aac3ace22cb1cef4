import { randomUUID } from 'node:crypto';
import { findCall } from '../calls/find';
import { standaloneCallOf } from '../calls/standalone-call';
import type { StandaloneCall } from '../calls/standalone-call';
import { isWrite } from '../contract/rules/check-call';
import type { CallResponse, Call, ConnectionRef } from '../contract/types';
import { shellCommand } from '../dev/shell-command';
import { requireWorker } from '../requests/pollers';
import type { Place } from '../requests/start';
import { watchCall } from './call-watch';
import type { CommandResult, Run } from './terminal/result';
import { notFound, usage } from './terminal/failure';
import type { CliFailure } from './terminal/failure';
import { printableLines } from './terminal/printable';
import type { Temporal } from './temporal';

/** The command that starts a call, and that gets its result later. */
type CallCommand = 'proxy' | 'action';

/** What is called, and under which id. */
interface GivenCall {
  /** default: a new one */
  id?: string;
  connection: ConnectionRef;
  call: Call;
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
 * Starts a call and waits for its result. Whatever ends this process, `--resume` gets the result of what was sent.
 *
 * @throws Nango.NoWorker; CliFailure (usage) if the id is taken; failures of the taxonomy
 */
export async function startCall(
  run: Run,
  temporal: Temporal,
  command: CallCommand,
  { id: named, connection, call }: GivenCall,
): Promise<CommandResult> {
  const { connections } = temporal;
  const place = placeOf(temporal);
  if (named !== undefined && (await findCall(place, named)) !== undefined) {
    throw usage('A call of this id was made before.', `Its answer: ${resuming(command, named)}`);
  }
  const id = named ?? `cli-${command}-${randomUUID()}`;
  await requireWorker(place, 'activities');
  // Said before it starts: a process that is killed right after could not say it any more.
  run.io.say(`Call ${id}; its answer can be had again: ${resuming(command, id)}`);
  return await responseOf(run, temporal, command, { id, started: await connections.call(connection, call, { id }) });
}

/**
 * Waits for the result of a call that was started before.
 *
 * @throws CliFailure (Cli.NotFound) for one that Temporal does not know; failures of the taxonomy
 */
export async function resumeCall(
  run: Run,
  temporal: Temporal,
  command: CallCommand,
  id: string,
): Promise<CommandResult> {
  const place = placeOf(temporal);
  const found = await findCall(place, id);
  if (found === undefined || found.isAction !== (command === 'action')) throw unknownCall();
  return await responseOf(run, temporal, command, { id, started: standaloneCallOf(found.ref, place) });
}

async function responseOf(
  run: Run,
  { client }: Temporal,
  command: CallCommand,
  { id, started }: { id: string; started: StandaloneCall },
): Promise<CommandResult> {
  run.leaves('The call goes on.', `Its answer: ${resuming(command, id)}`);
  const { ref } = started;
  const watching = watchCall(run, client.activity.getHandle<unknown>(ref.id, ref.runId));
  try {
    const { status, data } = await started.result();
    return { value: { id, status, data }, text: dataText(data) };
  } finally {
    watching.stop();
  }
}

/** The command that gets the answer, as a shell takes it: an id may hold spaces. */
function resuming(command: CallCommand, id: string): string {
  return shellCommand('temporal-nango', [command, '--resume', id]);
}

function placeOf({ client, config: { taskQueue, environment } }: Temporal): Place {
  return { client, taskQueue, environment };
}

function dataText(data: CallResponse['data']): string {
  return printableLines(typeof data === 'string' ? data : JSON.stringify(data, null, 2));
}

function unknownCall(): CliFailure {
  return notFound('There is no call of this id.', 'Temporal forgets a call some time after its end.');
}
