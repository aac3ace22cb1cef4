import { link, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { bulkRefSchema } from '../../contract/schemas/bulk';
import { connectionRefSchema } from '../../contract/schemas/connections';
import { usage } from '../terminal/failure';
import { syncFolder } from './results-file';

const runFileSchema = z.object({
  /** the run, once it has begun */
  ref: bulkRefSchema.optional(),
  /** its name, from before it has begun */
  id: z.string(),
  /** the queue of the worker that has the files */
  taskQueue: z.string(),
  connection: connectionRefSchema,
  /** SHA-256 of the calls */
  hash: z.string(),
  /** how many calls of the file the run may know of: what is behind them was surely not begun */
  handedOut: z.number(),
});

/** What stands beside `--out`, so that a run can be gone on with: which it is, and how far it has read. */
export type RunFile = z.infer<typeof runFileSchema>;

/** @returns undefined if there is none. @throws CliFailure (usage) for another file of that name */
export async function readRunFile(out: string): Promise<RunFile | undefined> {
  const text = await readFile(pathOf(out), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return runFileSchema.parse(JSON.parse(text));
  } catch {
    throw usage('The file beside --out that ends with .run.json cannot be read.', 'Begin anew, with another --out.');
  }
}

/** Once this is fulfilled it is on the disk. */
export async function writeRunFile(out: string, run: RunFile): Promise<void> {
  const temporary = `${pathOf(out)}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(`${JSON.stringify(run)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, pathOf(out));
  await syncFolder(out);
}

/**
 * Two commands with one `--out` would write each index twice.
 *
 * @returns gives it back
 * @throws CliFailure (usage) while another process has it
 */
export async function lock(out: string): Promise<() => Promise<void>> {
  const path = `${out}.lock`;
  const own = `${path}.${process.pid}`;
  await writeFile(own, String(process.pid));
  for (;;) {
    try {
      // With its content from the first moment on.
      await link(own, path);
      await rm(own);
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (isAlive(owner)) {
      await rm(own);
      throw usage(
        'Another command writes to this --out.',
        `It is process ${owner}; if it is not, delete the .lock file beside --out.`,
      );
    }
    // Left by one that was killed.
    await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function pathOf(out: string): string {
  return `${out}.run.json`;
}
