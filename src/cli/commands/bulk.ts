import type { Command } from 'commander';
import { checkConnectionRef } from '../../contract/rules/check-call';
import { MAX_FAN_OUT_CONCURRENCY } from '../../contract/limits';
import { BULK_ID_PREFIX } from '../../contract/names';
import type { BulkResult } from '../../contract/types';
import { openFiles } from '../bulk/open-files';
import type { FileOptions } from '../bulk/open-files';
import { runEnd } from '../bulk/run-end';
import { runThroughFiles } from '../bulk/through-files';
import { findTarget, withTargetOptions } from '../options/target';
import type { TargetOptions } from '../options/target';
import { actionOf } from '../terminal/result';
import type { CommandResult } from '../terminal/result';
import { EXIT } from '../terminal/exit-codes';
import { usage } from '../terminal/failure';
import { leaf } from '../terminal/leaf';
import { withTemporal } from '../temporal';

interface Options extends TargetOptions, FileOptions {
  integration: string;
  concurrency?: string;
}

/** `temporal-nango bulk`: a file of calls, and a file of their outcomes. */
export function bulkCommand(): Command {
  const command = leaf('bulk', 'Make the calls of a file, however many, and write their outcomes to another.', {
    timeout: 'none',
    examples: [
      ['bulk --integration hubspot --connection ID --from calls.jsonl --out results.jsonl', 'a call a line, as JSON'],
      ['bulk --integration hubspot --connection ID --from calls.jsonl --out results.jsonl --resume', 'go on with it'],
    ],
  }).requiredOption('--integration <key>', 'the integration to call');
  return withTargetOptions(command)
    .requiredOption('--from <file>', 'the calls: { "method": "GET", "endpoint": "/…" } or { "action": "…" } a line')
    .requiredOption('--out <file>', 'where the outcomes go: a line each, with the index and the line of its call')
    .option('--resume', 'go on with a run that was interrupted, whatever ended it')
    .option('--retry-failed', 'make failed calls again, but for writes that may have been carried out')
    .option('--concurrency <calls>', `calls in flight at a time, 1 to ${MAX_FAN_OUT_CONCURRENCY} (default: 200)`)
    .action(
      actionOf<[Options]>(async (run, options) => {
        const concurrency = concurrencyOf(options.concurrency);
        return await withTemporal(async (temporal) => {
          const connection = await findTarget(temporal, options.integration, options);
          checkConnectionRef(connection);
          const files = await openFiles(options, connection, async ({ id, handedOut }) => {
            return (await runEnd(temporal.client, BULK_ID_PREFIX + id, handedOut, run.signal)) === 'over';
          });
          try {
            run.leaves('The run waits, since its files are here.', 'Go on with it: the same command with --resume.');
            const wanted = { connection, concurrency };
            const { before, ...open } = files;
            return resultOf(await runThroughFiles(run, temporal, { ...open, out: options.out }, wanted, before));
          } finally {
            await files.close();
          }
        });
      }),
    );
}

function concurrencyOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const concurrency = Number(given);
  if (Number.isSafeInteger(concurrency) && concurrency >= 1 && concurrency <= MAX_FAN_OUT_CONCURRENCY)
    return concurrency;
  throw usage(`--concurrency must be a whole number of 1 to ${MAX_FAN_OUT_CONCURRENCY}.`);
}

function resultOf(result: BulkResult & { id: string }): CommandResult {
  const { status, done, failed, unknown, skipped } = result;
  const failures = Object.entries(failed);
  const lines = [`${status === 'completed' ? 'Done' : 'Stopped'}: ${done} calls.`];
  if (skipped > 0) lines.push(`${skipped} were done before.`);
  for (const [type, n] of failures) lines.push(`${n} failed: ${type}.`);
  if (failures.length > 0) lines.push('Make them again with --retry-failed.');
  if (unknown > 0)
    lines.push(`${unknown} writes may or may not have been carried out: see Nango.OutcomeUnknown in --out.`);
  if (status === 'stopped') lines.push('Go on with --resume.');
  const isGood = failures.length === 0 && unknown === 0 && status === 'completed';
  return { value: result, text: lines.join('\n'), exitCode: isGood ? EXIT.done : EXIT.failed };
}
