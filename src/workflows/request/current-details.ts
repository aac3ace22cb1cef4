import type { Owner } from '../../contract/types';
import { questionOf } from './request-state';
import type { RequestState } from './request-state';

/** A request in plain words, for whoever looks at it in Temporal's UI: "Waiting for u_42 to connect hubspot since …". */
export function currentDetails(state: RequestState): string {
  const { subject, status, reminders, found, decision, unwritten } = state;
  const what = `${subject.integration}${subject.slot === undefined ? '' : ` (${subject.slot})`}`;
  const question = questionOf(state);
  const lacking =
    unwritten && `Not put back, since the key lacks environment:connections:update: ${unwritten.join(', ')}.`;
  if (question === undefined) return [ENDED[status](nameOf(subject.owner), what), lacking].filter(Boolean).join('\n');
  const again = question.kind === 'reconnect' ? ' anew' : '';
  const lines = [
    `Waiting for ${nameOf(subject.owner)} to connect ${what}${again} since ${minuteOf(question.since)}${reminded(reminders)}.`,
    `Until ${minuteOf(question.deadline)}.`,
  ];
  if (found !== undefined) lines.push('Connected; what a reconnect wipes is being restored.');
  if (question.accountChange !== undefined) {
    lines.push(
      `It was ${question.accountChange.recorded}, now it is ${question.accountChange.found}: may it be written to?`,
    );
  }
  if (lacking !== undefined) lines.push(lacking);
  if (decision !== undefined) lines.push(`${decision.by} said ${decision.choice} at ${minuteOf(decision.at)}.`);
  return lines.join('\n');
}

const ENDED: Record<RequestState['status'], (who: string, what: string) => string> = {
  checking: (who, what) => `Looking for the ${what} connection of ${who}.`,
  waiting: (who, what) => `Waiting for ${who} to connect ${what}.`,
  connected: (who, what) => `${who} has connected ${what}.`,
  declined: (who, what) => `${who} declined to connect ${what}.`,
  timedOut: (who, what) => `${who} did not connect ${what} in time.`,
  cancelled: (who, what) => `Nobody waits for ${who} to connect ${what} any more.`,
};

function nameOf({ endUser, organization }: Owner): string {
  if (endUser === undefined && organization === undefined) return 'somebody';
  if (endUser === undefined) return `organization ${organization?.id}`;
  return organization === undefined ? endUser.id : `${endUser.id} of ${organization.id}`;
}

function reminded(times: number): string {
  if (times === 0) return '';
  return `, reminded ${times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`}`;
}

/** `2026-11-24 14:05 UTC` */
function minuteOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
