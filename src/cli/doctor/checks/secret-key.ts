import { KEY_STEPS } from '../../../config';
import { failed, ok } from '../check';
import type { Check } from '../check';
import { settingPlace } from '../setting-place';
import { settingsCheck } from './settings';

/** In the order in which they are looked for. */
export const KEY_NAMES = ['NANGO_TOOLBOX_SECRET_KEY', 'NANGO_SECRET_KEY'];

/** Whether there is a key, and where it was found; never the key. */
export const secretKeyCheck: Check = {
  name: 'secret key',
  after: [settingsCheck],
  run(context) {
    const found = settingPlace(KEY_NAMES, context);
    if (found === undefined) return failed("There is no key to Nango's API.", `${KEY_STEPS}.`);
    return ok(`${found.name} is set in ${found.place}.`);
  },
};
