import type { Command } from 'commander';
import { checkCall, checkConnectionRef, refuseOtherAccount } from '../../contract/rules/check-call';
import type { ActionCall } from '../../contract/types';
import { actionOf } from '../terminal/result';
import { usage } from '../terminal/failure';
import { jsonOption } from '../options/json-option';
import { leaf, repeated } from '../terminal/leaf';
import { confirmWrite, resumeCall, startCall } from '../standalone-call';
import { findTarget, withTargetOptions } from '../options/target';
import type { TargetOptions } from '../options/target';
import { withTemporal } from '../temporal';

interface Options extends TargetOptions {
  input?: string;
  pick: string[];
  idempotent?: true;
  yes?: boolean;
  id?: string;
  resume?: string;
}

/** `temporal-nango action`: one deployed action, as a durable activity. */
export function actionCommand(): Command {
  const command = leaf('action [integration] [name]', 'Run a deployed action and wait for its output.', {
    timeout: 'none',
    examples: [
      ['action hubspot create-contact --end-user u_42 --input @contact.json', 'it counts as a write, and asks first'],
      ['action hubspot list-owners --connection ID --idempotent', 'one that may run twice'],
      ['action --resume cli-action-…', 'the output of an earlier one, such as one that was interrupted'],
    ],
  });
  return withTargetOptions(command)
    .option('--input <json>', 'what the action gets: JSON, @FILE, or - for standard input')
    .option('--pick <pointer>', 'a JSON pointer: only this part of the output; repeatable', repeated, [])
    .option('--idempotent', 'it may be carried out twice: it is repeated until there is an answer')
    .option('--yes', 'do not ask before it runs')
    .option('--id <id>', 'a name for the call, which is made once under it')
    .option('--resume <id>', 'get the output of an earlier call; nothing else is needed')
    .action(
      actionOf<[string | undefined, string | undefined, Options]>(async (run, integration, name, options) => {
        const { resume, yes = false } = options;
        if (resume !== undefined) return await withTemporal((temporal) => resumeCall(run, temporal, 'action', resume));
        if (integration === undefined || name === undefined) {
          throw usage('The integration and the action are needed.', 'Write: temporal-nango action INTEGRATION NAME.');
        }
        const call = await actionCall(name, options);
        return await withTemporal(async (temporal) => {
          const connection = await findTarget(temporal, integration, options);
          checkConnectionRef(connection);
          refuseOtherAccount(connection, call);
          await confirmWrite(run, call, 'An action', yes);
          return await startCall(run, temporal, 'action', { id: options.id, connection, call });
        });
      }),
    );
}

async function actionCall(action: string, { input, pick, idempotent }: Options): Promise<ActionCall> {
  const given = input === undefined ? undefined : await jsonOption('--input', input);
  const call = { action, input: given, pick: pick.length === 0 ? undefined : pick, idempotent };
  checkCall(call);
  return call;
}
