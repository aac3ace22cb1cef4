import type { Command } from 'commander';
import { listAllFunctions } from '../../nango/functions';
import { Inventory } from '../../nango/inventory';
import type { DeployedFunction } from '../../contract/types';
import { compareFolder, writeFolder } from '../actions/folder';
import type { Difference, DifferingFile } from '../actions/folder';
import { fileOf } from '../actions/names';
import { sourcesOf } from '../actions/source';
import { withNango } from '../nango';
import { EXIT } from '../terminal/exit-codes';
import { group, leaf } from '../terminal/leaf';
import { printable } from '../../contract/rules/printable';
import { actionOf } from '../terminal/result';
import type { CommandResult } from '../terminal/result';

interface Options {
  out: string;
  integration?: string;
  check?: true;
}

const DIFFERS: { [difference in Difference]: string } = {
  missing: 'is not there',
  changed: 'is not what is deployed',
  stale: 'has nothing that is deployed',
};
const DONE: { [difference in Difference]: string } = { missing: 'written', changed: 'rewritten', stale: 'removed' };

/** `temporal-nango actions`: deployed actions as code. */
export function actionsCommand(): Command {
  return group('actions', 'Deployed actions as code.', [generateCommand()]);
}

function generateCommand(): Command {
  return leaf('generate', 'Write TypeScript for all deployed actions, with types from their schemas.', {
    examples: [
      ['actions generate --out src/actions', 'a file for each integration that has actions'],
      [
        'actions generate --out src/actions --check',
        'for CI: exit 1 if it is not what is deployed; nothing is written',
      ],
      ['actions generate --out src/actions --integration hubspot', 'the file of one integration'],
    ],
  })
    .requiredOption('--out <folder>', 'where the files go; others than generated ones are left alone')
    .option('--integration <key>', 'only of this integration')
    .option('--check', 'write nothing; exit 1 if there is anything to write')
    .action(
      actionOf<[Options]>(async ({ io, signal }, { out, integration, check = false }) => {
        const sources = await sourcesOf(await deployedFunctions(integration, signal));
        for (const { file, untyped } of sources) {
          for (const one of untyped)
            io.say(printable(`${file}: no type can be made of the schema of ${one}: it is Json.`));
        }
        const own = integration === undefined ? undefined : fileOf(integration);
        const differing = await compareFolder(out, sources, (file) => own === undefined || file === own);
        if (!check) await writeFolder(out, sources, differing);
        return check ? checked(differing) : written(differing, sources.length);
      }),
    );
}

/** @throws Nango.IntegrationNotFound; Nango.Forbidden without `environment:functions:list` */
async function deployedFunctions(integration: string | undefined, signal: AbortSignal): Promise<DeployedFunction[]> {
  return await withNango(signal, (api, bounds) =>
    integration === undefined
      ? listAllFunctions(api, bounds)
      : new Inventory(api).functionsOf(integration, false, bounds),
  );
}

function checked(differing: DifferingFile[]): CommandResult {
  const lines = differing.map(({ file, difference }) => `${file} ${DIFFERS[difference]}.`);
  if (differing.length === 0) return { value: { differing }, text: 'All files are what is deployed.' };
  return { value: { differing }, text: lines.join('\n'), exitCode: EXIT.failed };
}

function written(differing: DifferingFile[], files: number): CommandResult {
  const changes = differing.map(({ file, difference }) => ({ file, done: DONE[difference] }));
  const lines = changes.map(({ file, done }) => `${file} ${done}.`);
  if (files === 0) lines.push('No action is deployed.');
  else if (lines.length === 0) lines.push('All files were what is deployed.');
  return { value: { changes }, text: lines.join('\n') };
}
