import type { Command } from 'commander';
import { checkCall, checkConnectionRef, refuseOtherAccount } from '../../contract/rules/check-call';
import { pathOf } from '../../contract/rules/endpoint';
import { METHODS } from '../../contract/methods';
import type { ProxyCall } from '../../contract/types';
import { actionOf } from '../terminal/result';
import { usage } from '../terminal/failure';
import { jsonOption } from '../options/json-option';
import { leaf, repeated } from '../terminal/leaf';
import { confirmWrite, resumeCall, startCall } from '../standalone-call';
import { findTarget, withTargetOptions } from '../options/target';
import type { TargetOptions } from '../options/target';
import { withTemporal } from '../temporal';

interface Options extends TargetOptions {
  data?: string;
  pick: string[];
  idempotent?: true;
  yes?: boolean;
  id?: string;
  resume?: string;
}

/** `temporal-nango proxy`: one call to a provider, as a durable activity. */
export function proxyCommand(): Command {
  const command = leaf('proxy [integration] [method] [path]', "Call a provider's API through Nango.", {
    timeout: 'none',
    examples: [
      ['proxy hubspot GET /crm/v3/owners --end-user u_42', 'a read, through the connection of a person'],
      ['proxy hubspot GET /crm/v3/owners --connection ID --pick /results/0/id', 'a part of the answer'],
      ['proxy hubspot POST /crm/v3/objects/contacts --end-user u_42 --data @contact.json', 'a write; it asks first'],
      ['proxy --resume cli-proxy-…', 'the answer of an earlier call, such as one that was interrupted'],
    ],
  });
  return withTargetOptions(command)
    .option('--data <json>', 'the body: JSON, @FILE, or - for standard input')
    .option('--pick <pointer>', 'a JSON pointer: only this part of the answer; repeatable', repeated, [])
    .option('--idempotent', 'it may be carried out twice: it is repeated until there is an answer')
    .option('--yes', 'do not ask before a write')
    .option('--id <id>', 'a name for the call, which is made once under it')
    .option('--resume <id>', 'get the answer of an earlier call; nothing else is needed')
    .action(
      actionOf<[string | undefined, string | undefined, string | undefined, Options]>(
        async (run, integration, method, path, options) => {
          const { resume, yes = false } = options;
          if (resume !== undefined) return await withTemporal((temporal) => resumeCall(run, temporal, 'proxy', resume));
          const call = await proxyCall(method, path, options);
          if (integration === undefined) throw usage('The integration is missing.', USAGE);
          return await withTemporal(async (temporal) => {
            const connection = await findTarget(temporal, integration, options);
            checkConnectionRef(connection);
            refuseOtherAccount(connection, call);
            await confirmWrite(run, call, `${call.method} ${pathOf(call.endpoint)}`, yes);
            return await startCall(run, temporal, 'proxy', { id: options.id, connection, call });
          });
        },
      ),
    );
}

const USAGE = 'Write: temporal-nango proxy INTEGRATION METHOD /PATH.';

async function proxyCall(method: string | undefined, path: string | undefined, options: Options): Promise<ProxyCall> {
  const { data, pick, idempotent } = options;
  const known = METHODS.find((name) => name === method?.toUpperCase());
  if (known === undefined) throw usage(`The method must be one of ${METHODS.join(', ')}.`, USAGE);
  if (path === undefined) throw usage('The path is missing.', USAGE);
  const body = data === undefined ? undefined : await jsonOption('--data', data);
  const call = { method: known, endpoint: path, body, pick: pick.length === 0 ? undefined : pick, idempotent };
  checkCall(call);
  return call;
}
