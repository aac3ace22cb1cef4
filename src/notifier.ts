import { printable } from './contract/rules/printable';
import type { Notice } from './contract/types';
import type { ConnectionRequest } from './requests/connection-request';
import { questionText } from './requests/question-text';

/**
 * Notifies a person that somebody waits for a connection: by mail, in a chat, wherever. Given to the plugin; called in
 * the worker when a workflow begins to wait, and as a reminder after one day, three days, and then weekly. When it
 * throws or takes longer than 30 seconds it is called again after an hour, twice at the most.
 *
 * @param request for its link: `request.permanentLink()`, good until the request ends; or `await request.connectLink()`, made
 *   for this message, which lives for 30 minutes
 * @param signal aborted when the request has ended in the meantime
 */
export type Notifier = (notice: Notice, request: ConnectionRequest, signal: AbortSignal) => Promise<void> | void;

/** Writes a notice as a line, without a link, which would be a secret in a log. */
export function lineNotifier(write: (line: string) => void): Notifier {
  return ({ reason, integration, owner, question }) => {
    const who = owner.endUser?.id ?? owner.organization?.id ?? 'somebody';
    const since = new Date(question.since).toISOString();
    write(
      printable(
        `temporal-nango: waiting for ${who} ${questionText(integration, question.kind)} since ${since} (${reason})`,
      ),
    );
  };
}

/** The default: a line on standard output that says who is waited for, without a link. */
export const consoleNotifier = lineNotifier((line) => console.log(line));
