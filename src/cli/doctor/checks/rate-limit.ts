import { ok, warning } from '../check';
import type { Check } from '../check';
import { keyAcceptedCheck } from './key-accepted';

/** Below this part of the limit, calls are about to wait. */
const LITTLE = 0.1;

/** What is left of the Nango account's limit in this minute. */
export const rateLimitCheck: Check = {
  name: 'rate limit',
  after: [keyAcceptedCheck],
  async run({ integrations, now }) {
    const { outcome } = await integrations();
    const headers = outcome.kind === 'response' ? outcome.headers : {};
    const limit = Number(headers['x-ratelimit-limit'] ?? NaN);
    const left = Number(headers['x-ratelimit-remaining'] ?? NaN);
    if (Number.isNaN(limit) || Number.isNaN(left)) return ok('Nango sets none.');
    const says = `${left} of ${limit} requests are left in this minute, for the whole account.`;
    if (left >= limit * LITTLE) return ok(says);
    const resetS = Math.max(Math.ceil(Number(headers['x-ratelimit-reset'] ?? 0) - now() / 1000), 1);
    return warning(says, `Wait ${resetS} s. If it is always so, the account needs a larger plan.`);
  },
};
