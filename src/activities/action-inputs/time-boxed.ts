import { createContext, Script } from 'node:vm';

const box: { run?: () => unknown } = {};
const context = createContext(box);
const script = new Script('run()');

/**
 * Runs a function that must not hold up its process, whatever it is given: a regular expression that backtracks without
 * end is ended too. https://nodejs.org/api/vm.html#scriptrunincontextcontextifiedobject-options
 *
 * @throws what it throws, and an error once the time is over
 */
export function timeBoxed<T>(timeoutMs: number, run: () => T): T {
  box.run = run;
  try {
    return script.runInContext(context, { timeout: timeoutMs }) as T;
  } finally {
    box.run = undefined;
  }
}
