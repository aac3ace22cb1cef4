import { Client } from '@temporalio/client';
import { publicWeb } from '../../src/web/public-web';
import type { NangoConfig } from '../../src/config';
import { absentTemporal } from '../support/absent-temporal';
import type { World } from '../support/world';
import { openSilentTemporal, openWorld } from './public-stage';

let world: World;

beforeAll(async () => {
  world = await openWorld({ workers: false });
});

afterAll(async () => {
  await world.close();
});

async function ready(over: Partial<NangoConfig> = {}, client = world.client) {
  const response = await publicWeb(client, { config: { ...world.config, ...over } }).request('/readyz');
  return { status: response.status, body: await response.json() };
}

test('is alive without anything else', async () => {
  const client = absentTemporal();
  const web = publicWeb(client, { config: { ...world.config, secretKey: undefined } });
  expect((await web.request('/healthz')).status).toBe(200);
  await client.connection.close();
});

test('is ready when Temporal and Nango answer, even a key that may do next to nothing', async () => {
  expect(await ready()).toEqual({ status: 200, body: { temporal: true, nango: true } });
  const secretKey = world.nango.addKey({ scopes: [] });
  expect(await ready({ secretKey })).toEqual({ status: 200, body: { temporal: true, nango: true } });
});

test('without a key Nango is not asked', async () => {
  expect(await ready({ secretKey: undefined })).toEqual({ status: 200, body: { temporal: true } });
});

test('is not ready while one of them is away', async () => {
  expect(await ready({ baseUrl: 'http://127.0.0.1:1' })).toEqual({
    status: 503,
    body: { temporal: true, nango: false },
  });
  const silent = await openSilentTemporal();
  expect(await ready({}, silent.client)).toEqual({ status: 503, body: { temporal: false, nango: true } });
  await silent.close();
});

test('a namespace that does not exist is not ready', async () => {
  const elsewhere = new Client({ connection: world.client.connection, namespace: 'no-such-namespace' });
  expect(await ready({}, elsewhere)).toMatchObject({ status: 503, body: { temporal: false } });
});

test('whoever asks often is told the same, and nobody else is asked', async () => {
  const web = publicWeb(world.client, { config: world.config });
  const before = world.nango.requests.length;
  const all = await Promise.all(Array.from({ length: 50 }, async () => (await web.request('/readyz')).status));
  expect(new Set(all)).toEqual(new Set([200]));
  expect(world.nango.requests.length - before).toBe(1);
});
