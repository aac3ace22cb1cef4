import { failed, ok, warning } from '../check';
import type { Check } from '../check';
import { baseUrlCheck } from './base-url';

const ALLOWED_S = 60;

/** Deadlines, expiries and reminders are points in time: a clock that is wrong makes them wrong. */
export const clockCheck: Check = {
  name: 'clock',
  after: [baseUrlCheck],
  async run({ integrations }) {
    const { outcome, at } = await integrations();
    const date = outcome.kind === 'response' ? Date.parse(outcome.headers.date ?? '') : NaN;
    if (Number.isNaN(date)) return warning('Nango does not say what time it is.', 'Compare this clock with another.');
    const seconds = Math.round((at - date) / 1000);
    if (Math.abs(seconds) <= ALLOWED_S) return ok(`Within ${ALLOWED_S} s of Nango's.`);
    return failed(
      `This machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} Nango's.`,
      'Let it be set over the network: `sudo timedatectl set-ntp true`.',
    );
  },
};
