import { createHmac } from 'node:crypto';
import { requireSecretKey } from '../../config';
import type { NangoConfig } from '../../config';
import type { FakeNango } from '../../testing/fake-nango';

/** Renaming it makes yesterday's links useless. */
const LABEL = 'temporal-nango dev link key 1';

/** The settings of this process; with a fake Nango, those of the fake where they concern Nango or sign anything. */
export function devConfig(own: NangoConfig, fake: FakeNango | undefined): NangoConfig {
  if (fake === undefined)
    return own.linkKeys.length > 0 ? own : { ...own, linkKeys: [linkKeyFrom(requireSecretKey(own))] };
  return {
    ...own,
    baseUrl: fake.url,
    publicBaseUrl: undefined,
    secretKey: fake.secretKey,
    connectKey: undefined,
    webhookSigningKeys: [fake.webhookSigningKey],
    linkKeys: [linkKeyFrom(fake.secretKey)],
  };
}

/**
 * So that links work, and go on working after a restart, where nobody has made a key for them. Not for anything but `dev`:
 * a key that is derived dies with the one it comes from, and differs between processes that have different ones.
 */
function linkKeyFrom(secretKey: string): string {
  return createHmac('sha256', secretKey).update(LABEL).digest('hex');
}
