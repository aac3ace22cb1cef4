import { cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNpm } from './run';

const ROOT = join(__dirname, '../..');
/** What packing reads. */
const SOURCES = [
  ...['src', 'docs', 'examples', 'LICENSE', 'README.md', 'CONTRIBUTING.md'],
  ...['package.json', 'tsconfig.json', 'tsconfig.build.json'],
];
/** With `prepack`, also where the user has scripts switched off. */
const PACK = ['pack', '--json', '--silent', '--ignore-scripts=false', '--pack-destination'];
/** What an earlier build has left in `lib`, of a source that is gone. */
export const STALE = 'lib/stale.js';

/** What would be published. */
export interface Tarball {
  file: string;
  /** what was packed */
  folder: string;
  /** of the files in it */
  paths: string[];
}

/** Packs a copy of the package as publishing would, `prepack` included, so that nobody else's `lib` is touched. */
export async function packTarball(): Promise<Tarball> {
  const folder = await mkdtemp(join(tmpdir(), 'tarball-'));
  const copy = join(folder, 'package');
  for (const source of SOURCES) await cp(join(ROOT, source), join(copy, source), { recursive: true });
  await mkdir(join(copy, 'lib'));
  await writeFile(join(copy, STALE), '');
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const { code, stdout, output } = await runNpm([...PACK, folder], copy);
  if (code !== 0) throw new Error(`npm pack failed: ${output}`);
  // Scripts of the package write to standard output too, before npm does.
  const [packed] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as { filename: string; files: { path: string }[] }[];
  if (packed === undefined) throw new Error('npm pack packed nothing.');
  return { file: join(folder, packed.filename), folder: copy, paths: packed.files.map(({ path }) => path) };
}
