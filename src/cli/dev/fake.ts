import { FakeNango } from '../../testing/fake-nango';
import { madeUpHubspot } from './made-up-hubspot';

/** Integrations that exist there. */
const FAKE_INTEGRATIONS = ['hubspot', 'github', 'slack'];

/**
 * A Nango on this machine, for whoever has none: any account name connects, HubSpot answers what the examples ask, and the
 * provider of every integration answers any other call with what was asked. Its webhooks go to our public listener.
 */
export async function startFake(ports: { nango: number; public: number }): Promise<FakeNango> {
  const webhookUrl = `http://127.0.0.1:${ports.public}/webhooks/nango`;
  const nango = await FakeNango.start({ port: ports.nango, webhookUrl });
  nango.addProvider({ name: 'slack', displayName: 'Slack', authMode: 'OAUTH2' });
  const hubspot = madeUpHubspot();
  for (const key of FAKE_INTEGRATIONS) {
    nango.addIntegration({ key, provider: key });
    nango.onProxy(key, (request) => {
      const { method, path, body = null } = request;
      const response = key === 'hubspot' ? hubspot(request) : undefined;
      return response ?? { json: { integration: key, method, path, body } };
    });
  }
  return nango;
}
