import type { FileHandle } from 'node:fs/promises';

const NEWLINE = 0x0a;
const BLOCK_BYTES = 256 * 1024;

/** One line of a file. */
export interface Line {
  /** without what ends it; undefined: it is longer than is read */
  text: string | undefined;
  /** where the next one begins */
  end: number;
  /** a newline ends it */
  whole: boolean;
}

/**
 * The lines of a file, read as they are needed, whatever their number and length.
 *
 * @param offset where a line begins, in bytes
 * @param most bytes of a line; what is longer is passed over, not kept
 */
export async function* linesOf(file: FileHandle, offset: number, most: number): AsyncGenerator<Line, void> {
  const block = Buffer.alloc(BLOCK_BYTES);
  let line: Buffer[] = [];
  let bytes = 0;
  let at = offset;
  const take = (whole: boolean): Line => {
    const text = bytes > most ? undefined : textOf(Buffer.concat(line), at - bytes - Number(whole) === 0);
    [line, bytes] = [[], 0];
    return { text, end: at, whole };
  };
  for (let position = offset; ;) {
    const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    for (let from = 0; from < bytesRead;) {
      const newline = block.subarray(0, bytesRead).indexOf(NEWLINE, from);
      const to = newline < 0 ? bytesRead : newline;
      bytes += to - from;
      if (bytes <= most) line.push(Buffer.from(block.subarray(from, to)));
      else line = [];
      at += to - from;
      from = to;
      if (newline < 0) break;
      at++;
      from++;
      yield take(true);
    }
  }
  if (bytes > 0) yield take(false);
}

/** Without a mark of the byte order at the beginning of the file, and without what some editors put before a newline. */
function textOf(bytes: Buffer, isFirst: boolean): string {
  const text = bytes.toString('utf8').replace(/\r$/, '');
  return isFirst ? text.replace(/^\ufeff/, '') : text;
}
