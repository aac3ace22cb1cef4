import { ok } from '../check';
import type { Check } from '../check';

/** What nobody looks at, so that nobody thinks that somebody does. */
export const grantedScopesCheck: Check = {
  name: 'granted scopes',
  after: [],
  run: () =>
    ok(
      'Not checked: a connection that exists is returned whatever its provider granted. Where scopes were named that no ' +
        'link has asked for, it says scopesChecked: false.',
    ),
};
