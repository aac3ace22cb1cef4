import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FakeNango } from '../../src/testing/fake-nango';
import { upstreamProviders } from '../../src/testing/fake-nango/catalog';
import { startRawServer } from '../support/raw-server';
import { replay } from './contract-replay';
import { startUpstream } from './contract-upstream';
import type { Upstream } from './contract-upstream';

const FIXTURES = path.join(__dirname, '../fixtures/nango');
const RESTRICTED = ['connections:list', 'connections:read', 'integrations:list', 'proxy'];

let upstream: Upstream;
let nango: FakeNango;

beforeEach(async () => {
  upstream = await startUpstream();
  // The limit of the server that was recorded: it stands in the headers.
  nango = await FakeNango.start({ rateLimitPerMinute: 2_000 });
  // Recorded jobs took seconds, of which nothing depends.
  nango.onJob(() => undefined);
  for (const provider of upstreamProviders(upstream.url)) nango.addProvider(provider);
});

afterEach(async () => {
  await nango.close();
  await upstream.close();
});

test.each(readdirSync(FIXTURES))('FakeNango does what a live Nango did: %s', async (file) => {
  const fixture: unknown = JSON.parse(readFileSync(path.join(FIXTURES, file), 'utf8'));
  const restricted = nango.addKey({ scopes: RESTRICTED.map((scope) => `environment:${scope}`) });
  const keys = { secret: nango.secretKey, restricted };
  const differing = await replay(fixture, nango.url, keys, { nobody: await nobody() });
  expect(differing.map((line) => `${file} ${line}`)).toEqual([]);
});

/** An address that refuses every connection. */
async function nobody(): Promise<string> {
  const server = await startRawServer(() => undefined);
  await server.close();
  return server.baseUrl;
}
