import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the README's examples take for granted, as a global declaration file. */
export const README_GLOBALS = `
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
declare function onboard(userId: string, contactIds: string[]): Promise<unknown>;
`;

/** The TypeScript examples of the README, in its order, each as a module that a compiler takes. */
export function readmeExamples(): string[] {
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
  return [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => asModule(code ?? ''));
}

/** CommonJS knows no `await` outside of a function; an example that exports is a module already. */
function asModule(code: string): string {
  if (/^export /m.test(code)) return code;
  const lines = code.split('\n');
  const isImport = (line: string) => line.startsWith('import ');
  const body = lines.filter((line) => !isImport(line)).map((line) => `  ${line}`);
  return [...lines.filter(isImport), 'export async function example() {', ...body, '}', ''].join('\n');
}
