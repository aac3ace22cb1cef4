import { readFile } from 'node:fs/promises';
import type { Json } from '../../contract/types';
import { usage } from '../terminal/failure';

const MAX_CHARS = 1024 * 1024;

/**
 * An option that holds JSON, or says where it is: `@FILE`, or `-` for standard input. A mark of the byte order at the
 * beginning, as editors on Windows put it, is no part of it.
 *
 * @throws CliFailure (usage) that never repeats what was read
 */
export async function jsonOption(option: string, text: string): Promise<Json> {
  const source =
    text === '-' ? await readStdin(option) : text.startsWith('@') ? await read(option, text.slice(1)) : text;
  try {
    return JSON.parse(source.replace(/^\ufeff/, '')) as Json;
  } catch {
    throw usage(`${option} is not JSON.`, `A text is JSON too, in quotes: ${option} '"text"'.`);
  }
}

async function read(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw usage(`The file of ${option} cannot be read.`, `Write ${option} @FILE, with a file that exists.`);
  }
}

async function readStdin(option: string): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_CHARS) throw usage(`What ${option} - reads is too large.`, 'A body may have 256 KB.');
  }
  return text;
}
