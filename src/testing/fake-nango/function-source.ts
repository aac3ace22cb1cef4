import type { ActionHandler } from './actions';
import type { FunctionSchemas } from './options';

/** TypeScript of a function, as it was sent to be compiled, tried or deployed. */
export interface FunctionSource {
  /** the file's text */
  code: string;
  /** absent where it is only compiled */
  kind?: 'action' | 'sync';
  /** key of the integration; absent where it is only compiled */
  integration?: string;
  /** by which it is to be deployed; absent where it is not */
  name?: string;
}

/** What a function's code comes to. */
export interface CompiledFunction extends FunctionSchemas {
  /** runs it; absent: it compiles, and is a sync, which this fake runs none of */
  handler?: ActionHandler;
  /** default: none */
  description?: string;
  /** as `1.0.0`, which is the default */
  version?: string;
}

/**
 * Compiles functions in the place of Nango's compiler.
 *
 * @param source as it was sent
 * @returns what it comes to, or a promise of it
 * @throws FakeCompilationError if it does not compile
 */
export type CodeHandler = (source: FunctionSource) => CompiledFunction | Promise<CompiledFunction>;

/** One thing that a compiler has to say of a file. */
export interface CodeIssue {
  /** from 1; default: it says no place */
  line?: number;
  /** from 1; default 1 */
  column?: number;
  /** in the compiler's words */
  message: string;
}

/** Code that does not compile. */
export class FakeCompilationError extends Error {
  constructor(
    /** at least one */
    readonly issues: CodeIssue[],
  ) {
    super(issues.map(({ message }) => message).join('\n'));
  }
}

/** What the compiler prints of them, in the form that Nango hands on. */
export function compilerOutput({ issues }: FakeCompilationError, source: FunctionSource): string {
  const folder = source.kind === undefined ? 'function/functions' : `${source.integration}/${source.kind}s`;
  const path = `${folder}/${source.name ?? 'function'}.ts`;
  const texts = issues.map(({ line, column = 1, message }) => {
    const place = line === undefined ? path : `${path}:${line}:${column}`;
    return `\nerr - ${place} \r\n  ${message}\r\n`;
  });
  return `${texts.join('')}\n✗ Typechecking\nFound ${issues.length} error${issues.length === 1 ? '' : 's'}`;
}
