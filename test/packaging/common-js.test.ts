import { existsSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { dependencies, exports as entryPoints, peerDependencies } from '../../package.json';

// The build, as `pretest` makes it. jest cannot load a module that is ESM only, and Node 20 had long refused to.

const ROOT = join(__dirname, '../..');

interface Needed {
  name: string;
  by: string;
}

/** What a CommonJS module asks for by a name that stands in it, dynamic imports included. */
function namesIn(code: string): string[] {
  const calls = code.matchAll(/(?<![\w.$])(?:require|import)\(\s*(["'])([^"'\n]+)\1\s*\)/g);
  return [...calls].map(([, , name = '']) => name);
}

function isCommonJs(file: string): boolean {
  if (['.cjs', '.json', '.node'].includes(extname(file))) return true;
  if (extname(file) === '.mjs') return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest))
      return (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string }).type !== 'module';
  }
}

/** Walks all that is needed from a file of ours on, peers no further than their entry. */
function walk(entry: string): { files: Set<string>; esmOnly: Needed[] } {
  const files = new Set<string>();
  const esmOnly: Needed[] = [];
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    if (extname(file) === '.json' || /node_modules\/@temporalio\//.test(file)) return;
    const require = createRequire(file);
    for (const name of namesIn(readFileSync(file, 'utf8'))) {
      if (isBuiltin(name)) continue;
      const found = resolved(require, name);
      // What a package needs only where it is there, such as `bufferutil`.
      if (found === undefined && file.includes('node_modules')) continue;
      if (found === undefined || !isCommonJs(found)) esmOnly.push({ name, by: file });
      else visit(found);
    }
  };
  visit(entry);
  return { files, esmOnly };
}

function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

const entries = Object.entries(entryPoints).map(([name, where]): [string, string] => [
  name,
  join(ROOT, typeof where === 'string' ? where : where.default),
]);

test.each(entries)('nothing that %s reaches is ESM only', (_name, entry) => {
  expect(walk(entry).esmOnly).toEqual([]);
});

test('the walk sees packages, files of ours, and a dynamic import of what is ESM only', () => {
  const { files } = walk(join(ROOT, 'lib/testing.js'));
  expect([...files]).toEqual(
    expect.arrayContaining([
      join(ROOT, 'lib/contract/request-id.js'),
      expect.stringMatching(/node_modules\/@noble\/hashes\/sha2\.js$/),
      expect.stringMatching(/node_modules\/undici\/lib\//),
    ]),
  );
  // The command line may: Node loads it.
  expect(walk(join(ROOT, 'lib/cli/commands/docs.js')).esmOnly.map(({ name }) => name)).toEqual(['open']);
});

test('every package that the entry points need is one of ours to install', () => {
  const needed = entries
    .flatMap(([, entry]) => [...walk(entry).files])
    .filter((file) => file.startsWith(join(ROOT, 'lib')));
  const names = needed
    .flatMap((file) => (extname(file) === '.js' ? namesIn(readFileSync(file, 'utf8')) : []))
    .filter((name) => !name.startsWith('.') && !isBuiltin(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  expect(Object.keys({ ...dependencies, ...peerDependencies })).toEqual(expect.arrayContaining([...new Set(names)]));
});
