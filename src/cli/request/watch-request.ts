import type { Owner, Question, RequestView } from '../../contract/types';
import type { ConnectionRequest } from '../../requests/connection-request';
import { questionText, unconfirmedText } from '../../requests/question-text';
import type { Run } from '../terminal/result';
import { moment, span } from '../terminal/time';
import { ownerText } from './owner-text';

const EVERY_MS = 2_000;

/** Shows the status of a request in a live line, while it is waited for. That it cannot be read ends nothing. */
export function watchRequest(
  { io }: Run,
  request: ConnectionRequest,
  { integration, ...owner }: Owner & { integration: string },
): { stop: () => void } {
  const waiting = (question?: Question): string =>
    `Waiting for ${ownerText(owner)} ${questionText(integration, question?.kind)}`;
  const since = Date.now();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const check = async (): Promise<void> => {
    const line = await request.describe().then(
      (description) => lineOf(waiting(description?.view.question), description?.view),
      () => `${waiting()}; Temporal does not answer just now`,
    );
    if (stopped) return;
    // A log needs no clock; a person sees by it that nothing hangs.
    io.live(io.interactive ? `${line} (${span(Date.now() - since)})` : line);
    timer = setTimeout(() => void check(), EVERY_MS);
  };
  void check();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function lineOf(waiting: string, view?: Pick<RequestView, 'question' | 'reminders'>): string {
  const { question, reminders = 0 } = view ?? {};
  const until = question === undefined ? [] : [`until ${moment(question.deadline)}`];
  const soFar = question && unconfirmedText(question);
  const reminded = reminders === 0 ? [] : [`reminded ${reminders} times`];
  return [waiting, ...(soFar === undefined ? [] : [soFar]), ...until, ...reminded, ...toDecide(question)].join(', ');
}

/** What an operator can do. */
function toDecide(question: Question | undefined): string[] {
  if (question?.confirmed !== undefined) return [];
  if (question?.unconfirmed !== undefined) return ['`temporal-nango requests confirm`'];
  if (question?.accountChange !== undefined) return ['another account was connected: `temporal-nango requests answer`'];
  return question?.kind === 'update-integration-scopes' ? ['`temporal-nango requests update-scopes`'] : [];
}
