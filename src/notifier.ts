import { printable } from './contract/rules/printable';
import type { Notice, OperatorNotice, Owner } from './contract/types';
import type { ConnectionRequest } from './requests/connection-request';
import { questionText, unconfirmedText } from './requests/question-text';
import { addCommand } from './requests/set-ups/add-command';
import type { IntegrationSetUp } from './requests/set-ups/integration-set-up';

/**
 * Notifies a person that somebody waits for a connection: by mail, in a chat, wherever. Given to the plugin; called in
 * the worker when a workflow begins to wait, and as a reminder after one day, three days, and then weekly. When it
 * throws or takes longer than 30 seconds it is called again after an hour, twice at the most.
 *
 * @param request for its link: `request.permanentLink()`, good until the request ends; or `await request.connectLink()`, made
 *   for this message, which lives for 30 minutes, and is refused for the question `recreate-connection`: that the old
 *   connection is deleted has to be said first, as the page of the former does
 * @param signal aborted when the request has ended in the meantime, and when the 30 seconds are over
 */
export type Notifier = (notice: Notice, request: ConnectionRequest, signal: AbortSignal) => Promise<void> | void;

/**
 * Notifies whoever operates the application: of a question that only an operator can answer, and of an integration that
 * has to be set up, as a {@link Notifier} is of a person; and of an outage, once for each integration and hour at the
 * most. Given to the plugin; when it throws or takes longer than 30 seconds it is called again after an hour, twice at
 * the most.
 *
 * @param signal aborted when what it is about has ended in the meantime, and when the 30 seconds are over
 * @param setUp for whoever decides at once, by `setUp.decide(…)`; absent: it is no set-up
 */
export type OperatorNotifier = (
  notice: OperatorNotice,
  signal: AbortSignal,
  setUp?: IntegrationSetUp,
) => Promise<void> | void;

/** Writes an operator's notice as a line that says what it needs. */
export function operatorLineNotifier(write: (line: string) => void): OperatorNotifier {
  return (notice) => write(printable(`temporal-nango: ${operatorLine(notice)}`));
}

/** The default: a line on standard output that says which integration, and what it needs. */
export const consoleOperatorNotifier = operatorLineNotifier((line) => console.log(line));

function operatorLine(notice: OperatorNotice): string {
  const { integration } = notice;
  if (notice.reason === 'outage') {
    const since = new Date(notice.since).toISOString();
    return `${integration} seems to be down since ${since}: ${notice.failing} of its connections fail`;
  }
  const since = new Date(notice.question.since).toISOString();
  if (notice.reason === 'question') {
    const { owner, question, occasion, request, page = `temporal-nango requests show ${request.id}` } = notice;
    const what =
      occasion === 'ownerRefused'
        ? `somebody else has connected ${integration}, and nothing goes through that connection,`
        : question.accountChange === undefined
          ? questionText(integration, question.kind)
          : `to say whether another ${integration} account may be written to`;
    return `waiting for an operator, for ${whose(owner)}: ${what} since ${since} (${occasion}): ${page}`;
  }
  const { provider, reason } = notice;
  const command = addCommand({ integration, provider });
  return `waiting for an operator to set up ${integration} (${provider}) since ${since} (${reason}): ${command}`;
}

function whose({ endUser, organization }: Owner): string {
  return endUser?.id ?? organization?.id ?? 'somebody';
}

/** Writes a notice as a line, without a link, which would be a secret in a log. */
export function lineNotifier(write: (line: string) => void): Notifier {
  return ({ reason, integration, owner, question }) => {
    const since = new Date(question.since).toISOString();
    const soFar = unconfirmedText(question);
    const what = [questionText(integration, question.kind), soFar].filter(Boolean).join(', ');
    write(printable(`temporal-nango: waiting for ${whose(owner)} ${what} since ${since} (${reason})`));
  };
}

/** The default: a line on standard output that says who is waited for, without a link. */
export const consoleNotifier = lineNotifier((line) => console.log(line));
