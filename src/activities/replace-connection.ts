import { invalid } from '../contract/errors';
import { TAG } from '../contract/names';
import { checkConnectionId, checkConnectionRef } from '../contract/rules/check-call';
import { nonceOrigin } from '../contract/rules/choose';
import { checkText } from '../contract/rules/text';
import { dropReplacementsInputSchema, replaceConnectionInputSchema } from '../contract/schemas/recreate';
import type { DropReplacementsInput, ReplaceConnectionInput } from '../contract/types';
import { deleteConnection, getConnection } from '../nango/connections';
import { bounds } from './context';
import { defineActivity } from './define';
import { disconnect, existing, replacements } from './disconnect';

/** How a connection takes the place of another: one of the two is there at any time. */
export const replaceConnectionActivities = {
  ...defineActivity(
    'nango.replaceConnection',
    replaceConnectionInputSchema,
    checkReplacement,
    async ({ integration, connectionId, replaces }, { api }) => {
      const old = { integration, connectionId: replaces };
      const { tags } = await getConnection(api, { integration, connectionId }, bounds());
      if (tags[TAG.replaces] !== replaces)
        throw invalid('connectionId', 'must have been made in the place of the other');
      // Earlier ones that nobody has taken would count as soon as the old one is gone.
      for (const made of await replacements(api, old, bounds())) {
        if (made.connectionId !== connectionId) await deleteConnection(api, made, bounds());
      }
      await disconnect(api, old, bounds());
    },
  ),

  ...defineActivity(
    'nango.dropReplacements',
    dropReplacementsInputSchema,
    checkDropping,
    async ({ integration, connectionId, origin }, { api }) => {
      const old = { integration, connectionId };
      if ((await existing(api, old, bounds())) === undefined) return;
      for (const made of await replacements(api, old, bounds())) {
        if (nonceOrigin(made.tags[TAG.nonce]) === origin) await deleteConnection(api, made, bounds());
      }
    },
  ),
};

function checkReplacement({ replaces, ...ref }: ReplaceConnectionInput): void {
  checkConnectionRef(ref);
  checkConnectionId(replaces, 'replaces');
  if (replaces === ref.connectionId) throw invalid('replaces', 'must be another connection');
}

function checkDropping({ origin, ...ref }: DropReplacementsInput): void {
  checkConnectionRef(ref);
  checkText(origin, 'origin');
}
