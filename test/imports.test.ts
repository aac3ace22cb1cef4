import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..');

interface Floor {
  ours: string[];
  packages?: string[];
}
interface Refusal {
  line: number;
  why: string;
}

/** Lints each text as if it were the file that is named, by the rules for imports alone. */
function lint(texts: { filePath: string; text: string }[]): { floors: Record<string, Floor>; refused: Refusal[][] } {
  const options = { cwd: ROOT, input: JSON.stringify(texts), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  return JSON.parse(execFileSync(process.execPath, ['test/imports/lint.mjs'], options)) as ReturnType<typeof lint>;
}

const NEW = { filePath: 'src/new-part/new-file.ts', text: 'export {};' };

const { floors, refused: refusedNew } = lint([NEW]);
const names = Object.keys(floors);
const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .sort();

/** The innermost floor that has a file of `src/`. */
function floorOf(file: string): string | undefined {
  const has = (name: string): boolean => file.replace(/\.tsx?$/, '') === name || file.startsWith(`${name}/`);
  return names.filter(has).sort((a, b) => b.length - a.length)[0];
}

/** A file of a floor: any will do. */
function fileOf(floor: string): string {
  const file = files.find((one) => floorOf(one) === floor);
  if (file === undefined) throw new Error(`No file of src/ is of ${floor}`);
  return file;
}

function specifier(from: string, to: string): string {
  const path = relative(dirname(from), to.replace(/\.tsx?$/, ''));
  return path.startsWith('.') ? path : `./${path}`;
}

/** Which of the imports a file of a floor is refused. */
function refusedOf(imports: { floor: string; code: string }[][]): Set<string>[] {
  const texts = imports.map((those) => ({
    filePath: join('src', fileOf(those[0]?.floor ?? '')),
    text: those.map(({ code }) => code).join('\n'),
  }));
  return lint(texts).refused.map((those, i) => {
    for (const { why } of those) expect(why).toBe('boundaries/dependencies');
    return new Set(those.map(({ line }) => imports[i]?.[line - 1]?.code ?? ''));
  });
}

test('every file of src is of a floor, and every floor has a file', () => {
  expect(files.filter((file) => floorOf(file) === undefined)).toEqual([]);
  expect(names.filter((name) => !files.some((file) => floorOf(file) === name))).toEqual([]);
  expect(refusedNew).toEqual([[{ line: 1, why: 'boundaries/no-unknown-files' }]]);
});

test('of any two floors, one may import the other only as the list says', () => {
  const pairs = names.map((from) =>
    names.map((to) => {
      const path = specifier(fileOf(from), fileOf(to));
      return {
        floor: from,
        to,
        codes: [`import '${path}';`, `export * from '${path}';`, `void import('${path}.js');`],
        type: `import type { It } from '${path}';`,
      };
    }),
  );
  const refused = refusedOf(
    pairs.map((those) => those.flatMap(({ floor, codes, type }) => [...codes, type].map((code) => ({ floor, code })))),
  );
  const wrong = pairs.flatMap((those, i) =>
    those.flatMap(({ floor, to, codes, type }) => {
      const ours = floors[floor]?.ours ?? [];
      const may = floor === to || ours.includes(to);
      return [...codes.map((code) => [code, may] as const), [type, may] as const]
        .filter(([code, allowed]) => refused[i]?.has(code) === allowed)
        .map(([code, allowed]) => `src/${floor} ${allowed ? 'is refused' : 'gets'} ${code}`);
    }),
  );
  expect(wrong).toEqual([]);
});

test('arrows lead one way: a floor imports only those above it in the list', () => {
  const up = names.flatMap((name, i) =>
    (floors[name]?.ours ?? []).filter((to) => !names.slice(0, i).includes(to)).map((to) => `${name} -> ${to}`),
  );
  expect(up).toEqual([]);
});

test('what runs in the sandbox reaches the contract alone; a backend and the web reach no worker', () => {
  expect(reachOf('contract')).toEqual([]);
  expect(reachOf('workflows')).toEqual(['contract']);
  expect(reachOf('workflow')).toEqual(['contract', 'workflows']);
  expect(reachOf('testing/fake-nango')).toEqual([]);
  const worker = ['activities', 'cli', 'demo', 'plugin', 'testing', 'worker', 'workflows'];
  for (const name of ['client', 'webhook', 'web', 'healthcheck']) {
    expect(reachOf(name).filter((reached) => worker.includes(reached))).toEqual([]);
  }
});

/** All that a floor imports, and what that imports. */
function reachOf(name: string, seen = new Set<string>()): string[] {
  for (const to of floors[name]?.ours ?? []) {
    if (seen.has(to)) continue;
    seen.add(to);
    reachOf(to, seen);
  }
  return [...seen].sort();
}

test('workflow code and the contract get no Node, no HTTP, no zod and no other part of the SDK', () => {
  const sdk = ['activity', 'client', 'worker', 'testing', 'envconfig', 'plugin'].map((part) => `@temporalio/${part}`);
  const packages = [
    'node:crypto',
    'fs',
    'fs/promises',
    'undici',
    'hono',
    'hono/jsx',
    '@hono/node-server',
    'pino',
    'zod',
  ];
  const codes = [...packages, ...sdk, 'temporal-nango', 'temporal-nango/web'].map((name) => `import '${name}';`);
  const sandbox = ['contract', 'workflows', 'workflow'];
  const refused = refusedOf(sandbox.map((floor) => codes.map((code) => ({ floor, code }))));
  for (const those of refused) expect([...those]).toEqual(codes);
});

test('of packages a floor gets what is listed, whichever file of it is imported', () => {
  const may = ["import '@temporalio/common';", "import '@noble/hashes/sha2.js';"];
  const mayNot = [
    "import type { z } from 'zod';",
    "import '@temporalio/workflow';",
    "import 'not-installed';",
    "import '../../package.json';",
  ];
  const codes = [...may, ...mayNot].map((code) => ({ floor: 'contract', code }));
  expect(refusedOf([codes]).map((those) => [...those])).toEqual([mayNot]);
});
