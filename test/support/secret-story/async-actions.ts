import { ACTIVITY } from '../../../src/contract/names';
import { act } from '../paged-workflows';
import { C1 } from './setting';
import type { Stage } from './stage';

/** Actions that are started and asked for their output: each way to end, and one that never does. */
export async function asyncActions(stage: Stage): Promise<void> {
  await Promise.all([
    stage.ends(act, [C1, 'returnsLater', {}, { async: true, pick: ['/id'] }], 'ok'),
    stage.ends(act, [C1, 'refusesLater', {}, { async: true }], 'Nango.ActionFailed'),
    stage.ends(act, [C1, 'crashesLater', {}, { async: true, idempotent: true }], 'Nango.ActionFailed'),
    stage.ends(act, [C1, 'meetsOutageLater', {}, { async: true }], 'Nango.ActionFailed'),
    stage.ends(act, [C1, 'missing', {}, { async: true }], 'Nango.ActionNotFound'),
  ]);
  // Nango runs one at a time, so this is the last.
  const { workflowId } = await stage.start(act, C1, 'endless', {}, { async: true });
  await stage.until(
    workflowId,
    ({ activityType, lastFailure }) => activityType?.name === ACTIVITY.getActionResult && Boolean(lastFailure),
  );
}
