import { apiUrlOf } from '../../../requests/mint';
import { ok } from '../check';
import type { Check } from '../check';
import { settingsCheck } from './settings';

/** Whether links have to tell Nango's own connect page where its server is. */
export const connectPageCheck: Check = {
  name: 'connect page',
  after: [settingsCheck],
  run({ settings }) {
    const apiUrl = apiUrlOf(settings());
    if (apiUrl === undefined) return ok("Nango's cloud: its links need no apiURL.");
    return ok(`Not Nango's cloud: links carry apiURL=${apiUrl}, which has to be reachable from browsers.`);
  },
};
