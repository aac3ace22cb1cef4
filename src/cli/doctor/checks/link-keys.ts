import { failed, ok, warning } from '../check';
import type { Check } from '../check';
import { settingsCheck } from './settings';

const FIX =
  'Make one, and set the same for every process that shows or serves links: `export TEMPORAL_NANGO_LINK_KEYS=$(openssl rand -hex 32)`.';

/** They sign permanent links. Only who shows a public address has any. */
export const linkKeysCheck: Check = {
  name: 'link keys',
  after: [settingsCheck],
  run({ settings }) {
    const { linkKeys, publicUrl } = settings();
    const count = linkKeys.length;
    if (count > 0) return ok(count === 1 ? 'One is set.' : `${count} are set; the first signs, all verify.`);
    if (publicUrl === undefined)
      return warning('None is set: there are no permanent links, only those of 30 minutes.', FIX);
    return failed('None is set, so no permanent link can be made or opened.', FIX);
  },
};
