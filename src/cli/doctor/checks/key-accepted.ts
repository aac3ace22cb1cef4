import { failed, ok, warning } from '../check';
import type { Check } from '../check';
import { KEY_NAMES, secretKeyCheck } from './secret-key';
import { settingPlace } from '../setting-place';
import { verdictOf } from '../verdict';
import { baseUrlCheck } from './base-url';

/** Whether Nango knows the key. */
export const keyAcceptedCheck: Check = {
  name: 'key accepted',
  after: [secretKeyCheck, baseUrlCheck],
  async run(context) {
    const { outcome } = await context.integrations();
    const verdict = verdictOf(outcome, context.now());
    if (verdict === undefined || verdict.type === 'Nango.Forbidden') return ok('Nango knows the key.');
    if (verdict.type !== 'Nango.Misconfigured') {
      return warning('Nango does not say now whether it knows the key.', 'Wait a minute, and run this again.');
    }
    const { name = KEY_NAMES[0], place = 'the environment' } = settingPlace(KEY_NAMES, context) ?? {};
    return failed(
      `Nango refuses the key (${verdict.code}).`,
      `Copy the secret key from Environment settings → Backend of the environment you mean, and replace ${name} in ${place}: \`export ${name}=<the secret key>\` (in .env without \`export\`).`,
    );
  },
};
