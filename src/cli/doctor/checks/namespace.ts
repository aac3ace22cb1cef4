import { shellCommand } from '../../../dev/shell-command';
import { failed, ok } from '../check';
import type { Check } from '../check';
import { temporalCheck } from './temporal-reachable';
import { GRPC } from '../../../requests/grpc-status';

export const namespaceCheck: Check = {
  name: 'namespace',
  after: [temporalCheck],
  async run({ temporal, temporalPlace }) {
    const { namespace, address } = temporalPlace();
    const client = await temporal();
    try {
      await client.workflowService.describeNamespace({ namespace });
    } catch (error) {
      if ((error as { code?: unknown }).code !== GRPC.NOT_FOUND) throw error;
      const create = ['operator', 'namespace', 'create', '--namespace', namespace, '--address', address];
      return failed(
        `There is no namespace ${namespace}.`,
        `Create it: \`${shellCommand('temporal', create)}\`; or name one that exists: \`export TEMPORAL_NAMESPACE=<namespace>\`.`,
      );
    }
    return ok(`${namespace} exists.`);
  },
};
