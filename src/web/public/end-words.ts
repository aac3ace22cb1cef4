import type { RequestDescription } from '../../requests/description';
import { CONNECT } from '../texts';

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
export function endWords({ view: { status }, replacedBy }: RequestDescription, name: string): EndWords {
  const { connected, declined, expired, cancelled, replaced } = CONNECT;
  if (status === 'connected') return { title: connected.title(name), text: connected.text, state: 'state-good' };
  if (replacedBy !== undefined) return { ...replaced, text: replaced.text(name), state: 'state-wait' };
  if (status === 'declined') return { ...declined, text: declined.text(name), state: 'state-bad' };
  if (status === 'timedOut') return { ...expired, text: expired.text(name), state: 'state-bad' };
  return { ...cancelled, text: cancelled.text(name), state: 'state-bad' };
}
