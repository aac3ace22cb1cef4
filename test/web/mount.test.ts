import { createHmac } from 'node:crypto';
import { publicWeb } from '../../src/web/public-web';
import type { World } from '../support/world';
import { HOSTS } from './hosts';
import { openRequest, openWorld, pathOf } from './public-stage';

// The public web below a prefix of other people's servers, as docs/web.md shows it.

const KEY = 'signing-key';

let world: World;

beforeAll(async () => {
  world = await openWorld({ config: { webhookSigningKeys: [KEY] } });
});

afterAll(async () => {
  await world.close();
});

const web = () => publicWeb(world.client, { config: world.config });

test.each(HOSTS)('in %s: page, assets, button, webhook and the rest of the application', async (_, start) => {
  const { url, close } = await start(web().fetch);
  try {
    const request = await openRequest(world);
    const page = `${url}/nango${pathOf(request.ref)}`;
    const text = await (await fetch(page)).text();
    expect(text).toContain('asks you to connect HubSpot');
    for (const [, address] of text.matchAll(/(?:href|src)="([^"]+)"/g)) {
      const { status } = await fetch(new URL(address!, page));
      expect([address, status]).toEqual([address, 200]);
    }
    const [, action = ''] = /action="([^"]+)"/.exec(text) ?? [];
    expect(new URL(action, page).href).toBe(page);

    const press = async (choice: string, headers: Record<string, string>) =>
      await fetch(page, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ do: choice }), headers });
    expect((await press('connect', { origin: 'https://elsewhere.example' })).status).toBe(403);
    const { status, headers } = await press('connect', { origin: url });
    expect(status).toBe(303);
    const made = world.nango.complete(headers.get('location')!, { as: 'anna' });

    const body = JSON.stringify({
      ...{ type: 'auth', operation: 'creation', success: true, providerConfigKey: 'hubspot' },
      connectionId: made.connectionId,
      tags: world.nango.connection('hubspot', made.connectionId)?.tags,
    });
    const signature = createHmac('sha256', KEY).update(body).digest('hex');
    const signed = { 'content-type': 'application/json', 'x-nango-hmac-sha256': signature };
    const chunked = { method: 'POST', headers: signed, body: new Blob([body]).stream(), duplex: 'half' } as RequestInit;
    expect((await fetch(`${url}/nango/webhooks/nango`, chunked)).status).toBe(200);
    expect(await request.result()).toMatchObject(made);
    expect(await (await fetch(page)).text()).toContain('HubSpot is connected');

    const declined = await openRequest(world);
    const other = `${url}/nango${pathOf(declined.ref)}`;
    const no = new URLSearchParams({ do: 'decline' });
    const back = await fetch(other, { method: 'POST', body: no, headers: { origin: url } });
    expect(back.url).toBe(other);
    expect(await back.text()).toContain('You have declined');

    expect(await (await fetch(`${url}/own`)).json()).toEqual({ own: true });
  } finally {
    await close();
  }
});
