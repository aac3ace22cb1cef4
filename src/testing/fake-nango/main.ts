#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { upstreamProviders } from './catalog';
import { FakeNango } from './fake-nango';

/** `npm run fake`: a FakeNango as a process, over an upstream API of one's own. */

const USAGE = 'npm run fake -- --port P --key UUID [--restricted UUID] [--upstream URL]';

/** Scopes of the restricted key. */
const RESTRICTED = ['connections:list', 'connections:read', 'integrations:list', 'proxy'].map(
  (s) => `environment:${s}`,
);

/** Of the live server that it is compared with, request by request. */
const LIMIT = 2_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      key: { type: 'string' },
      restricted: { type: 'string' },
      upstream: { type: 'string' },
    },
  });
  if (values.port === undefined || values.key === undefined) throw new Error(`usage: ${USAGE}`);
  const nango = await FakeNango.start({
    port: Number(values.port),
    secretKey: values.key,
    rateLimitPerMinute: LIMIT,
  });
  if (values.restricted !== undefined) nango.addKey({ key: values.restricted, scopes: RESTRICTED });
  if (values.upstream !== undefined) populate(nango, values.upstream);
  console.log(`FakeNango listens on ${nango.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void nango.close());
}

/** As on the server that it is compared with: an action was there already, of an integration that nobody calls. */
function populate(nango: FakeNango, upstream: string): void {
  for (const provider of upstreamProviders(upstream)) nango.addProvider(provider);
  nango.addIntegration({ key: 't-a', provider: 'fake-apikey' });
  const name = { type: 'string' };
  nango.onAction('t-a', 'echo-action', (input) => ({ hello: (input as { name?: string }).name }), {
    input: objectOf({ name }),
    output: objectOf({ hello: name }),
  });
}

function objectOf(properties: { [name: string]: object }): object {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
