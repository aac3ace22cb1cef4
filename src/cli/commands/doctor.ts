import { homedir } from 'node:os';
import type { Command } from 'commander';
import { actionOf } from '../terminal/result';
import { doctorContext } from '../doctor/context';
import { readSecret } from '../doctor/read-secret';
import { report } from '../doctor/report';
import { runChecks } from '../doctor/run';
import { secretKeyCheck } from '../doctor/checks/secret-key';
import { offerProfileLine } from '../doctor/shell-profile';
import { EXIT } from '../terminal/exit-codes';
import { leaf } from '../terminal/leaf';

/** `temporal-nango doctor`: one line a check, each with what repairs it. Exit 1 if a check fails. */
export function doctorCommand(): Command {
  return leaf('doctor', 'Say what is set up and what is not, and how to repair it. Changes nothing.', {
    // Each check is bounded, and whoever is asked for a key may have to fetch it first.
    timeout: 'none',
    examples: [
      ['doctor', 'look at everything'],
      ['doctor --json', 'the same for a program: { ok, checks: [{ name, status, says, fix? }] }'],
    ],
  }).action(
    actionOf(async ({ io, json }) => {
      const context = doctorContext();
      try {
        const checks = await runChecks(context);
        const ok = checks.every(({ status }) => status !== 'failed');
        const text = report(checks, io);
        const exitCode = ok ? EXIT.done : EXIT.failed;
        const hasKey = checks.some(({ name, status }) => name === secretKeyCheck.name && status !== 'failed');
        if (hasKey || json || !io.interactive) return { value: { ok, checks }, text, exitCode };
        // Whoever is asked has to have read why.
        await io.print(text);
        await offerProfileLine({ ...io, readSecret, env: context.env, home: homedir() });
        return { value: undefined, text: '', exitCode };
      } finally {
        await context.close();
      }
    }),
  );
}
