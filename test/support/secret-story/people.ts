import { ConnectionRequest } from '../../../src/requests/connection-request';
import { signTestWebhook } from '../../../src/testing/fake-nango';
import { webhookHandler } from '../../../src/webhook';
import type { ConnectionRef, EnsureConnectionInput } from '../../../src/workflow';
import { waitFor } from '../user-workflows';
import { tokenIn } from './ledger';
import { INTEGRATION } from './setting';
import type { Stage } from './stage';

/**
 * A workflow and a backend wait for the same person, who has been sent a link, and sees another one embedded.
 *
 * @param user by whom the secrets are named
 * @param more what else is wanted
 */
export async function waitingFor(stage: Stage, user: string, more: Partial<EnsureConnectionInput> = {}) {
  const { world } = stage;
  const wanted = { integration: INTEGRATION, endUser: { id: user, email: `${user}@example.com` }, ...more };
  const workflow = await stage.start(waitFor, wanted);
  const id = `nango/default/${wanted.integration}/u:${user}`;
  stage.started.push(id);
  await world.request(id, 'waiting');
  const request = await world.connections.ensureConnection(wanted);
  if (!(request instanceof ConnectionRequest)) throw new Error('There was nothing to wait for');
  return { workflow, request, id, ...(await links(stage, user, request)) };
}

async function links({ ledger }: Stage, user: string, request: ConnectionRequest) {
  // Nango may be down for the first one.
  const made = await request.connectLink().catch((error: unknown) => {
    ledger.given.push(error);
    return request.connectLink();
  });
  const link = ledger.secret(`connect link for ${user}`, made);
  const sent = ledger.secret(`token in the connect link for ${user}`, tokenIn(link));
  const embedded = ledger.secret(`connect session token for ${user}`, (await request.connectSession()).token);
  ledger.given.push(await request.view(), request.ref);
  return { link, tokens: [sent, embedded] };
}

/** The person connects an account, whose token this is. */
export function connects({ world, ledger }: Stage, link: string, user: string): ConnectionRef {
  return world.nango.complete(link, { as: ledger.secret(`token of the ${user} account`) });
}

/** The person types a key into the connect page, and where their account is to be found. */
export async function types(stage: Stage, link: string, user: string, key: string): Promise<void> {
  const tenant = stage.ledger.secret(`connection_config that ${user} typed`);
  const query = new URLSearchParams({ connect_session_token: tokenIn(link), 'params[tenant]': tenant });
  const { status } = await stage.callNango('POST', `/api-auth/api-key/keyed?${query.toString()}`, { apiKey: key }, '');
  if (status !== 200) throw new Error(`${user} could not connect`);
}

/** Nango's webhook about a connection, signed with its key, as the application's route hands it on; and a forged one. */
export async function deliver({ world, ledger }: Stage, connection: ConnectionRef, user: string): Promise<void> {
  const { client, config, nango } = world;
  const handle = webhookHandler(client, { config });
  const { integration: providerConfigKey, connectionId } = connection;
  const body = JSON.stringify({
    ...{ type: 'auth', operation: 'creation', success: true, from: 'nango', environment: 'dev' },
    ...{ connectionId, providerConfigKey, tags: { end_user_id: user } },
  });
  const good = await handle(body, signTestWebhook(body, nango.webhookSigningKey));
  const forged = await handle(body, signTestWebhook(body, 'guessed'));
  ledger.given.push(good, forged);
  if (good.status === 200 && good.signalled > 0 && forged.status === 401) ledger.worked('webhook signing key');
}

/** Every one of the links was taken back, with its own token as the key to it. */
export function wereTakenBack({ world }: Stage, tokens: string[]): void {
  for (const token of tokens) {
    const revocations = world.nango.requests.filter(
      ({ method, path, headers }) =>
        method === 'DELETE' && path === '/connect/session' && headers.authorization === `Bearer ${token}`,
    );
    if (revocations.length === 0) throw new Error('A link was not taken back');
  }
}
