import { call } from '../user-workflows';
import { deliver, waitingFor, wereTakenBack } from './people';
import { get, INTEGRATION } from './setting';
import type { Stage } from './stage';

/** What was granted is read from credentials, and what an integration requests from those of its developer's app. */
export async function moreScopes(stage: Stage): Promise<void> {
  const { ledger, world } = stage;
  const connection = { integration: INTEGRATION, connectionId: 'c-scopes' };
  const raw = { scope: 'read', id_token: ledger.secret('id token of c-scopes') };
  const credentials = { type: 'OAUTH2', access_token: ledger.secret('access token of c-scopes'), raw } as const;
  world.nango.addConnection({ ...connection, tags: { end_user_id: 'scopes' }, credentials });
  const { workflow, request, link, tokens, id } = await waitingFor(stage, 'scopes', { scopes: ['write'] });
  await stage.inspect(id);
  world.nango.complete(link, { as: ledger.secret('token of the widened account'), grant: ['read', 'write'] });
  await deliver(stage, connection, 'scopes');
  ledger.given.push(await workflow.result(), await request.result());
  wereTakenBack(stage, tokens);
  await stage.ends(call, [connection, get('/fine')], 'ok');
}
