import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usage } from '../terminal/failure';
import { MARKER } from './source';
import type { ActionsSource } from './source';

/** How a file of the folder differs from what is deployed. */
export type Difference = 'missing' | 'changed' | 'stale';

/** A file that differs; a stale one is of an integration that has no actions any more. */
export interface DifferingFile {
  file: string;
  difference: Difference;
}

/**
 * What of a folder differs from what is deployed, by the names of the files. Others than generated ones are not seen.
 *
 * @param stale whether a file that is not among the sources is stale
 * @throws CliFailure (usage) if it is no folder, or has a file of somebody's own in the place of one
 */
export async function compareFolder(
  folder: string,
  sources: ActionsSource[],
  stale: (file: string) => boolean,
): Promise<DifferingFile[]> {
  const there = new Set(await filesIn(folder));
  const differing: DifferingFile[] = [];
  for (const { file, code } of sources) {
    // By its name, whatever the list says: where capital and small letters are one, it is there under another one.
    const current = await contentOf(join(folder, file));
    if (current === undefined && !there.has(file)) differing.push({ file, difference: 'missing' });
    else if (current === undefined || !isGenerated(current)) {
      throw usage(`${join(folder, file)} was not generated.`, 'Move it, or name another --out.');
    } else if (withoutCarriageReturns(current) !== code) differing.push({ file, difference: 'changed' });
  }
  const wanted = new Set(sources.map(({ file }) => file));
  for (const file of there) {
    if (wanted.has(file) || !stale(file)) continue;
    const current = await contentOf(join(folder, file));
    if (current !== undefined && isGenerated(current)) differing.push({ file, difference: 'stale' });
  }
  return differing.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Makes a folder what is deployed. A file is there as a whole, or as it was. */
export async function writeFolder(folder: string, sources: ActionsSource[], differing: DifferingFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { file, difference } of differing) {
    const path = join(folder, file);
    const source = sources.find((one) => one.file === file);
    if (difference === 'stale' || source === undefined) await rm(path, { force: true });
    else {
      const whole = `${path}.${process.pid}.tmp`;
      await writeFile(whole, source.code);
      await rename(whole, path);
    }
  }
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.name.endsWith('.ts') && !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw usage('The folder cannot be read.', `Check --out (${code ?? 'unknown'}).`);
  }
}

/** What a file holds; nothing if there is none, or a link that leads to none. */
async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // A folder: nothing that was generated.
    if (code === 'EISDIR') return '';
    throw error;
  }
}

function isGenerated(code: string): boolean {
  return code.startsWith(MARKER);
}

/** As Git may check files out on Windows. */
function withoutCarriageReturns(code: string): string {
  return code.replaceAll('\r\n', '\n');
}
