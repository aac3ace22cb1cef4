import type { IntegrationSetUp } from '../../../src';
import { canary } from './ledger';
import type { Stage } from './stage';

/** What the environment of the worker holds for it. */
export const APP_SECRET = 'STORY_APP_SECRET';

/** Integrations are set up with developer apps, whose secrets come from the environment of the worker. */
export async function setUps(stage: Stage): Promise<void> {
  const { ledger } = stage;
  const setUp = await openSetUp(stage, 'by-environment', 'OAUTH2');
  const decision = (fromEnv: string) =>
    ({
      choice: 'own',
      credentials: { clientId: 'id', clientSecret: { fromEnv } },
      by: 'olive',
    }) as const;
  await stage.fails(setUp.decide(decision('NOBODY_HAS_THIS')), 'Nango.Misconfigured');
  // What is pasted into the place of a name is refused before it is written.
  const pasted = ledger.secret('secret in the place of a name');
  ledger.worked('secret in the place of a name');
  await stage.fails(setUp.decide(decision(pasted)), 'Nango.InvalidRequest');
  await stage.inspect(setUp.ref.id);
  ledger.given.push(await setUp.view(), await setUp.decide(decision(APP_SECRET)), await setUp.describe());
  await isThere(stage, 'by-environment');
  // A PEM it is not: Nango refuses it.
  const app = await openSetUp(stage, 'app-by-environment', 'APP');
  const credentials = { appId: '7', appLink: 'https://example.com', privateKey: { fromEnv: APP_SECRET } };
  await stage.fails(app.decide({ choice: 'own', credentials, by: 'olive' }), 'Nango.InvalidRequest');
  await stage.inspect(app.ref.id);
  await app.decline({ by: 'olive' });
}

/** The same with what an operator types into the page. */
export async function setUpsByPage(
  stage: Stage,
  inbox: string,
  visitor: {
    gets(url: string): Promise<string>;
    posts(url: string, fields: { [name: string]: string }): Promise<string>;
  },
): Promise<void> {
  const { ledger } = stage;
  const wayOf = ({ ref }: IntegrationSetUp) =>
    `${inbox}/set-ups/${Buffer.from(ref.id).toString('base64url')}/${ref.firstExecutionRunId}`;
  const own = wayOf(await openSetUp(stage, 'by-page', 'OAUTH2'));
  const clientSecret = ledger.secret('client secret typed into the page');
  await visitor.gets(`${inbox}/set-ups`);
  await visitor.gets(own);
  await visitor.posts(`${own}/own`, { clientId: 'id', clientSecret });
  await visitor.gets(own);
  await isThere(stage, 'by-page');
  const refused = wayOf(await openSetUp(stage, 'app-by-page', 'APP'));
  const privateKey = ledger.secret('private key typed into the page', canary('private_key'));
  await visitor.posts(`${refused}/own`, { appId: '7', appLink: 'https://example.com', privateKey });
  ledger.worked('private key typed into the page');
  await visitor.posts(`${refused}/own`, { appId: '7', privateKey });
  await visitor.gets(refused);
  await visitor.posts(`${refused}/decline`, {});
}

async function openSetUp(stage: Stage, name: string, authMode: 'OAUTH2' | 'APP'): Promise<IntegrationSetUp> {
  stage.world.nango.addProvider({ name, authMode });
  const setUp = await stage.world.connections.ensureIntegration({ provider: name });
  if (setUp.kind !== 'setUp') throw new Error(`${name} is there already`);
  stage.started.push(setUp.ref.id);
  return setUp;
}

/** Whoever may read credentials at Nango finds the secret there. */
async function isThere(stage: Stage, integration: string): Promise<void> {
  const { text } = await stage.callNango('GET', `/integrations/${integration}?include=credentials`);
  stage.ledger.saw(text);
}
