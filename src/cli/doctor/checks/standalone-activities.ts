import { randomUUID } from 'node:crypto';
import { failed, ok } from '../check';
import type { Check } from '../check';
import { namespaceCheck } from './namespace';
import { GRPC } from '../../../requests/grpc-status';

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
      if (code === GRPC.UNIMPLEMENTED) {
        return failed(
          'This Temporal does not have them: listing, disconnecting, `proxy`, `action` and calls of a client do not work.',
          'Update the server, whose dev server has them from Temporal CLI 1.9.1 on; or set `activity.enableStandalone: true` in its dynamic configuration.',
        );
      }
      if (code !== GRPC.NOT_FOUND) throw error;
    }
    return ok('This Temporal has them.');
  },
};
