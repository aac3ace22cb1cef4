import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { detailsOf, findNangoFailure, reasonOf } from '../../contract/errors';
import { deploymentId } from '../../contract/request-id';
import { checkDeployFunctionInput } from '../../contract/rules/check-deployment';
import { printable } from '../../contract/rules/printable';
import type {
  CompilerError,
  DeployFunctionInput,
  DryRun,
  FunctionDeployment,
  FunctionKind,
} from '../../contract/types';
import { typeOption } from '../functions/named-function';
import { watchDeployment } from '../functions/watch-deployment';
import { jsonOption } from '../options/json-option';
import { findTarget, withTargetOptions } from '../options/target';
import type { TargetOptions } from '../options/target';
import { userName } from '../options/user-name';
import { withTemporal } from '../temporal';
import { EXIT } from '../terminal/exit-codes';
import { CliFailure, usage } from '../terminal/failure';
import { factsInBrief, factsOf } from '../terminal/failure-facts';
import { leaf } from '../terminal/leaf';
import { printableLines } from '../terminal/printable';
import { actionOf } from '../terminal/result';
import type { CommandResult } from '../terminal/result';

interface Options extends TargetOptions {
  integration: string;
  name: string;
  type: FunctionKind;
  input?: string;
  dryRun: boolean;
  yes?: true;
  again?: true;
  by?: string;
}

/** `temporal-nango functions deploy`: one function, from a file, tried before and after. */
export function functionsDeployCommand(): Command {
  const command = leaf('deploy <file>', 'Compile, try and deploy one function, as a durable workflow.', {
    timeout: 'none',
    examples: [
      [
        'functions deploy greet.ts --integration hubspot --name greet --input \'{"name":"Ann"}\'',
        'asks after the dry run',
      ],
      ['functions deploy greet.ts --integration hubspot --name greet --yes', 'for a script'],
      ['functions deploy greet.ts --integration hubspot --name greet --no-dry-run --yes', 'without any run of it'],
      [
        'functions deploy greet.ts --integration hubspot --name greet --again',
        'once more, though the same is deployed',
      ],
    ],
  });
  command
    .requiredOption('--integration <key>', 'the integration that it is deployed to')
    .requiredOption('--name <name>', 'its name there')
    .addOption(typeOption('what it is').default('action'));
  return withTargetOptions(command)
    .option('--input <json>', 'what an action gets in both runs: JSON, @FILE, or - for standard input')
    .option('--no-dry-run', 'run it neither before it is deployed nor after')
    .option('--yes', 'deploy it if the dry run succeeds, and do not ask')
    .option('--again', 'deploy and run it once more, though the last deployment was the same')
    .option('--by <name>', 'who says yes, for the record (default: your user name)')
    .action(
      actionOf<[string, Options]>(async (run, file, options) => {
        const { integration, yes = false, again = false, by = userName() } = options;
        const input = await inputOf(file, options, yes ? by : undefined);
        if (!yes && !run.io.interactive) {
          throw usage('A deployment asks first, and there is nobody to ask.', 'Add --yes.');
        }
        return await withTemporal(async (temporal) => {
          const { connections, config } = temporal;
          const target = options.dryRun ? await findTarget(temporal, integration, options) : undefined;
          try {
            const deployment = await connections.deployFunction({
              ...input,
              again,
              connectionId: target?.connectionId,
            });
            const same = again ? 'the same command without --again' : 'the same command again';
            run.leaves('The deployment goes on.', `Run ${same} to come back to it.`);
            const { result, dryRun } = await watchDeployment(run, deployment, by);
            return deployed(result, dryRun, deployment.existing);
          } catch (error) {
            const { kind = 'action', name } = input;
            throw failureOf(error, basename(file), deploymentId(config.environment, { integration, kind, name }));
          }
        });
      }),
    );
}

/** Everything but the connection, checked before any I/O. */
async function inputOf(file: string, options: Options, approvedBy?: string): Promise<DeployFunctionInput> {
  const { integration, name, type: kind, dryRun } = options;
  const named = options.connection ?? options.endUser ?? options.organization ?? options.slot ?? options.input;
  if (!dryRun && named !== undefined) throw usage('--no-dry-run needs no connection, and no --input.');
  const given = options.input === undefined ? undefined : await jsonOption('--input', options.input);
  const code = await readFile(file, 'utf8').catch(() => {
    throw usage(
      'The file of the function cannot be read.',
      'Write one to begin with: `temporal-nango functions init`.',
    );
  });
  const input = { integration, kind, name, code, input: given, approvedBy };
  checkDeployFunctionInput({ ...input, connectionId: dryRun ? 'any' : undefined });
  return input;
}

/** @param existing nothing was deployed now */
function deployed(deployment: FunctionDeployment, dryRun: DryRun | undefined, existing: boolean): CommandResult {
  const { integration, kind, name, version, run } = deployment;
  const value = { status: 'deployed', integration, kind, name, version, dryRun, run, existing };
  const what = `the ${kind} ${name}${version === undefined ? '' : ` (${version})`} of ${integration}`;
  const said = existing ? `Deployed before: ${what}; --again does it once more.` : `Deployed: ${what}.`;
  if (run === undefined) return { value, text: printable(said) };
  if ('failure' in run) {
    const brief = factsInBrief(run.failure);
    const failed = `The run that was to prove it failed: ${run.failure.type}${brief && ` (${brief})`}.`;
    return { value, text: `${printable(said)}\n${printable(failed)}`, exitCode: EXIT.failed };
  }
  return { value, text: printableLines(`${said}\nIt ran once: ${JSON.stringify(run.data, null, 2)}`) };
}

/** Where the compiler names a place, it is said as editors and terminals take it. */
function failureOf(error: unknown, file: string, id: string): unknown {
  const failure = findNangoFailure(error);
  if (reasonOf(error) === 'other_code') {
    const hint = `Wait for its end, or call it off: temporal workflow cancel --workflow-id '${printable(id)}'`;
    return new CliFailure('Nango.InvalidRequest', 'Other code is being deployed under this name.', hint, EXIT.failed, {
      reason: 'other_code',
    });
  }
  const { errors = [] } = failure?.type === 'Nango.CompilationFailed' ? detailsOf(failure) : {};
  if (failure === undefined || errors.length === 0) return error;
  const lines = errors.map((one) => placeOf(one, file)).join('\n');
  const facts = factsOf(failure);
  return new CliFailure('Nango.CompilationFailed', `${printable(file)} does not compile.`, lines, EXIT.failed, facts);
}

function placeOf({ line, column, message }: CompilerError, file: string): string {
  return line === undefined ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`;
}
