import type { RequestView } from '../../contract/types';
import type { RequestDescription } from '../../requests/description';
import { publicTexts } from '../texts/current';

/** What the page of a request that has ended says. */
export interface EndWords {
  title: string;
  text: string;
  hint?: string;
  state: 'state-good' | 'state-bad' | 'state-wait';
}

/**
 * A newer request matters more than how this one went, unless this one has brought a connection.
 *
 * @param name of the integration
 */
export function endWords({ view, replacedBy }: RequestDescription, name: string): EndWords {
  const { status, missingScopes } = view;
  const { connected, declined, expired, cancelled, replaced } = publicTexts();
  if (status === 'connected') return { title: connected.title(name), text: connected.text, state: 'state-good' };
  if (replacedBy !== undefined) return { ...replaced, text: replaced.text(name), state: 'state-wait' };
  // There is a connection, and it has not become worse.
  const text = missingScopes && publicTexts().without.text(name);
  if (status === 'declined') return { ...declined, text: text ?? declined.text(name), state: 'state-bad' };
  if (status === 'timedOut') return { ...expired, text: text ?? expired.text(name), state: 'state-bad' };
  const words = hasGrantedLess(view) ? publicTexts().without : cancelled;
  return { ...words, text: text ?? cancelled.text(name), state: 'state-bad' };
}

/** Whether somebody has answered a request for more access, and not with all of it: only answers make it cool down. */
function hasGrantedLess({ missingScopes, coolDownUntil }: RequestView): boolean {
  return missingScopes !== undefined && coolDownUntil !== undefined;
}
