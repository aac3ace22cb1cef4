import { readFileSync } from 'node:fs';
import path from 'node:path';
import { blocksOf, ROOT } from './pages';

/** What the pages' TypeScript takes for granted, as a global declaration file. */
export const GLOBALS = `
declare const temporalClient: import('@temporalio/client').Client;
declare const res: { redirect(url: string): void };
declare const express: { raw(options: { type: string }): unknown };
declare const app: {
  post(
    path: string,
    parse: unknown,
    handle: (
      req: { body: Buffer; headers: import('node:http').IncomingHttpHeaders },
      res: { sendStatus(status: number): void },
    ) => void,
  ): void;
};
declare function sendMail(to: string | undefined, text: string): Promise<void>;
declare function page(text: string): Promise<void>;
declare function onboard(userId: string, contactIds: string[]): Promise<unknown>;
declare function userOf(request: Request): Promise<{ id: string; email: string; isOperator: boolean } | undefined>;
declare const deliveries: { inc(labels: { outcome: string }): void };
declare const log: { error(error: unknown): void };
`;

/** The TypeScript of a page, in its order, each block as a module that a compiler takes. */
export function modulesOf(page: string): string[] {
  return blocksOf(page, 'ts').map(asModule);
}

/** CommonJS knows no `await` outside of a function; a block that exports is a module already. */
function asModule(code: string): string {
  if (/^export /m.test(code)) return code;
  const lines = code.split('\n');
  const isImport = (line: string) => line.startsWith('import ');
  const body = lines.filter((line) => !isImport(line)).map((line) => `  ${line}`);
  return [...lines.filter(isImport), 'export async function example() {', ...body, '}', ''].join('\n');
}

/** Blocks of a page that have a name above them, such as `<!-- example: examples/docs/calls.ts -->`, and their names. */
function blocksCalled(page: string, word: string): { file: string; code: string }[] {
  const named = new RegExp(`^<!-- ${word}: (\\S+) -->\n+\`\`\`ts\n(.*?)^\`\`\`$`, 'gms');
  return [...page.matchAll(named)].map(([, file = '', code = '']) => ({ file, code }));
}

/** The blocks of a page that are files of this repository. */
export function filesShown(page: string): { file: string; code: string }[] {
  return blocksCalled(page, 'example');
}

/** Where a block stands when it is compiled: as the file that it shows, or as one that other blocks import (`as`). */
export function placesOf(page: string): Map<string, string> {
  const placed = [...filesShown(page), ...blocksCalled(page, 'as')];
  return new Map(placed.map(({ file, code }) => [code, file]));
}

/** Those of them that say something else than their file. */
export function differingFiles(page: string): string[] {
  return filesShown(page).flatMap(({ file, code }) =>
    readFileSync(path.join(ROOT, file), 'utf8') === code ? [] : [file],
  );
}
