import { canBeFair } from '../../../dev/fairness';
import { ok, warning } from '../check';
import type { Check, Finding } from '../check';
import { temporalCheck } from './temporal-reachable';

/** Whether one connection's flood of calls leaves room for the calls of another. */
export const fairnessCheck: Check = {
  name: 'fairness',
  after: [temporalCheck],
  async run({ temporal, temporalPlace }) {
    const client = await temporal();
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    return fairnessOf(temporalPlace().address, serverVersion);
  },
};

/** No server tells whether fairness is on, so nothing more than what it takes can be said. */
export function fairnessOf(address: string, version: string): Finding {
  if (/\.(tmprl\.cloud|temporal\.io)(:\d+)?$/.test(address)) {
    return ok(
      'On Temporal Cloud it works once Fairness is switched on for the namespace, which cannot be told from here.',
    );
  }
  if (canBeFair(version)) {
    return ok(
      `Temporal ${version} can have it; it is on where its dynamic configuration says \`matching.enableFairness\`.`,
    );
  }
  return warning(
    `Temporal ${version} does not have it: many calls of one connection hold up those of the others.`,
    'Update the server to 1.32 or later, and set `matching.enableFairness: true` in its dynamic configuration.',
  );
}
