import { proxyInputSchema } from '../contract/schemas/calls';
import { checkCallInput, isWrite } from '../contract/rules/check-call';
import type { CallResponse } from '../contract/types';
import type { Bounds } from '../nango/http/http';
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
    const call = (bounds: Bounds): Promise<CallResponse> => proxy(api, input, bounds, maxBytes);
    return await calling(admitted(dependencies, input.connection, traits, call));
  },
);
