import { failed, ok, warning } from '../check';
import type { Check } from '../check';
import { settingsCheck } from './settings';

const FIX =
  "Copy the webhook signing key from Nango's dashboard, Environment settings → Webhooks: `export NANGO_WEBHOOK_SIGNING_KEYS=<the signing key>` for the process that receives webhooks.";

/** Without a signing key no webhook is believed. Only who shows a public address expects any. */
export const signingKeyCheck: Check = {
  name: 'webhook signing key',
  after: [settingsCheck],
  run({ settings }) {
    const { webhookSigningKeys, publicUrl } = settings();
    const count = webhookSigningKeys.length;
    if (count > 0) return ok(count === 1 ? 'One is set.' : `${count} are set; each is tried.`);
    if (publicUrl === undefined) return warning('None is set: connections are found by polling.', FIX);
    return failed('None is set, so every webhook is refused.', FIX);
  },
};
