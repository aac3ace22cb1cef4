import { failed, ok, warning } from '../check';
import type { Check } from '../check';
import { PROBE_MS } from '../context';
import { settingPlace } from '../setting-place';
import { verdictOf } from '../verdict';
import { baseUrlCheck } from './base-url';
import { settingsCheck } from './settings';

const NAME = 'NANGO_CONNECT_KEY';

/** Whether a key of its own for links makes them. */
export const connectKeyCheck: Check = {
  name: 'connect key',
  after: [settingsCheck, baseUrlCheck],
  async run(context) {
    const { connectKey } = context.settings();
    if (connectKey === undefined) return ok(`${NAME} is not set: the secret key makes the links.`);
    // Nango looks at the key and its scopes before it refuses a session without what it requires.
    const request = { method: 'POST', path: '/connect/sessions', body: {} };
    const outcome = await context.nango(connectKey).send(request, { deadlineMs: PROBE_MS });
    const { type, code } = verdictOf(outcome, context.now()) ?? {};
    const { place = 'the environment' } = settingPlace([NAME], context) ?? {};
    const replace = `\`export ${NAME}=<a key>\` (set in ${place}), or leave it out where the secret key is set.`;
    if (type === 'Nango.Forbidden') {
      return failed(
        `${NAME} may not make links.`,
        `Give it environment:connect_sessions:write, or replace it: ${replace}`,
      );
    }
    if (type === 'Nango.Misconfigured') {
      return failed(
        `Nango refuses ${NAME} (${code}).`,
        `Replace it by one with environment:connect_sessions:write: ${replace}`,
      );
    }
    if (type === 'Nango.Unavailable' || type === 'Nango.RateLimited') {
      return warning(`Nango does not say now whether it knows ${NAME}.`, 'Wait a minute, and run this again.');
    }
    return ok(`${NAME} makes the links.`);
  },
};
