import { proxyInputSchema } from '../contract/schemas/calls';
import { checkCallInput, isWrite } from '../contract/rules/check-call';
import type { CallResponse } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import { proxy } from '../nango/proxy';
import { admitted } from './admission';
import { calling, maxResponseBytes, refuseSecondWrite } from './context';
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
    const maxBytes = maxResponseBytes(dependencies);
    const call = async (bounds: Bounds): Promise<CallResponse> => (await proxy(api, input, bounds, maxBytes)).response;
    return await calling(admitted(dependencies, input.connection, traits, call));
  },
);
