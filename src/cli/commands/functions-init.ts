import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { checkFunctionSubject } from '../../contract/rules/check-deployment';
import { STARTER } from '../functions/starter';
import { usage } from '../terminal/failure';
import { leaf } from '../terminal/leaf';
import { actionOf } from '../terminal/result';

const SKILLS = 'https://github.com/NangoHQ/skills';

/** `temporal-nango functions init`: a file to begin with. */
export function functionsInitCommand(): Command {
  return leaf('init <name>', 'Write an action to begin with into a file, NAME.ts.', {
    examples: [['functions init greet', 'writes greet.ts; a file that is there stays as it is']],
  }).action(
    actionOf<[string, object]>(async ({ io }, name) => {
      checkFunctionSubject({ integration: 'any', kind: 'action', name });
      const file = `${name}.ts`;
      await writeFile(file, STARTER, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
        throw usage(error.code === 'EEXIST' ? `${file} is there already.` : `${file} cannot be written.`);
      });
      io.say(`A coding agent writes better functions with Nango's skills: ${SKILLS}`);
      io.say('Install them there, or go on by hand.');
      return {
        value: { file, name },
        text: `Written: ${file}. Deploy it: temporal-nango functions deploy ${file} --integration KEY --name ${name}`,
      };
    }),
  );
}
