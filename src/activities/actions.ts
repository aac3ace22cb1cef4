import { actionResultInputSchema, triggerActionInputSchema } from '../contract/schemas/calls';
import { checkCallInput, checkPointers, isWrite } from '../contract/rules/check-call';
import { getActionResult, startAction, triggerAction } from '../nango/actions';
import { calling, bounds, refuseSecondWrite } from './context';
import { defineActivity } from './define';
import { polling } from './polling';

export const actionActivities = {
  ...defineActivity('nango.triggerAction', triggerActionInputSchema, checkCallInput, async (input, { api }) => {
    refuseSecondWrite(isWrite(input.call));
    return await calling(triggerAction(api, input, bounds()));
  }),

  ...defineActivity('nango.startAction', triggerActionInputSchema, checkCallInput, async (input, { api }) => {
    refuseSecondWrite(isWrite(input.call));
    return await calling(startAction(api, input, bounds()));
  }),

  ...defineActivity(
    'nango.getActionResult',
    actionResultInputSchema,
    ({ pick }) => checkPointers(pick, 'pick'),
    (input, { api }) => polling(getActionResult(api, input, bounds())),
  ),
};
