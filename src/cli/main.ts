#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { resolveConfig } from '../config';
import { VERSION } from '../version';
import { EXIT } from './terminal/exit-codes';
import { cliFailure } from './terminal/failure';
import type { CliFailure } from './terminal/failure';
import { factsInBrief, factsInFull } from './terminal/failure-facts';
import { printableJson } from '../contract/rules/printable';
import { processIo } from './terminal/io';
import { printableLines } from './terminal/printable';
import { refuseSecrets } from './terminal/refuse-secrets';

/** In the order in which help lists them. Each is loaded when it is needed: Temporal's client takes its time. */
const COMMANDS: { [name: string]: () => Promise<Command> } = {
  demo: async () => (await import('./commands/demo.js')).demoCommand(),
  dev: async () => (await import('./commands/dev.js')).devCommand(),
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand(),
  worker: async () => (await import('./commands/worker.js')).workerCommand(),
  web: async () => (await import('./commands/web.js')).webCommand(),
  integrations: async () => (await import('./commands/integrations.js')).integrationsCommand(),
  connections: async () => (await import('./commands/connections.js')).connectionsCommand(),
  functions: async () => (await import('./commands/functions.js')).functionsCommand(),
  actions: async () => (await import('./commands/actions.js')).actionsCommand(),
  providers: async () => (await import('./commands/providers.js')).providersCommand(),
  docs: async () => (await import('./commands/docs.js')).docsCommand(),
  ensure: async () => (await import('./commands/ensure.js')).ensureCommand(),
  proxy: async () => (await import('./commands/proxy.js')).proxyCommand(),
  action: async () => (await import('./commands/action.js')).actionCommand(),
  bulk: async () => (await import('./commands/bulk.js')).bulkCommand(),
  requests: async () => (await import('./commands/requests.js')).requestsCommand(),
  schedule: async () => (await import('./commands/schedule.js')).scheduleCommand(),
};

/**
 * The command line.
 *
 * @param name of the only command that is needed; default, and for a name that is none: all of them
 */
export async function program(name = ''): Promise<Command> {
  const root = new Command('temporal-nango')
    .description('Durable workflows that use any third-party API through Nango, and wait for people to connect.')
    .version(VERSION)
    .showSuggestionAfterError()
    // What stands after the name of a command is for that one: `integrations` and `integrations add` both know --json.
    .enablePositionalOptions()
    .exitOverride()
    // What is wrong is told once, by main.
    .configureOutput({ outputError: () => undefined });
  const only = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  for (const load of only === undefined ? Object.values(COMMANDS) : [only]) root.addCommand(await load());
  inherit(root);
  return root;
}

/** Commands that were made apart take over how errors are told. */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inherit(command);
  }
}

/**
 * Runs a command line. Standard output gets the result or, with `--json`, `{"error":{type,message,hint,…}}`
 * with what else is known of the failure.
 *
 * @param args without the program's own name
 * @returns the exit code
 */
export async function main(args: string[]): Promise<number> {
  try {
    refuseSecrets(args, knownSecrets());
    const root = await program(args[0]);
    await root.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    // A group of commands without one of them has printed its help.
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage;
    const failure = cliFailure(error);
    await print(failure, args.includes('--json'));
    return failure.exitCode;
  }
}

async function print({ type, message, hint, facts }: CliFailure, json: boolean): Promise<void> {
  const io = processIo();
  if (json) {
    await io.print(printableJson(JSON.stringify({ error: { type, message, hint, ...facts } })));
    return;
  }
  const brief = factsInBrief(facts);
  io.say(`${io.errorColors.red('Error:')} ${printableLines(`${message}${brief && ` (${brief})`}`)}`);
  if (hint !== undefined) io.say(printableLines(hint));
  for (const line of factsInFull(facts)) io.say(printableLines(line));
}

/** The secrets that are set; none where the settings cannot be read, which the command itself will say. */
function knownSecrets(): string[] {
  try {
    const { secretKey, connectKey, webhookSigningKeys, linkKeys, inboxToken } = resolveConfig();
    const set = [secretKey, connectKey, ...webhookSigningKeys, ...linkKeys, inboxToken, process.env.TEMPORAL_API_KEY];
    return set.filter((secret) => secret !== undefined);
  } catch {
    return [];
  }
}

/** Ends the process though a connection may still be open: the result is out. */
function end(code: Promise<number>): void {
  const exit = code.catch(async (error: unknown) => {
    const failure = cliFailure(error);
    await print(failure, false);
    return failure.exitCode;
  });
  void exit.then((value) => process.exit(value));
}

if (require.main === module) {
  // Nobody wants a stack. A reader that has gone away, as `| head` does, is no failure worth a word.
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.failed);
    end(Promise.reject(error));
  });
  end(main(process.argv.slice(2)));
}
