import { Agent } from 'node:https';
import { Nango } from '@nangohq/node';
import { bodyOf, endpointOf, inWindow } from '../calls';
import type { CallSet, Tally } from '../calls';
import { serveDriver } from '../ipc/serve';
import { nangoOfEnv, pickFrom } from './nango-of-env';

/**
 * A loop over Nango's own client, 100 at a time. It makes no retry of its own (`retries` is a header, for the server), and
 * its connections stay open: for https by this agent, for http by that of Node.
 */

const AT_ONCE = 100;

const { url, secretKey } = nangoOfEnv();
const httpsAgent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
const nango = new Nango({ host: url, secretKey }, { httpsAgent });

async function run(set: CallSet): Promise<Tally> {
  return await inWindow(set.count, AT_ONCE, async (index) => {
    const { data } = await nango.proxy<unknown>({
      method: set.method,
      endpoint: endpointOf(set, index),
      data: bodyOf(set, index),
      providerConfigKey: set.connection.integration,
      connectionId: set.connection.connectionId,
    });
    pickFrom(data, set.pick);
  });
}

serveDriver({ run });
