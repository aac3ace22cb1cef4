import { actionResultInputSchema, triggerActionInputSchema } from '../contract/schemas/calls';
import { checkCallInput, checkPointers, isWrite } from '../contract/rules/check-call';
import { getActionResult, startAction, triggerAction } from '../nango/actions';
import { calling, bounds, maxResponseBytes, refuseSecondWrite } from './context';
import { defineActivity } from './define';
import { polling } from './polling';

export const actionActivities = {
  ...defineActivity('nango.triggerAction', triggerActionInputSchema, checkCallInput, async (input, dependencies) => {
    refuseSecondWrite(isWrite(input.call));
    return await calling(triggerAction(dependencies.api, input, bounds(), maxResponseBytes(dependencies)));
  }),

  ...defineActivity('nango.startAction', triggerActionInputSchema, checkCallInput, async (input, { api }) => {
    refuseSecondWrite(isWrite(input.call));
    return await calling(startAction(api, input, bounds()));
  }),

  ...defineActivity(
    'nango.getActionResult',
    actionResultInputSchema,
    ({ pick }) => checkPointers(pick, 'pick'),
    (input, dependencies) =>
      polling(getActionResult(dependencies.api, input, bounds(), maxResponseBytes(dependencies))),
  ),
};
