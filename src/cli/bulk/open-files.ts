import { access, open } from 'node:fs/promises';
import type { ConnectionRef, Failure } from '../../contract/types';
import { usage } from '../terminal/failure';
import { CallsFile } from './calls-file';
import { removeFailed, ResultsFile, resultsIn } from './results-file';
import { mayRunAgain } from './run-again';
import { lock, readRunFile } from './run-file';
import type { RunFile } from './run-file';

/** What the command was told of its files. */
export interface FileOptions {
  from: string;
  out: string;
  resume?: true;
  retryFailed?: true;
}

/** The files, open, and what an earlier command has left. */
export interface OpenFiles {
  calls: CallsFile;
  results: ResultsFile;
  before: RunFile | undefined;
  close(): Promise<void>;
}

/**
 * Opens the files of a run, for this process alone.
 *
 * @param mayBegin asked before anything is taken out of the results: whether the run before is over
 * @throws CliFailure (usage) for files that are not there, are there already, or do not belong together
 */
export async function openFiles(
  options: FileOptions,
  { integration, connectionId }: ConnectionRef,
  isOver: (before: RunFile) => Promise<boolean>,
): Promise<OpenFiles> {
  const { from, out, resume, retryFailed } = options;
  const goesOn = resume ?? retryFailed ?? false;
  if (!goesOn && (await exists(out))) {
    throw usage('--out is there already.', 'Go on with it with --resume, or name another file.');
  }
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    const calls = await CallsFile.open(from).catch(unreadable('--from'));
    closing.push(() => calls.close());
    closing.push(await lock(out).catch(unreadable('--out')));
    const before = await readRunFile(out);
    if (goesOn && before === undefined)
      throw usage('There is nothing to go on with beside --out.', 'Leave out --resume.');
    if (!goesOn && before !== undefined)
      throw usage('A run of --out was begun before.', 'Go on with it with --resume.');
    if (before !== undefined) {
      const isSame = before.connection.integration === integration && before.connection.connectionId === connectionId;
      if (before.hash !== calls.hash) throw usage('--from is not the file that --out was begun with.');
      if (!isSame) throw usage('The connection is not the one that --out was begun with.');
      if (retryFailed) {
        if (!(await isOver(before)))
          throw usage('The run of --out is not over.', 'Bring it to its end with --resume first.');
        await takeOutFailed(out, calls);
      }
    }
    const results = await ResultsFile.open(out, calls.total, (index) => calls.lineOf(index)).catch(unreadable('--out'));
    closing.push(() => results.close());
    return { calls, results, before, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Takes those out of the results that are to be made again. */
async function takeOutFailed(out: string, calls: CallsFile): Promise<void> {
  const failed = new Map<number, Failure>();
  const file = await open(out, 'r');
  try {
    for await (const { index, result } of resultsIn(file, calls.total)) if (!result.ok) failed.set(index, result.error);
  } finally {
    await file.close();
  }
  for await (const { index, call } of calls.all()) {
    const error = failed.get(index);
    if (error !== undefined && !mayRunAgain(call, error)) failed.delete(index);
  }
  if (failed.size > 0) await removeFailed(out, calls.total, (index) => !failed.has(index));
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** Node's own message holds the path, which may be anything. */
function unreadable(option: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code === undefined || error.syscall === undefined) throw error;
    throw usage(`${option} cannot be opened (${error.code}).`);
  };
}
