import { belongsTo, candidates, choose } from '../contract/rules/choose';
import { ownerTags } from '../contract/rules/tags';
import { nangoFailure } from '../contract/errors';
import { connectionRefSchema, findHintedInputSchema, findInputSchema } from '../contract/schemas/connections';
import type { Connection, FindHintedInput, FindInput, Join, Subject } from '../contract/types';
import { checkConnectionId, checkConnectionRef } from '../contract/rules/check-call';
import { checkOwner, checkSubject } from '../contract/rules/check-request';
import { jsonBytes } from '../contract/rules/json';
import { getConnection, listConnections } from '../nango/connections';
import type { Bounds } from '../nango/http/bounds';
import type { NangoApi } from '../nango/http/http';
import { requireIntegration } from '../nango/integrations';
import { bounds } from './context';
import { defineActivity } from './define';

/** More than anybody can tell apart; a lookup that finds so many is ambiguous. */
const MAX_CONNECTIONS = 1_000;
const MAX_RESULT_BYTES = 1024 * 1024;

export const connectionActivities = {
  ...defineActivity(
    'nango.findConnections',
    findInputSchema,
    ({ owner }) => checkOwner(owner),
    (input, { api }) => findConnections(api, input, bounds()),
  ),

  ...defineActivity('nango.getConnection', connectionRefSchema, checkConnectionRef, (ref, { api }) =>
    getConnection(api, ref, bounds()),
  ),

  ...defineActivity(
    'nango.findHinted',
    findHintedInputSchema,
    checkHinted,
    async ({ subject, connectionId }, { api }) => {
      // Side by side: somebody waits for them.
      const [hinted, others] = await Promise.all([
        getConnection(api, { integration: subject.integration, connectionId }, bounds()),
        findConnections(api, subject, bounds()),
      ]);
      return [hinted, ...others.filter((other) => other.connectionId !== connectionId)];
    },
  ),
};

function checkHinted({ subject, connectionId }: FindHintedInput): void {
  checkSubject(subject);
  checkConnectionId(connectionId, 'connectionId');
}

/**
 * Connections of an owner, newest first.
 *
 * @throws Nango.IntegrationNotFound if none can exist; Nango.ResponseTooLarge over 1 MB
 */
export async function findConnections(
  api: NangoApi,
  { integration, owner, slot, anySlot }: FindInput,
  within: Bounds,
): Promise<Connection[]> {
  const query = { integration, tags: ownerTags(owner), limit: MAX_CONNECTIONS };
  const { connections: found } = await listConnections(api, query, within);
  if (found.length === 0 && integration !== undefined) await requireIntegration(api, integration, within);
  return affordable(anySlot ? found : found.filter((connection) => belongsTo(connection, owner, slot)));
}

/**
 * The connection of an owner of whom all were found.
 *
 * @param preferred which of several is meant
 * @param several what is done about more than one: default, they are a failure
 * @returns nothing if there is none, or somebody has to choose
 * @throws Nango.ConnectionAmbiguous with what tells them apart
 */
export function ownConnection(
  found: Connection[],
  subject: Subject,
  { choose: preferred, several = 'fail' }: Pick<Join, 'choose' | 'several'>,
): Connection | undefined {
  const choice = choose(found, subject, preferred);
  if (choice.kind === 'several' && several === 'fail') {
    throw nangoFailure('Nango.ConnectionAmbiguous', {
      connections: candidates(choice.connections),
      hint: 'Name an owner or a slot.',
    });
  }
  return choice.kind === 'one' ? choice.connection : undefined;
}

function affordable(connections: Connection[]): Connection[] {
  if (jsonBytes(connections) <= MAX_RESULT_BYTES) return connections;
  throw nangoFailure('Nango.ResponseTooLarge', { hint: 'Name an owner or an integration.' });
}
