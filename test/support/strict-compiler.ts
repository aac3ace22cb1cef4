import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '../..');

/** As what a user may have it compiled: what is reserved in a file is not the same. */
const MODULES: ts.CompilerOptions[] = [
  {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    verbatimModuleSyntax: true,
  },
  // Without a package.json beside them the files are CommonJS.
  { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
];

/**
 * Compiles files as strict users do, with this package from its source: once as ES modules, once as CommonJS.
 *
 * @returns what the compiler has against them, by file and line
 */
export function compileStrict(files: string[]): string[] {
  return [...new Set(MODULES.flatMap((modules) => compile(files, modules)))];
}

function compile(files: string[], modules: ts.CompilerOptions): string[] {
  const program = ts.createProgram(files, {
    ...modules,
    // Nothing is written, but names are looked at that only matter in what would be.
    outDir: join(tmpdir(), 'never-written'),
    strict: true,
    noUnusedLocals: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    types: [],
    // As declared by the build, so that our own code is not held to a user's options.
    paths: { 'temporal-nango/workflow': [join(ROOT, 'lib/workflow.d.ts')] },
    typeRoots: [join(ROOT, 'node_modules/@types')],
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
    return `${file?.fileName ?? ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
