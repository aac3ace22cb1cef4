import { invalid, nangoFailure } from '../contract/errors';
import { MAX_TAGS } from '../contract/limits';
import { TAG } from '../contract/names';
import { adoptConnectionInputSchema } from '../contract/schemas/connections';
import { ownerTags } from '../contract/rules/tags';
import { checkConnectionId } from '../contract/rules/check-call';
import { checkChoose, checkSubject } from '../contract/rules/check-request';
import type { AdoptConnectionInput } from '../contract/types';
import { getConnection, patchConnection } from '../nango/connections';
import { findConnections, ownConnection } from './connections';
import { bounds } from './context';
import { defineActivity } from './define';

export const adoptActivities = defineActivity(
  'nango.adoptConnection',
  adoptConnectionInputSchema,
  checkAdoption,
  async (input, { api }) => {
    const { subject, connectionId } = input;
    const { integration, owner, slot } = subject;
    const own = ownConnection(await findConnections(api, subject, bounds()), subject, input);
    if (own !== undefined) return own;
    const orphan = await getConnection(api, { integration, connectionId }, bounds());
    if (orphan.tags[TAG.endUserId] !== undefined || orphan.tags[TAG.organizationId] !== undefined) {
      throw nangoFailure('Nango.InvalidRequest', { field: 'adopt', reason: 'other_owner', hint: 'It has an owner.' });
    }
    if (orphan.unconfirmed) throw nangoFailure('Nango.OwnerUnconfirmed');
    const tags = { ...orphan.tags, ...ownerTags(owner), ...(slot !== undefined && { [TAG.slot]: slot }) };
    if (Object.keys(tags).length > MAX_TAGS) throw invalid('adopt', 'has no room for the tags of an owner');
    await patchConnection(api, orphan, { tags }, bounds());
    return { ...orphan, tags };
  },
);

function checkAdoption({ subject, connectionId, choose }: AdoptConnectionInput): void {
  checkSubject(subject);
  if (choose !== undefined) checkChoose(choose);
  checkConnectionId(connectionId, 'adopt');
}
