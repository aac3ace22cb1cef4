import { proxyInputSchema } from '../contract/schemas/calls';
import { checkCallInput, isWrite } from '../contract/rules/check-call';
import { proxy } from '../nango/proxy';
import { calling, bounds, maxResponseBytes, refuseSecondWrite } from './context';
import { defineActivity } from './define';

export const proxyActivities = defineActivity(
  'nango.proxy',
  proxyInputSchema,
  checkCallInput,
  async (input, dependencies) => {
    refuseSecondWrite(isWrite(input.call));
    return await calling(proxy(dependencies.api, input, bounds(), maxResponseBytes(dependencies)));
  },
);
