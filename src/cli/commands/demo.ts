import type { Command } from 'commander';
import type { DemoWords } from '../../demo/options';
import { EXIT } from '../terminal/exit-codes';
import { actionOf } from '../terminal/result';
import { leaf, repeated } from '../terminal/leaf';

/** `temporal-nango demo`: the main job on this machine, with everything that can go wrong going wrong. */
export function demoCommand(): Command {
  return leaf('demo', 'Show a wait that survives a killed worker and a lost webhook, on this machine.', {
    timeout: false,
    examples: [
      ['demo --yes', 'with no account anywhere'],
      ["demo --integration hubspot --call 'GET /crm/v3/owners'", 'with your own Nango'],
    ],
  })
    .option('--yes', 'open the link without asking')
    .option('--temporal <address>', 'a Temporal of your own, instead of one that is started for this')
    .option('--integration <key>', 'an integration of your own Nango')
    .option('--call <call>', "what to call there, such as 'GET /path'; repeatable", repeated, [])
    .option('--count <n>', 'how often')
    .action(
      actionOf<[DemoWords]>(async (_, words) => {
        const { readOptions } = await import('../../demo/options.js');
        const { runDemo } = await import('../../demo/main.js');
        const { report, complete } = await runDemo(readOptions(words));
        return { value: report, text: '', exitCode: complete ? EXIT.done : EXIT.failed };
      }),
    );
}
