import { createHash } from 'node:crypto';
import { FakeNango } from '../testing/fake-nango';
import type { Credentials } from '../testing/fake-nango';
import type { Faults } from './report';

export const INTEGRATION = 'hubspot';

/** Reads that go wrong the first time they are made, each in its own way. */
const FAULTY = { 17: 429, 42: 500, 99: 'reset' } as const;

/** The fake provider's response, changed: so that a test can see that the demo notices. */
export type Tamper = (index: number, response: object) => object | 'fail';

/**
 * A Nango on this machine with one integration, whose responses depend on the call's index and on the credential behind
 * the connection, and which fails now and then.
 */
export async function startFakeHubspot(tamper: Tamper = (_, response) => response): Promise<{
  nango: FakeNango;
  faults: Pick<Faults, 429 | 500 | 'reset'>;
  /** calls answered so far */
  served: () => number;
}> {
  // The address is never called: the one webhook is dropped before.
  const nango = await FakeNango.start({
    webhookUrl: 'http://127.0.0.1:9/webhooks/nango',
    // It shows waiting and faults, not a limit: 203 calls would wait for the next minute at a self-hosted server's 200.
    rateLimitPerMinute: 2_000,
  });
  nango.addProvider({ name: INTEGRATION, displayName: 'HubSpot', authMode: 'OAUTH2' });
  nango.addIntegration({ key: INTEGRATION, provider: INTEGRATION });
  const faults = { 429: 0, 500: 0, reset: 0 };
  const seen = new Set<number>();
  let served = 0;

  nango.onProxy(INTEGRATION, ({ path, credentials }) => {
    const index = Number(/\/contacts\/(\d+)$/.exec(path)?.[1]);
    const fault = seen.has(index) ? undefined : FAULTY[index as keyof typeof FAULTY];
    seen.add(index);
    if (fault !== undefined) faults[fault]++;
    if (fault === 429) return { status: 429, headers: { 'retry-after': '1' }, json: { message: 'slow down' } };
    if (fault === 500) return { status: 500, json: { message: 'internal' } };
    if (fault === 'reset') return 'reset';
    served++;
    const response = tamper(index, { id: index, name: `contact ${index}`, seenBy: fingerprint(credentials, index) });
    return response === 'fail' ? { status: 404, json: { message: 'gone' } } : { status: 200, json: response };
  });

  nango.onAction(INTEGRATION, 'greet', (input, { credentials }) => {
    served++;
    const { index } = input as { index: number };
    return { greeting: `hello ${index}`, seenBy: fingerprint(credentials, index) };
  });
  return { nango, faults, served: () => served };
}

/** Shows whose credential made a call without showing the credential. */
function fingerprint(credentials: Credentials, index: number): string {
  const token = credentials.type === 'OAUTH2' ? credentials.access_token : '';
  return createHash('sha256').update(token).update(String(index)).digest('hex').slice(0, 16);
}
