import { proxyInputSchema } from '../contract/schemas/calls';
import { checkCall, checkConnectionRef, isWrite } from '../contract/rules/check-call';
import { proxy } from '../nango/proxy';
import type { NangoActivities } from '../contract/activities';
import { calling, bounds, parse, refuseSecondWrite } from './context';
import type { ActivityDependencies } from './context';

export function proxyActivities({ api }: ActivityDependencies): Pick<NangoActivities, 'nango.proxy'> {
  return {
    async 'nango.proxy'(input) {
      const { connection, call, idempotencyKey } = parse(proxyInputSchema, input);
      checkConnectionRef(connection);
      checkCall(call);
      refuseSecondWrite(isWrite(call));
      return await calling(proxy(api, { connection, call, idempotencyKey }, bounds()));
    },
  };
}
