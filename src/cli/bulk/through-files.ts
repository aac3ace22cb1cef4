import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BulkRun } from '../../bulk/bulk-run';
import { isWrite } from '../../contract/rules/check-call';
import { refusalOf } from '../../contract/rules/check-bulk';
import { BULK_ID_PREFIX } from '../../contract/names';
import type { BulkResult, ConnectionRef } from '../../contract/types';
import type { Run } from '../terminal/result';
import type { Temporal } from '../temporal';
import type { CallsFile } from './calls-file';
import { FILE_ACTIVITY, startFileWorker } from './file-worker';
import type { FileWorker } from './file-worker';
import { progressLine } from './progress-line';
import type { ResultsFile } from './results-file';
import { runEnd } from './run-end';
import { writeRunFile } from './run-file';
import type { RunFile } from './run-file';

/** A killed command is noticed by the run after this. */
const FILE_TIMEOUT_MS = 15_000;
const EVERY_MS = { terminal: 1_000, log: 10_000 };

/** The files of a run. */
export interface Files {
  calls: CallsFile;
  results: ResultsFile;
  /** path of the results */
  out: string;
}

/** What is to be done with them. */
export interface Wanted {
  connection: ConnectionRef;
  concurrency?: number;
}

/**
 * Serves the files to their run until it ends: the one that an earlier command has begun, or a new one for what is left.
 *
 * @param before what an earlier command has left; undefined: this is the first
 */
export async function runThroughFiles(
  run: Run,
  temporal: Temporal,
  files: Files,
  wanted: Wanted,
  before: RunFile | undefined,
): Promise<BulkResult & { id: string }> {
  const { calls, results, out } = files;
  let kept = before ?? newRun(wanted, calls);
  const keep = async (change: Partial<RunFile>): Promise<void> => {
    kept = { ...kept, ...change };
    await writeRunFile(out, kept);
  };
  await keep({});
  const worker = await startFileWorker(kept.taskQueue, calls, results, async (reach) => {
    if (reach > kept.handedOut) await keep({ handedOut: reach });
  });
  try {
    let bulk = await running();
    if (bulk === undefined) {
      bulk = await temporal.connections.bulk(
        {
          connection: wanted.connection,
          source: { activity: FILE_ACTIVITY.source, taskQueue: kept.taskQueue, timeoutMs: FILE_TIMEOUT_MS },
          sink: { activity: FILE_ACTIVITY.sink, taskQueue: kept.taskQueue, timeoutMs: FILE_TIMEOUT_MS },
          concurrency: wanted.concurrency,
        },
        { id: kept.id },
      );
      await keep({ ref: bulk.ref });
    }
    const result = await untilEnded(run, bulk, worker);
    // Nothing is open any more, whatever Temporal remembers of it.
    await keep({ handedOut: 0 });
    return { id: bulk.ref.id, ...result };
  } finally {
    await worker.stop();
  }

  /** The run that an earlier command has begun, if it goes on; otherwise what it has left is put in order. */
  async function running(): Promise<BulkRun | undefined> {
    if (before === undefined) return undefined;
    const { client, connections } = temporal;
    const id = BULK_ID_PREFIX + kept.id;
    const end = await runEnd(client, id, kept.handedOut, run.signal);
    if (end === 'running') {
      const ref = kept.ref ?? { id, firstExecutionRunId: await firstRunOf(id) };
      await keep({ ref });
      const bulk = connections.bulkRun(ref);
      if ((await bulk.progress()).status === 'paused') await bulk.resume();
      return bulk;
    }
    if (end === 'lost') await giveUpWrites(calls, results, kept.handedOut);
    await keep({ id: randomUUID(), ref: undefined, handedOut: 0 });
    return undefined;
  }

  async function firstRunOf(id: string): Promise<string> {
    const { raw } = await temporal.client.workflow.getHandle(id).describe();
    return raw.workflowExecutionInfo?.firstRunId ?? '';
  }
}

function newRun({ connection }: Wanted, { hash }: CallsFile): RunFile {
  const id = randomUUID();
  const { integration, connectionId } = connection;
  return { id, taskQueue: `nango-bulk-files-${id}`, connection: { integration, connectionId }, hash, handedOut: 0 };
}

/** Writes that a run may have begun and of whose end nobody knows are not repeated. */
async function giveUpWrites(calls: CallsFile, results: ResultsFile, handedOut: number): Promise<void> {
  const outcome = { ok: false, error: { type: 'Nango.OutcomeUnknown', reason: 'page_lost' } } as const;
  for await (const { index, call } of calls.all()) {
    if (index >= handedOut) return;
    const isCall = refusalOf(call) === undefined;
    if (isCall && isWrite(call) && !results.has(index)) await results.add([{ index, outcome }]);
  }
}

async function untilEnded(run: Run, bulk: BulkRun, worker: FileWorker): Promise<BulkResult> {
  const over = new AbortController();
  const watching = watch(run, bulk, worker, over.signal);
  try {
    // A worker that breaks would leave the run waiting without a word.
    const broken = worker.ended.then(() => Promise.reject(new Error('The worker of the files has ended.')));
    return await Promise.race([bulk.result(), broken]);
  } finally {
    over.abort();
    await watching;
  }
}

/** That progress cannot be had ends nothing. */
async function watch({ io }: Run, bulk: BulkRun, worker: FileWorker, over: AbortSignal): Promise<void> {
  const every = io.interactive ? EVERY_MS.terminal : EVERY_MS.log;
  while (!over.aborted) {
    const progress = await bulk.progress().catch(() => undefined);
    if (over.aborted) return;
    if (progress !== undefined) io.live(progressLine(progress, worker.problem()));
    await sleep(every, undefined, { signal: over }).catch(() => undefined);
  }
}
