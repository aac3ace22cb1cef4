import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import * as zod from 'zod';
import { FakeActionError } from './actions';
import type { ActionHandler } from './actions';
import { FakeCompilationError } from './function-source';
import type { CodeIssue, CompiledFunction, FunctionSource } from './function-source';

/**
 * Compiles functions as far as it can be done without TypeScript: types are taken off, not checked, so code that Nango
 * refuses for a wrong type compiles here. What it comes to really runs, in this process.
 */

/** Of the compiler of Temporal's worker, which makes bundles of workflows with it. */
interface Swc {
  transformSync(code: string, options: object): { code: string };
}

/** What `createAction` and `createSync` are given. */
interface Definition {
  made: 'action' | 'sync' | 'on-event';
  description?: string;
  version?: string;
  input?: zod.ZodType;
  output?: zod.ZodType;
  exec: (nango: object, input: unknown) => unknown;
}

const MAKERS = ['createAction', 'createSync', 'createOnEvent'] as const;
const made = (kind: Definition['made']) => (definition: object) => ({ ...definition, made: kind });
const MODULES: { [name: string]: unknown } = {
  nango: { createAction: made('action'), createSync: made('sync'), createOnEvent: made('on-event') },
  zod,
};

/** As a file's default export says it. @throws FakeCompilationError */
export function compileCode(source: FunctionSource): CompiledFunction {
  const definition = definitionOf(source);
  if (source.kind !== undefined && definition.made !== source.kind) {
    return refuse({ message: `The default export is no ${source.kind}.` });
  }
  const { description, version, input, output } = definition;
  return {
    ...{ description, version, input: schemaOf(input), output: schemaOf(output) },
    handler: definition.made === 'action' ? handlerOf(definition) : undefined,
  };
}

function definitionOf({ code }: FunctionSource): Definition {
  const unknown = MAKERS.filter((name) => code.includes(`${name}(`) && !isImported(code, name));
  const issues: CodeIssue[] = unknown.map((name) => ({ message: `Cannot find name '${name}'.` }));
  const { text, issue } = withoutTypes(code);
  if (issue !== undefined) issues.push(issue);
  if (text === undefined || issues.length > 0) return refuse(...issues);
  const module: { exports: { default?: Partial<Definition> } } = { exports: {} };
  try {
    const run = compileFunction(text, ['require', 'module', 'exports']) as (...args: unknown[]) => void;
    run(requireModule, module, module.exports);
  } catch (error) {
    if (error instanceof FakeCompilationError) throw error;
    return refuse({ message: error instanceof Error ? error.message : String(error) });
  }
  const definition = module.exports.default;
  if (definition?.made === undefined || typeof definition.exec !== 'function') {
    return refuse({ message: `The file exports none of ${MAKERS.join(', ')} as its default.` });
  }
  return definition as Definition;
}

function isImported(code: string, name: string): boolean {
  return new RegExp(`import\\s*(type\\s*)?\\{[^}]*\\b${name}\\b[^}]*\\}\\s*from\\s*['"]nango['"]`).test(code);
}

function requireModule(name: string): unknown {
  return MODULES[name] ?? refuse({ message: `Cannot find module '${name}' or its corresponding type declarations.` });
}

function withoutTypes(code: string): { text?: string; issue?: CodeIssue } {
  // Resolved as the worker would, since only the worker depends on it.
  const swc = createRequire(require.resolve('@temporalio/worker'))('@swc/core') as Swc;
  try {
    const options = { swcrc: false, configFile: false, module: { type: 'commonjs' } };
    const jsc = { target: 'es2022', parser: { syntax: 'typescript' } };
    return { text: swc.transformSync(code, { ...options, jsc }).code };
  } catch (error) {
    return { issue: syntaxIssue(error instanceof Error ? error.message : String(error)) };
  }
}

/** The first error of a message that draws the lines of the code, and below them a mark at its place. */
function syntaxIssue(message: string): CodeIssue {
  const [first = 'Syntax error'] = message.split('\n').map((line) => line.replace(/^\s*[x×]\s*/, '').trim());
  if (first.includes('<eof>')) return { message: "'}' expected." };
  const lines = message.split('\n');
  const at = lines.findIndex((line) => /^\s*[:·]\s+[\^─┬]/.test(line));
  const place = /^(\s*(\d+)\s*[|│] )/.exec(lines[at - 1] ?? '');
  const mark = lines[at]?.search(/[\^─┬]/) ?? 0;
  return place === null
    ? { message: first }
    : { message: first, line: Number(place[2]), column: mark - place[0].length + 1 };
}

function schemaOf(schema: zod.ZodType | undefined): object | undefined {
  if (schema === undefined) return undefined;
  const converted: object = zod.toJSONSchema(schema, { unrepresentable: 'any' });
  return Object.fromEntries(Object.entries(converted).filter(([keyword]) => keyword !== '$schema'));
}

function handlerOf({ exec }: Definition): ActionHandler {
  return async (input, { integration, connectionId, credentials }, { metadata, logs, call }) => {
    const of = (method: string) => (request: object) => call({ endpoint: '/', ...request, method });
    const nango = {
      ...{ connectionId, providerConfigKey: integration, ActionError: FakeActionError, proxy: call },
      ...{ get: of('GET'), post: of('POST'), put: of('PUT'), patch: of('PATCH'), delete: of('DELETE') },
      getMetadata: () => Promise.resolve(metadata),
      getConnection: () =>
        Promise.resolve({ connection_id: connectionId, provider_config_key: integration, credentials }),
      log: (...values: unknown[]) => Promise.resolve(void logs.push(values.map(String).join(' '))),
    };
    return await exec(nango, input);
  };
}

function refuse(...issues: CodeIssue[]): never {
  throw new FakeCompilationError(issues);
}
