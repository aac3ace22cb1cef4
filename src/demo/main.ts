#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { coreLogs } from '../core-logs';
import type { Tamper } from './fake-hubspot';
import { parseOptions, USAGE } from './options';
import type { DemoOptions } from './options';
import { isComplete, summary } from './report';
import type { Report } from './report';
import { runOnFake, runOnOwn } from './run';
import type { Stage } from './stage';

/** What people read goes to standard error; standard output is for the report. */
function terminal({ yes }: DemoOptions): Stage {
  const { stdin, stderr } = process;
  return {
    say: (text) => void stderr.write(`${text}\n`),
    progress: (text) => void (stderr.isTTY && stderr.write(`\r\u001b[K${text}`)),
    async confirm(question) {
      if (yes || !stdin.isTTY) return;
      const readline = createInterface({ input: stdin, output: stderr });
      await readline.question(question);
      readline.close();
    },
  };
}

/**
 * Runs the demo as its command line does.
 *
 * @param tamper for tests: what the fake provider answers instead
 * @returns the exit code: 0 everything was shown, 1 something failed, 2 wrong usage
 */
export async function main(argv: string[], tamper?: Tamper): Promise<number> {
  let options: DemoOptions;
  try {
    options = parseOptions(argv);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
    return 2;
  }
  const { report, complete } = await runDemo(options, tamper);
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  return complete ? 0 : 1;
}

/**
 * Runs the demo, and tells people on standard error how it goes.
 *
 * @returns what was shown, and whether that is everything
 */
export async function runDemo(options: DemoOptions, tamper?: Tamper): Promise<{ report: Report; complete: boolean }> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: coreLogs('ERROR') });
  const stage = terminal(options);
  const { own } = options;
  const report = await (own === undefined ? runOnFake(options, stage, tamper) : runOnOwn(own, options, stage));
  const complete = own === undefined ? isComplete(report) : report.calls.failed === 0;
  stage.say(`\n${complete ? 'Done' : 'NOT complete'}:\n${summary(report)}`);
  return { report, complete };
}

/** Ends the process with the code, after what is written has been read. */
export function exitWith(code: Promise<number>): void {
  code.then(
    (value) => (process.exitCode = value),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}

if (require.main === module) exitWith(main(process.argv.slice(2)));
