import { triggerActionInputSchema } from '../contract/schemas';
import { checkCall, checkConnectionRef, isWrite } from '../contract/check-call';
import { triggerAction } from '../nango/actions';
import type { NangoActivities } from '../contract/activities';
import { calling, bounds, parse, refuseSecondWrite } from './context';
import type { ActivityDependencies } from './context';

export function actionActivities({ api }: ActivityDependencies): Pick<NangoActivities, 'nango.triggerAction'> {
  return {
    async 'nango.triggerAction'(input) {
      const { connection, call } = parse(triggerActionInputSchema, input);
      checkConnectionRef(connection);
      checkCall(call);
      refuseSecondWrite(isWrite(call));
      return await calling(triggerAction(api, { connection, call }, bounds()));
    },
  };
}
