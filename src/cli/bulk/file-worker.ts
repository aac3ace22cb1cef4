import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { BulkPage, BulkSinkInput, BulkSourceInput } from '../../contract/types';
import { coreLogs } from '../../core-logs';
import { pinoLogger } from '../../worker';
import { temporalSettings } from '../temporal';
import type { CallsFile } from './calls-file';
import type { ResultsFile } from './results-file';

/** Names of the activities of this process; a run that waits for a later command has them in its history. */
export const FILE_ACTIVITY = { source: 'cli.readCalls', sink: 'cli.writeResults' } as const;

/** A worker of this process that reads and writes the files of a run. */
export interface FileWorker {
  /** rejected if it broke */
  ended: Promise<void>;
  /** what keeps `--out` from being written, such as ENOSPC; undefined: nothing */
  problem(): string | undefined;
  stop(): Promise<void>;
}

/**
 * @param onRead called before calls are handed out, with how many of the file they reach
 */
export async function startFileWorker(
  taskQueue: string,
  calls: CallsFile,
  results: ResultsFile,
  onRead: (reach: number) => Promise<void>,
): Promise<FileWorker> {
  Runtime.install({ logger: pinoLogger(2), telemetryOptions: coreLogs('ERROR') });
  const { connectionOptions, namespace } = temporalSettings();
  const connection = await NativeConnection.connect(connectionOptions);
  let problem: string | undefined;
  const activities = {
    async [FILE_ACTIVITY.source]({ cursor }: BulkSourceInput): Promise<BulkPage> {
      const from = cursor as { offset: number; index: number } | undefined;
      const page = await calls.page(from, (index) => results.has(index));
      await onRead((from?.index ?? 0) + page.calls.length);
      return page;
    },
    async [FILE_ACTIVITY.sink]({ outcomes }: BulkSinkInput): Promise<void> {
      try {
        await results.add(outcomes);
        problem = undefined;
      } catch (error) {
        problem = String((error as NodeJS.ErrnoException).code);
        // Its message might hold a path.
        throw ApplicationFailure.retryable(`--out cannot be written: ${problem}`);
      }
    },
  };
  const worker = await Worker.create({ connection, namespace, taskQueue, activities, shutdownGraceTime: '5 seconds' });
  const ended = worker.run();
  ended.catch(() => undefined);
  return {
    ended,
    problem: () => problem,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended.catch(() => undefined);
      await connection.close();
    },
  };
}
