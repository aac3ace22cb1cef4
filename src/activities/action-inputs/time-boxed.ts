import { createContext, Script } from 'node:vm';

const box: { run?: () => unknown } = {};
const context = createContext(box);
const script = new Script('run()');

/**
 * Runs a function that must not hold up its process, whatever it is given: a regular expression that backtracks without
 * end is ended too. On a machine that stood still for a moment it is run once more, since that looks the same.
 * https://nodejs.org/api/vm.html#scriptrunincontextcontextifiedobject-options
 *
 * @throws what it throws, and an error once the time is over twice
 */
export function timeBoxed<T>(timeoutMs: number, run: () => T): T {
  box.run = run;
  try {
    return script.runInContext(context, { timeout: timeoutMs }) as T;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return script.runInContext(context, { timeout: timeoutMs }) as T;
  } finally {
    box.run = undefined;
  }
}
