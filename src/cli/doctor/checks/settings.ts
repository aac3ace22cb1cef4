import { failed, ok } from '../check';
import type { Check } from '../check';
import { findNangoFailure } from '../../../contract/errors';

/** Every other check of ours reads them. */
export const settingsCheck: Check = {
  name: 'settings',
  after: [],
  run({ settings }) {
    try {
      settings();
    } catch (error) {
      const failure = findNangoFailure(error);
      if (failure === undefined) throw error;
      return failed('A setting is malformed.', failure.message);
    }
    return ok('Every setting can be read.');
  },
};
