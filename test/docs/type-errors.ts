import path from 'node:path';
import ts from 'typescript';
import { GLOBALS, modulesOf, placesOf } from './code-blocks';
import { ROOT } from './pages';

/** A user's settings. The package is found by its own name, and its types are those that were built. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.Node20,
  types: ['node'],
  strict: true,
  esModuleInterop: true,
  skipLibCheck: true,
  noEmit: true,
};

/** What a compiler has against the TypeScript of the pages: page, block from 1, and its words. All are one program. */
export function typeErrors(pages: Map<string, string>): string[] {
  const sources = new Map([[path.join(ROOT, 'globals.d.ts'), GLOBALS]]);
  for (const [page, text] of pages) {
    const places = placesOf(text);
    for (const [index, code] of modulesOf(text).entries()) {
      sources.set(path.join(ROOT, places.get(code) ?? `${page}.${index + 1}.ts`), code);
    }
  }
  const disk = ts.createCompilerHost(OPTIONS);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => sources.has(file) || disk.fileExists(file),
    getSourceFile: (file, version) => {
      const code = sources.get(file);
      return code === undefined ? disk.getSourceFile(file, version) : ts.createSourceFile(file, code, version);
    },
  };
  const program = ts.createProgram([...sources.keys()], OPTIONS, host);
  const own = program.getSourceFiles().filter(({ fileName }) => sources.has(fileName));
  const found = own.flatMap((file) => ts.getPreEmitDiagnostics(program, file));
  return found.map(({ file, messageText }) => {
    const where = file === undefined ? '' : path.relative(ROOT, file.fileName).replace(/\.ts$/, '');
    return `${where}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
