#!/usr/bin/env node
import { hostname } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { resolveConfig } from './config';
import { MAX_SILENCE_MS, pollersOf } from './requests/pollers';

const DEADLINE_MS = 5_000;

/**
 * Asks Temporal whether a worker on this host takes work from our queue: a process that runs but no longer polls does
 * nothing for anybody. That Nango answers is not asked; starting the worker anew would not help.
 *
 * @param options.taskQueue default: {@link resolveConfig}, from the environment and `.env`
 * @param options.host of the worker. Default: this one, so run it beside the worker, in its container
 * @param options.now in milliseconds since the epoch. Default: the clock
 * @returns what is wrong, or nothing
 */
export async function whatIsWrong(
  client: Client,
  {
    taskQueue = resolveConfig().taskQueue,
    host = hostname(),
    now = Date.now(),
  }: { taskQueue?: string; host?: string; now?: number } = {},
): Promise<string | undefined> {
  for (const work of ['workflows', 'activities'] as const) {
    const pollers = (await pollersOf({ client, taskQueue }, work)) ?? [];
    const polls = pollers.some(
      // Workers call themselves `<process id>@<host>`, ours with the version before it.
      ({ identity, lastSeen }) => identity.endsWith(`@${host}`) && now - lastSeen.getTime() < MAX_SILENCE_MS,
    );
    if (!polls) return `No worker on ${host} polls the task queue ${taskQueue} for ${work}.`;
  }
  return undefined;
}

/** Ends with 0 if the worker works, else with 1 and the reason on standard output. Temporal is found as the worker finds it. */
async function main(): Promise<void> {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig();
    const connection = await Connection.connect({ ...connectionOptions, connectTimeout: DEADLINE_MS });
    try {
      const client = new Client({ connection, namespace });
      const wrong = await client.withDeadline(Date.now() + DEADLINE_MS, () => whatIsWrong(client));
      if (wrong === undefined) return;
      console.log(wrong);
    } finally {
      await connection.close();
    }
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
  }
  process.exitCode = 1;
}

if (require.main === module) void main();
