import type { Command } from 'commander';
import { coreLogs } from '../../core-logs';
import { TemporalUnavailableError } from '../../dev/unavailable-error';
import type { Notifier } from '../../notifier';
import { actionOf } from '../terminal/result';
import { EXIT } from '../terminal/exit-codes';
import { CliFailure } from '../terminal/failure';
import type { Io } from '../terminal/io';
import { leaf } from '../terminal/leaf';
import { ownerText } from '../request/owner-text';
import { printable } from '../../contract/rules/printable';
import { questionText } from '../../requests/question-text';
import { clock } from '../terminal/time';
import { untilAborted } from '../terminal/until-aborted';

/** `temporal-nango dev`: everything on one terminal, until Ctrl-C. */
export function devCommand(): Command {
  return leaf(
    'dev',
    'Run everything on this machine: Temporal, the worker, the web and, without a key, a made-up Nango.',
    {
      timeout: false,
      examples: [
        ['dev', 'begin with nothing; what it prints is all that another terminal needs'],
        ['dev --db dev.sqlite', 'keep what happened for the next time'],
      ],
    },
  )
    .option('--db <file>', "file that keeps Temporal's state; without it the state ends with the command")
    .action(
      actionOf(
        async ({ io, json, signal }, { db }: { db?: string }) => {
          // Only here: they take a second that no other command should.
          const [{ Runtime }, { startDev }, { addressesOf, addressesText }, { lineLogger }] = await Promise.all([
            import('@temporalio/worker'),
            import('../dev/start.js'),
            import('../dev/addresses.js'),
            import('../dev/line-logger.js'),
          ]);
          const say = (line: string): void => io.say(`${clock(Date.now())} ${line}`);
          // Signals are ours: the worker must end before what it needs.
          Runtime.install({
            logger: lineLogger(say),
            telemetryOptions: coreLogs('WARN'),
            shutdownSignals: [],
          });
          io.live('Starting …');
          const setting = await startDev({ db, notifier: notifierTo(io), say }).catch(asMissingServer);
          try {
            const addresses = addressesOf(setting);
            await io.print(json ? JSON.stringify(addresses) : addressesText(addresses));
            await Promise.race([untilAborted(signal), setting.ended]);
            io.say('Stopping …');
          } finally {
            await setting.close();
          }
          return { value: undefined, text: '' };
        },
        { drains: true },
      ),
    );
}

function notifierTo(io: Io): Notifier {
  return ({ reason, integration, owner, question }, request) => {
    const what = `${ownerText(owner)} ${questionText(integration, question.kind)}`;
    io.say(printable(`Waiting for ${what} (${reason}): ${request.permanentLink()}`));
  };
}

function asMissingServer(error: unknown): never {
  if (!(error instanceof TemporalUnavailableError)) throw error;
  const [first = ''] = error.message.split('\n');
  throw new CliFailure('Nango.TemporalUnavailable', first, `What helps: ${error.command}`, EXIT.unreachable);
}
