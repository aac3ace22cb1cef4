import { actionResultInputSchema, triggerActionInputSchema } from '../contract/schemas/calls';
import { checkCallInput, checkPointers, isWrite } from '../contract/rules/check-call';
import { getActionResult, startAction, triggerAction } from '../nango/actions';
import type { TriggerActionInput } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import type { NangoApi } from '../nango/http/http';
import { admitted } from './admission';
import { calling, bounds, maxResponseBytes, refuseSecondWrite } from './context';
import type { ActivityDependencies } from './context';
import { defineActivity } from './define';
import { polling } from './polling';

export const actionActivities = {
  ...defineActivity('nango.triggerAction', triggerActionInputSchema, checkCallInput, (input, dependencies) =>
    run(input, dependencies, triggerAction),
  ),

  ...defineActivity('nango.startAction', triggerActionInputSchema, checkCallInput, (input, dependencies) =>
    run(input, dependencies, startAction),
  ),

  ...defineActivity(
    'nango.getActionResult',
    actionResultInputSchema,
    ({ pick }) => checkPointers(pick, 'pick'),
    (input, dependencies) =>
      polling(getActionResult(dependencies.api, input, bounds(), maxResponseBytes(dependencies))),
  ),
};

async function run<T>(
  input: TriggerActionInput,
  dependencies: ActivityDependencies,
  action: (api: NangoApi, input: TriggerActionInput, bounds: Bounds, maxBytes: number) => Promise<T>,
): Promise<T> {
  const write = isWrite(input.call);
  refuseSecondWrite(write);
  const traits = { route: 'action', repeatable: !write } as const;
  const maxBytes = maxResponseBytes(dependencies);
  const call = (bounds: Bounds): Promise<T> => action(dependencies.api, input, bounds, maxBytes);
  return await calling(admitted(dependencies, input.connection, traits, call));
}
