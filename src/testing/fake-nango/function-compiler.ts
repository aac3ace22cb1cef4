import { compileCode } from './compile-code';
import { FakeJobError } from './function-jobs';
import { compilerOutput, FakeCompilationError } from './function-source';
import type { CodeHandler, CompiledFunction, FunctionSource } from './function-source';

/** The machine that functions are compiled and run on. */
export class FunctionCompiler {
  /** what compiles; a test may give its own */
  handler: CodeHandler = compileCode;
  /** nothing can be begun on it */
  isDown = false;

  /** @throws FakeJobError with what the compiler prints */
  async compile(source: FunctionSource): Promise<CompiledFunction> {
    try {
      const compiled = await this.handler(source);
      if (source.kind === 'action' && compiled.handler === undefined) {
        throw new FakeCompilationError([{ message: 'The default export is no action.' }]);
      }
      return source.kind === 'sync' ? { ...compiled, handler: undefined } : compiled;
    } catch (error) {
      if (!(error instanceof FakeCompilationError)) throw error;
      throw new FakeJobError('compilation_error', compilerOutput(error, source));
    }
  }
}
