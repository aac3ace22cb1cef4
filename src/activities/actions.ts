import { actionResultInputSchema, triggerActionInputSchema } from '../contract/schemas/calls';
import { checkCallInput, checkPointers, isWrite } from '../contract/rules/check-call';
import { getActionResult, startAction, triggerAction } from '../nango/actions';
import type { TriggerActionInput } from '../contract/types';
import type { Bounds, NangoApi } from '../nango/http/http';
import { admitted } from './admission';
import { calling, bounds, refuseSecondWrite } from './context';
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
    (input, { api }) => polling(getActionResult(api, input, bounds())),
  ),
};

async function run<T>(
  input: TriggerActionInput,
  dependencies: ActivityDependencies,
  action: (api: NangoApi, input: TriggerActionInput, bounds: Bounds) => Promise<T>,
): Promise<T> {
  const write = isWrite(input.call);
  refuseSecondWrite(write);
  const traits = { route: 'action', repeatable: !write } as const;
  const { api } = dependencies;
  return await calling(admitted(dependencies, input.connection, traits, (bounds) => action(api, input, bounds)));
}
