import { actionResultInputSchema, triggerActionInputSchema } from '../contract/schemas/calls';
import { checkCall, checkConnectionRef, isWrite } from '../contract/rules/check-call';
import type { TriggerActionInput } from '../contract/types';
import { getActionResult, startAction, triggerAction } from '../nango/actions';
import type { NangoActivities } from '../contract/activities';
import { calling, bounds, parse, refuseSecondWrite } from './context';
import type { ActivityDependencies } from './context';
import { polling } from './polling';

export function actionActivities({
  api,
}: ActivityDependencies): Pick<NangoActivities, 'nango.triggerAction' | 'nango.startAction' | 'nango.getActionResult'> {
  return {
    async 'nango.triggerAction'(input) {
      return await calling(triggerAction(api, checked(input), bounds()));
    },

    async 'nango.startAction'(input) {
      return await calling(startAction(api, checked(input), bounds()));
    },

    async 'nango.getActionResult'(input) {
      return await polling(getActionResult(api, parse(actionResultInputSchema, input), bounds()));
    },
  };
}

function checked(input: unknown): TriggerActionInput {
  const { connection, call } = parse(triggerActionInputSchema, input);
  checkConnectionRef(connection);
  checkCall(call);
  refuseSecondWrite(isWrite(call));
  return { connection, call };
}
