import { Context } from '@temporalio/activity';
import { detailsOf, findNangoFailure, nangoFailure, REASONS } from '../contract/errors';
import type { NangoReason } from '../contract/errors';
import { checkSubject } from '../contract/rules/check-request';
import { isWanted } from '../contract/rules/choose';
import { missingScopes } from '../contract/rules/scopes';
import { notifyInputSchema } from '../contract/schemas/requests';
import { whoseTurn } from '../contract/rules/whose-turn';
import type { Connection, Notice, NotifyInput, Wanted } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import { inboxPage, requestPath } from '../requests/inbox-page';
import { connectionRequestOf } from '../requests/connection-request';
import { findConnections } from './connections';
import { heartbeating, bounds, here } from './context';
import type { ActivityDependencies } from './context';
import { defineActivity } from './define';

/** A notifier that has not ended by then is given up, so that it does not hold a worker that shuts down. */
const NOTIFIER_MS = 30_000;
/** A request to Nango before that: what it leaves of an attempt is for the notifier. */
const LOOKUP_MS = 8_000;

export const notifyActivities = defineActivity(
  'nango.notify',
  notifyInputSchema,
  checkNotice,
  async (input, dependencies) => {
    const { notice, wanted } = input;
    const found = wanted === undefined ? [] : await heartbeating(lookUpOnce(wanted, dependencies));
    if (found.length > 0) return found;
    await heartbeating(inTime((signal) => notify(notice, dependencies, signal)));
    return [];
  },
);

function checkNotice({ wanted }: NotifyInput): void {
  if (wanted !== undefined) checkSubject(wanted.subject);
}

/** All whom a notice is for; that one of them cannot be notified keeps it from nobody else. */
async function notify(notice: Notice, dependencies: ActivityDependencies, signal: AbortSignal): Promise<void> {
  const { config, notifier, operatorNotifier } = dependencies;
  const { reason: occasion, ...about } = notice;
  const page = inboxPage(requestPath(notice.request), config);
  const request = connectionRequestOf(notice.request, here(dependencies), config);
  const person = () => notifier(notice, request, signal);
  const operator = () => operatorNotifier({ ...about, reason: 'question', occasion, page }, signal);
  const whose = occasion === 'ownerRefused' ? 'operator' : whoseTurn(notice.question);
  const notifying = { person: [person], operator: [operator], both: [person, operator] }[whose];
  const ended = await Promise.allSettled(notifying.map((one) => Promise.resolve().then(one)));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

/** Nango being down is no reason not to notify. */
async function lookUpOnce(wanted: Wanted, dependencies: ActivityDependencies): Promise<Connection[]> {
  const within = { ...bounds(), deadlineMs: LOOKUP_MS };
  try {
    const all = await findConnections(dependencies.api, wanted.subject, within);
    const found = all.filter((one) => isWanted(one, wanted));
    return found.length > 0 ? found : await ifWidened(all, wanted, dependencies, within);
  } catch {
    return [];
  }
}

/** The connection that lacked scopes, if it has been granted them by other means, of which no list tells. */
async function ifWidened(
  all: Connection[],
  { reconnect }: Wanted,
  { scopes }: Pick<ActivityDependencies, 'scopes'>,
  within: Bounds,
): Promise<Connection[]> {
  const { connectionId, scopes: wanted } = reconnect ?? {};
  const one = all.find((connection) => connection.connectionId === connectionId && !connection.unconfirmed);
  if (one === undefined || wanted === undefined) return [];
  const { granted } = await scopes.of(one, true, within);
  const isShort = granted === undefined || missingScopes(wanted, granted).length > 0;
  return isShort ? [] : [{ ...one, grantedScopes: granted }];
}

/**
 * Lets a notifier run, for the time that it has. What it throws may hold the address it posts to, or a link: what is passed
 * on is in our own words.
 *
 * @param notifying is given a signal: aborted when the activity is cancelled, and when the time is up, since it is called
 *   again for what it has not done by then
 * @param cancelled of the activity
 */
export async function inTime(
  notifying: (signal: AbortSignal) => Promise<void> | void,
  cancelled = Context.current().cancellationSignal,
): Promise<void> {
  const timeIsUp = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      timeIsUp.abort();
      reject(failed('timed_out'));
    }, NOTIFIER_MS);
  });
  const signal = AbortSignal.any([cancelled, timeIsUp.signal]);
  const notified = Promise.resolve(signal).then(notifying);
  try {
    await Promise.race([notified.catch((error: unknown) => Promise.reject(threw(error))), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** Notifiers of this package say why; others have thrown. */
function threw(error: unknown) {
  const failure = findNangoFailure(error);
  const { reason, status } = failure?.type === 'Nango.NotifierFailed' ? detailsOf(failure) : {};
  if (reason === undefined || !REASONS.includes(reason)) return failed('notifier_threw');
  return failed(reason, typeof status === 'number' ? status : undefined);
}

function failed(reason: NangoReason, status?: number) {
  return nangoFailure('Nango.NotifierFailed', { reason, status, nonRetryable: false });
}
