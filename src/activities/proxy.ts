import { proxyInputSchema } from '../contract/schemas/calls';
import { checkCallInput, isWrite } from '../contract/rules/check-call';
import { proxy } from '../nango/proxy';
import { calling, bounds, refuseSecondWrite } from './context';
import { defineActivity } from './define';

export const proxyActivities = defineActivity(
  'nango.proxy',
  proxyInputSchema,
  checkCallInput,
  async (input, { api }) => {
    refuseSecondWrite(isWrite(input.call));
    return await calling(proxy(api, input, bounds()));
  },
);
