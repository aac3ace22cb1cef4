import type { Held, HoldsState } from './holds-state';
import { minuteOf } from '../minute-of';

const MAX_SHOWN = 20;

/** What is held, for whoever looks at it in Temporal's UI. */
export function inWords(state: HoldsState): string {
  const lines = [`Before each call workers read whether it is confirmed whose these connections are: ${state.length}.`];
  lines.push(...state.slice(0, MAX_SHOWN).map(line));
  if (state.length > MAX_SHOWN) lines.push(`- and ${state.length - MAX_SHOWN} more`);
  return lines.join('\n');
}

function line({ connection: { integration, connectionId }, status, until, readAt }: Held): string {
  const why =
    status === undefined
      ? `a link may connect it anew until ${minuteOf(until)}`
      : status === 'unconfirmed'
        ? 'nobody has confirmed whose it is'
        : 'it could not be read';
  return `- ${connectionId} of ${integration}: ${why}; read at ${minuteOf(readAt)}`;
}
