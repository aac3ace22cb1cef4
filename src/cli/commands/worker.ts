import type { Command } from 'commander';
import { nangoFailure } from '../../contract/errors';
import { lineNotifier, operatorLineNotifier } from '../../notifier';
import { actionOf } from '../terminal/result';
import { leaf } from '../terminal/leaf';
import { missingNamespace, temporalSettings } from '../temporal';

/** `temporal-nango worker`: the process that holds the Nango key. */
export function workerCommand(): Command {
  return leaf('worker', 'Run the worker that holds the Nango key, until Ctrl-C or SIGTERM; then it drains.', {
    timeout: false,
    examples: [['worker 2>> worker.log', 'its log is on standard error, one JSON object a line']],
  }).action(
    actionOf(
      async ({ io }) => {
        temporalSettings();
        // Temporal's core takes long to load; only those who run a worker wait for it.
        const { pinoLogger, runNangoWorker } = await import('../../worker.js');
        const { Runtime } = await import('@temporalio/worker');
        const { coreLogs } = await import('../../core-logs.js');
        Runtime.install({ logger: pinoLogger(2), telemetryOptions: coreLogs('WARN') });
        try {
          const say = (line: string): void => io.say(line);
          await runNangoWorker({ notifier: lineNotifier(say), operatorNotifier: operatorLineNotifier(say) });
        } catch (error) {
          const isTransport = error instanceof Error && error.name === 'TransportError';
          throw missingNamespace(error) ?? (isTransport ? nangoFailure('Nango.TemporalUnavailable') : error);
        }
        return { value: { drained: true }, text: '' };
      },
      { drains: true },
    ),
  );
}
