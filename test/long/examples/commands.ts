import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../containers/root';

/** A command of a README, and what the remark beside it promises. */
export interface Command {
  line: string;
  /** it runs on in a terminal of its own */
  runsOn: boolean;
  /** what it shows, sooner or later */
  shows?: string;
  /** it prints a link for a person */
  printsLink: boolean;
}

/** In the order in which a reader comes to them. */
const PAGES = [
  'examples/README.md',
  'examples/long-running-automation/README.md',
  'examples/hourly-schedule/README.md',
  'examples/backend-service/README.md',
  'examples/testing/README.md',
];

/** Every line of every block of code in the READMEs of the examples. @throws if a remark promises nothing that is known */
export function readCommands(): Command[] {
  return PAGES.flatMap((page) => {
    const blocks = readFileSync(join(ROOT, page), 'utf8').matchAll(/^```\w*\n(.*?)^```$/gms);
    return [...blocks].flatMap(([, block = '']) => block.trimEnd().split('\n').map(commandOf));
  });
}

function commandOf(text: string): Command {
  const [, line = '', remark = ''] = /^(.*?)\s+# (.*)$/.exec(text) ?? [];
  const shows = /^shows "(.*)"$/.exec(remark)?.[1];
  const command = { line, runsOn: remark === 'until Ctrl-C', shows, printsLink: remark === 'prints a link' };
  if (!command.runsOn && shows === undefined && !command.printsLink) throw new Error(`What does it do? ${text}`);
  return command;
}
