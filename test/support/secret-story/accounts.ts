import type { Identity } from '../../../src/contract/types';
import type { ConnectionRef } from '../../../src/workflow';
import { call } from '../user-workflows';
import { eventually } from '../eventually';
import { waitingFor, connects, deliver, types, wereTakenBack } from './people';
import { get, INTEGRATION, TYPED } from './setting';
import type { Stage } from './stage';

const FOUND_WITHIN_MS = 180_000;

/** Reconnects, and accounts that the provider tells of or does not. What it answers beside the account is a canary. */
export async function accounts(stage: Stage): Promise<void> {
  await Promise.all([
    sameAccount(stage),
    otherAccount(stage),
    unknownAccount(stage, 'refused', { endpoint: '/status/410', pointer: '/id' }),
    unknownAccount(stage, 'mistold', { endpoint: '/me/mistold', pointer: '/user' }),
  ]);
}

const identityOf = (user: string): Identity => ({ endpoint: `/me/${user}`, pointer: '/user/id' });

/** What a reconnect wipes; it may be read in the history of the request. */
function wiped(stage: Stage, user: string, account: string): object {
  return {
    tags: { end_user_id: user, tn_account: account, team: 'red' },
    metadata: { folder: 'inbox' },
    webhook_url_override: `${stage.world.nango.url}/nobody-listens`,
  };
}

/** By OAuth. */
async function sameAccount(stage: Stage): Promise<void> {
  const { ledger, provider } = stage;
  const connection: ConnectionRef = { integration: INTEGRATION, connectionId: 'c-same' };
  await stage.import(connection, stage.oauth('c-same'), wiped(stage, 'same', 'anna'));
  await stage.ends(call, [connection, get('/fine')], 'ok');
  const more = { reconnect: connection.connectionId, identity: identityOf('same') };
  const { workflow, request, link, tokens } = await waitingFor(stage, 'same', more);
  provider.accounts.set('the_same_account', 'anna');
  connects(stage, link, 'the same');
  await deliver(stage, connection, 'same');
  ledger.given.push(await workflow.result(), await request.result());
  wereTakenBack(stage, tokens);
  await stage.ends(call, [connection, get('/fine')], 'ok');
}

/** By a key that is typed; found by the watch; somebody says yes. */
async function otherAccount(stage: Stage): Promise<void> {
  const { ledger, provider } = stage;
  const connection: ConnectionRef = { integration: TYPED, connectionId: 'k-other' };
  const [annas, berts] = ['API key of anna', 'API key of bert'].map((name) => ledger.secret(name));
  await stage.import(connection, { type: 'API_KEY', apiKey: annas }, wiped(stage, 'other', 'anna'));
  await stage.ends(call, [connection, get('/fine')], 'ok');
  const more = { integration: TYPED, reconnect: connection.connectionId, identity: identityOf('other') };
  const { workflow, request, id, link } = await waitingFor(stage, 'other', more);
  provider.accounts.set(berts!, 'bert');
  await types(stage, link, 'other', berts!);
  // The first sweep meets an outage, and the next comes later for it.
  await eventually(
    async () => ((await request.view()).question?.accountChange === undefined ? undefined : true),
    FOUND_WITHIN_MS,
  );
  await stage.inspect(id);
  await request.decide('yes', { by: 'ops@example.com' });
  ledger.given.push(await request.view(), await workflow.result(), await request.result());
  await stage.ends(call, [connection, get('/fine')], 'ok');
}

/** A new connection is there all the same. */
async function unknownAccount(stage: Stage, user: string, identity: Identity): Promise<void> {
  const { workflow, link } = await waitingFor(stage, user, { identity });
  const connection = connects(stage, link, user);
  await deliver(stage, connection, user);
  stage.ledger.given.push(await workflow.result());
  await stage.ends(call, [connection, get('/fine')], 'ok');
}
