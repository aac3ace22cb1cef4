import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { BulkPage, Call, Json } from '../../contract/types';
import { linesOf } from './lines';

/** A call with a body of 256 KB is well below it. */
const MAX_LINE_BYTES = 512 * 1024;
/** Calls of a page that are to be made: few enough that one page more or less does not matter. */
const PAGE_CALLS = 500;
/** With one line more it is still less than a page may be. */
const PAGE_BYTES = 400 * 1024;
/** Places of a page that need not be filled. */
const PAGE_PLACES = 10_000;

/** Where a page begins. */
interface Cursor {
  offset: number;
  index: number;
}

/** The calls of `--from`: one a line, where blank lines do not count. */
export class CallsFile {
  private constructor(
    private readonly file: FileHandle,
    /** how many there are */
    readonly total: number,
    /** SHA-256 of the file */
    readonly hash: string,
    /** for each blank line, how many calls stand before it */
    private readonly blanks: number[],
  ) {}

  /** Opens a file and reads it through once. @throws what Node throws */
  static async open(path: string): Promise<CallsFile> {
    const file = await open(path, 'r');
    try {
      let total = 0;
      const blanks: number[] = [];
      for await (const { text } of linesOf(file, 0, MAX_LINE_BYTES)) {
        if (isBlank(text)) blanks.push(total);
        else total++;
      }
      return new CallsFile(file, total, await hashOf(file), blanks);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The line on which a call stands, from 1. */
  lineOf(index: number): number {
    let [low, high] = [0, this.blanks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.blanks[middle]! <= index) low = middle + 1;
      else high = middle;
    }
    return index + low + 1;
  }

  /** One page. @param isDone of an index: nothing is to be done there */
  async page(
    cursor: Cursor = { offset: 0, index: 0 },
    isDone: (index: number) => boolean,
  ): Promise<BulkPage & { next?: Json }> {
    const calls: (Call | null)[] = [];
    let { offset, index } = cursor;
    let [bytes, toDo] = [0, 0];
    for await (const { text, end } of linesOf(this.file, offset, MAX_LINE_BYTES)) {
      offset = end;
      if (isBlank(text)) continue;
      const call = isDone(index) ? null : callOf(text);
      calls.push(call);
      index++;
      if (call !== null) toDo++;
      bytes += Buffer.byteLength(JSON.stringify(call)) + 1;
      if (toDo >= PAGE_CALLS || bytes >= PAGE_BYTES || calls.length >= PAGE_PLACES) break;
    }
    return { calls, next: index < this.total ? { offset, index } : undefined, total: this.total };
  }

  /** All of them, in their order. */
  async *all(): AsyncGenerator<{ index: number; call: Call }, void> {
    let index = 0;
    for await (const { text } of linesOf(this.file, 0, MAX_LINE_BYTES)) {
      if (!isBlank(text)) yield { index: index++, call: callOf(text) };
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function isBlank(text: string | undefined): boolean {
  return text?.trim() === '';
}

/** What is no call comes to an outcome that says so: a text is none. */
function callOf(text: string | undefined): Call {
  const none = 'not a call' as unknown as Call;
  if (text === undefined) return none;
  try {
    return (JSON.parse(text) as Call | null) ?? none;
  } catch {
    return none;
  }
}

async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
