import type { ConnectionRequest } from '../../src/requests/connection-request';
import { linkGrantSchema } from '../../src/contract/schemas/links';
import { mintConnectSession } from '../../src/requests/mint';
import type { World } from './world';

/** A verified link that another process has made: this one, which knows nothing of it, cannot revoke it. */
export async function linkOfAnother(world: World, { ref }: Pick<ConnectionRequest, 'ref'>) {
  const handle = world.client.workflow.getHandle(ref.id);
  const grant = await handle.executeUpdate('nango.issueLink', { args: [{ verifyOwner: true }] });
  return await mintConnectSession(world.config, linkGrantSchema.parse(grant));
}
