import type { Question } from '../../../src/contract/types';
import { ConnectionRequest } from '../../../src/requests/connection-request';
import { eventually } from '../eventually';
import type { Stage } from './stage';

/** The environment variable of the worker that holds the secret of an integration's app. */
export const RECREATION_SECRET = 'CRM_APP_SECRET';
/** Who is helped from the inbox, where the secret is typed in. */
export const BY_PAGE = 'fixed-by-page';

/** A link adds no scopes: the worker has the integration request more, and a new connection takes the old one's place. */
export async function recreation(stage: Stage): Promise<void> {
  const { ledger } = stage;
  const request = await approvedInVain(stage, 'fixed-by-worker');
  const credentials = { clientId: 'id', clientSecret: { fromEnv: RECREATION_SECRET } };
  await request.updateScopes(credentials, { by: 'olive' });
  await sawSecretOf(stage, 'fixed-by-worker');
  await asked(request, 'recreate-connection');
  await connects(stage, request, 'recreate');
  ledger.given.push(await request.result(), await request.timeline());
  await approvedInVain(stage, BY_PAGE);
}

/** Nango shows the secrets of an integration to whoever may read credentials. */
export async function sawSecretOf(stage: Stage, integration: string): Promise<void> {
  stage.ledger.saw((await stage.callNango('GET', `/integrations/${integration}?include=credentials`)).text);
}

/** Up to where an operator is asked. */
async function approvedInVain(stage: Stage, integration: string): Promise<ConnectionRequest> {
  const { ledger, world } = stage;
  const { nango } = world;
  nango.addProvider({ name: 'fixed', authMode: 'OAUTH2', ignoresScopesOverride: true, defaultScopes: ['read'] });
  nango.addIntegration({ key: integration, provider: 'fixed' });
  const token = ledger.secret(`access token of ${integration}`);
  const credentials = { type: 'OAUTH2', access_token: token, raw: { scope: 'read' } } as const;
  const connection = { integration, connectionId: `c-${integration}` };
  nango.addConnection({ ...connection, tags: { end_user_id: integration }, credentials });
  ledger.saw((await stage.callNango('GET', `/connections/c-${integration}?provider_config_key=${integration}`)).text);
  const wanted = { integration, endUser: { id: integration }, scopes: ['write'] };
  const request = await world.connections.ensureConnection(wanted);
  if (!(request instanceof ConnectionRequest)) throw new Error('There was nothing to wait for');
  stage.started.push(request.ref.id);
  await asked(request, 'approve-scopes');
  await connects(stage, request, 'approve');
  await asked(request, 'update-integration-scopes');
  ledger.given.push(await request.view());
  return request;
}

async function asked(request: ConnectionRequest, kind: Question['kind']): Promise<void> {
  await eventually(async () => (await request.describe())?.view.question?.kind === kind || undefined);
}

async function connects({ ledger, world }: Stage, request: ConnectionRequest, why: string): Promise<void> {
  // Nango may be down for the first one.
  const minted = await request.connectLink({ recreate: true }).catch((error: unknown) => {
    ledger.given.push(error);
    return request.connectLink({ recreate: true });
  });
  const link = ledger.secret(`connect link to ${why} ${request.ref.id}`, minted);
  const as = ledger.secret(`token of the account to ${why} ${request.ref.id}`);
  const made = world.nango.complete(link, { as });
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
}
