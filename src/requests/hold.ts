import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { z } from 'zod';
import { HOLDS, UPDATE, WORKFLOW } from '../contract/names';
import { holdKey, holdsId } from '../contract/request-id';
import { heldConnectionSchema } from '../contract/schemas/holds';
import type { HeldConnection, HoldConnectionInput, HoldsView } from '../contract/types';
import type { Place } from './start';
import { whileClosing } from './while-closing';

type HoldsWorkflow = () => Promise<void>;

/**
 * Has connections held by the holds of the environment, which are started if none run: one atomic update-with-start. The
 * update id is random, since a repeated one would return the result of an older run.
 *
 * @param inputs 100 at most
 * @returns since when each is held, in their order
 */
export async function holdConnections(place: Place, inputs: HoldConnectionInput[]): Promise<HeldConnection[]> {
  const { client, taskQueue, environment } = place;
  const view: HoldsView = { held: inputs.map(({ connection }) => holdKey(connection)) };
  const held = await whileClosing(() =>
    client.workflow.executeUpdateWithStart<HoldsWorkflow, unknown, [HoldConnectionInput[]]>(UPDATE.hold, {
      args: [inputs],
      updateId: randomUUID(),
      startWorkflowOperation: new WithStartWorkflowOperation<HoldsWorkflow>(WORKFLOW.connectionHolds, {
        workflowId: holdsId(environment),
        taskQueue,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        memo: { [HOLDS]: view },
        args: [],
      }),
    }),
  );
  return z.array(heldConnectionSchema).length(inputs.length).parse(held);
}
