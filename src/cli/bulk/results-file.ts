import { open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BulkOutcome, Failure, Outcome } from '../../contract/types';
import { usage } from '../terminal/failure';
import { linesOf } from './lines';

/** A response of 256 KB, and whatever JSON makes of its characters. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** One line of `--out`. */
export type ResultLine = {
  /** place among the calls of `--from`, from 0 */
  index: number;
  /** line of `--from`, from 1 */
  line: number;
} & Outcome;

/** The outcomes in `--out`, one a line, each index once, in any order. What it says it has is on the disk. */
export class ResultsFile {
  /** one write at a time: an attempt that has timed out may still be writing when the next one begins */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly file: FileHandle,
    private size: number,
    private readonly known: Uint8Array,
    private readonly lineOf: (index: number) => number,
  ) {}

  /**
   * Opens the file, makes it where there is none, and cuts off a last line that was not written to its end.
   *
   * @throws CliFailure (usage) if it holds anything else; what Node throws
   */
  static async open(path: string, total: number, lineOf: (index: number) => number): Promise<ResultsFile> {
    const file = await open(path, 'a+').then(async (made) => {
      await made.close();
      return await open(path, 'r+');
    });
    try {
      const known = new Uint8Array(total);
      let size = 0;
      for await (const { index, end } of resultsIn(file, total)) {
        known[index] = 1;
        size = end;
      }
      await file.truncate(size);
      await file.sync();
      await syncFolder(path);
      return new ResultsFile(file, size, known, lineOf);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  has(index: number): boolean {
    return this.known[index] === 1;
  }

  get count(): number {
    return this.known.reduce((sum, one) => sum + one, 0);
  }

  /** Writes what it has not got yet. Once this is fulfilled it is on the disk; where it is rejected, nothing has changed. */
  async add(outcomes: BulkOutcome[]): Promise<void> {
    const added = this.last.then(() => this.write(outcomes));
    this.last = added.catch(() => undefined);
    await added;
  }

  async close(): Promise<void> {
    await this.last;
    await this.file.close();
  }

  private async write(outcomes: BulkOutcome[]): Promise<void> {
    const news = new Map(outcomes.filter(({ index }) => !this.has(index)).map((one) => [one.index, one.outcome]));
    if (news.size === 0) return;
    const lines = [...news].map(([index, outcome]): ResultLine => ({ index, line: this.lineOf(index), ...outcome }));
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    try {
      await writeAll(this.file, bytes, this.size);
      await this.file.sync();
    } catch (error) {
      await this.file.truncate(this.size).catch(() => undefined);
      throw error;
    }
    this.size += bytes.length;
    for (const index of news.keys()) this.known[index] = 1;
  }
}

/** A disk that is full takes a part. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

/**
 * What is in a file of results, with where each line ends. What was being written when a process or a machine died stands
 * at the end, and is passed over.
 *
 * @throws CliFailure (usage) for what is no result and has some behind it
 */
export async function* resultsIn(
  file: FileHandle,
  total: number,
): AsyncGenerator<{ index: number; end: number; result: ResultLine }, void> {
  let torn: number | undefined;
  let number = 0;
  for await (const { text, end, whole } of linesOf(file, 0, MAX_LINE_BYTES)) {
    number++;
    const found = resultOf(text, total);
    const result = whole ? found : undefined;
    if (result === undefined) {
      // One that lacks nothing but the end of its line was not promised to anybody either.
      if (found === undefined && !isTorn(text)) throw foreign(number);
      torn ??= number;
    } else if (torn === undefined) yield { index: result.index, end, result };
    else throw foreign(torn);
  }
}

function foreign(line: number) {
  return usage(`Line ${line} of --out is no outcome of a call of --from.`, 'Name the files that belong together.');
}

const BEGINNING = '{"index":';

/** Whether it can be a part of a line of ours; what a machine that lost its power has not written is zeros. */
function isTorn(text: string | undefined): boolean {
  const some = (text ?? '').slice(0, BEGINNING.length);
  return (BEGINNING.startsWith(some) && !isJson(text)) || /^\0*$/.test(some);
}

function resultOf(text: string | undefined, total: number): ResultLine | undefined {
  try {
    const value = JSON.parse(text ?? '') as Partial<ResultLine> | null;
    const { index = -1, ok } = value ?? {};
    const isResult = Number.isSafeInteger(index) && index >= 0 && index < total && typeof ok === 'boolean';
    return isResult ? (value as ResultLine) : undefined;
  } catch {
    return undefined;
  }
}

function isJson(text: string | undefined): boolean {
  try {
    JSON.parse(text ?? '');
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes results out of a file: it is written anew beside the old one, and takes its place.
 *
 * @param isKept of a failed one
 * @returns how many were taken out
 */
export async function removeFailed(
  path: string,
  total: number,
  isKept: (index: number, error: Failure) => boolean | Promise<boolean>,
): Promise<number> {
  const temporary = `${path}.new`;
  const [from, to] = [await open(path, 'r'), await open(temporary, 'w')];
  let removed = 0;
  try {
    for await (const { index, result } of resultsIn(from, total)) {
      if (result.ok || (await isKept(index, result.error))) await to.appendFile(`${JSON.stringify(result)}\n`);
      else removed++;
    }
    await to.sync();
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
  await rename(temporary, path);
  await syncFolder(path);
  return removed;
}

/** A name is on the disk once its folder is; Windows has no such thing. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
