import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * An empty folder with no `node_modules` above it: compilers and Node look into every one up to the root, and would find
 * there what the package itself lacks.
 *
 * @param parent where to make it; default: the system's folder for temporary files
 * @throws if one stands above, with its path
 */
export async function lonelyFolder(prefix: string, parent = tmpdir()): Promise<string> {
  // Resolved, because bundlers and compilers name files by their real path.
  const folder = await realpath(await mkdtemp(join(parent, prefix)));
  const found = parentsOf(folder)
    .map((above) => join(above, 'node_modules'))
    .find(existsSync);
  if (found === undefined) return folder;
  await rm(folder, { recursive: true });
  throw new Error(
    `No node_modules may stand above a consumer's folder, and ${found} does. Set TMPDIR to another place.`,
  );
}

function parentsOf(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [] : [above, ...parentsOf(above)];
}
