import type { HealthState, Suspect } from './health-state';
import { tally } from './judge';
import { minuteOf } from '../minute-of';

const MAX_SHOWN = 20;

/** The health of an integration, for whoever looks at it in Temporal's UI. */
export function inWords(integration: string, state: HealthState, now: number): string {
  const { suspects, outage } = state;
  const { failing, working } = tally(state, now);
  const lines = [
    outage === undefined
      ? `Connections of ${integration}: ${failing} fail, ${working} are known to work.`
      : `${integration} seems to be down since ${minuteOf(outage.since)}: ${failing} connections fail, ${working} are known to work. Nobody is asked to reconnect until it is over.`,
  ];
  lines.push(...suspects.slice(0, MAX_SHOWN).map(line));
  if (suspects.length > MAX_SHOWN) lines.push(`- and ${suspects.length - MAX_SHOWN} more`);
  return lines.join('\n');
}

function line({ connectionId, isDead, firstSeen, sign, waiters }: Suspect): string {
  const what = isDead ? 'its owner has to connect it anew' : MEANING[sign];
  return `- ${connectionId}: ${what}, since ${minuteOf(firstSeen)}; ${waiters.length} wait`;
}

const MEANING: Record<Suspect['sign'], string> = {
  refresh: 'its refresh fails',
  exhausted: 'Nango has given its refresh up',
  unauthorized: 'its provider says 401',
};
