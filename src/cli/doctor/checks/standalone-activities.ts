import { randomUUID } from 'node:crypto';
import { failed, ok } from '../check';
import type { Check } from '../check';
import { namespaceCheck } from './namespace';

/** gRPC status, https://grpc.io/docs/guides/status-codes/ */
const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;

/** Listing, disconnecting, and the commands `proxy` and `action` are activities without a workflow. */
export const standaloneActivitiesCheck: Check = {
  name: 'standalone activities',
  after: [namespaceCheck],
  async run({ temporal }) {
    const client = await temporal();
    const { namespace } = client.options;
    try {
      await client.workflowService.describeActivityExecution({ namespace, activityId: `doctor-${randomUUID()}` });
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === UNIMPLEMENTED) {
        return failed(
          'This Temporal does not have them: listing, disconnecting, `proxy` and `action` do not work.',
          'Update the server; the dev server of the Temporal CLI has them from 1.9.1 on.',
        );
      }
      if (code !== NOT_FOUND) throw error;
    }
    return ok('This Temporal has them.');
  },
};
