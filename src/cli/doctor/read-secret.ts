import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks for a line on a terminal that does not show what is typed. */
export async function readSecret(prompt: string, { stdin, stderr } = process): Promise<string> {
  stderr.write(prompt);
  // A terminal whose echo goes nowhere: readline would write every character that is typed.
  const nowhere = new Writable({ write: (_, __, done) => done() });
  const readline = createInterface({ input: stdin, output: nowhere, terminal: true });
  try {
    return await readline.question('');
  } finally {
    readline.close();
    stderr.write('\n');
  }
}
