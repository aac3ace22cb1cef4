import { proxyInputSchema } from '../contract/schemas/calls';
import { checkCallInput, isWrite } from '../contract/rules/check-call';
import { proxy } from '../nango/proxy';
import { admitted } from './admission';
import { calling, refuseSecondWrite } from './context';
import { defineActivity } from './define';

export const proxyActivities = defineActivity(
  'nango.proxy',
  proxyInputSchema,
  checkCallInput,
  async (input, dependencies) => {
    const write = isWrite(input.call);
    refuseSecondWrite(write);
    const traits = { route: 'proxy', repeatable: !write } as const;
    const { api } = dependencies;
    return await calling(admitted(dependencies, input.connection, traits, (bounds) => proxy(api, input, bounds)));
  },
);
