import { Context } from '@temporalio/activity';
import { nangoFailure } from '../contract/errors';
import type { NangoReason } from '../contract/errors';
import { checkSubject } from '../contract/rules/check-request';
import { isWanted } from '../contract/rules/choose';
import { notifyInputSchema } from '../contract/schemas/requests';
import type { Connection, NotifyInput, Wanted } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import type { NangoApi } from '../nango/http/http';
import { connectionRequestOf } from '../requests/connection-request';
import { findConnections } from './connections';
import { heartbeating, bounds, here } from './context';
import { defineActivity } from './define';

/** A notifier that has not ended by then is given up, so that it does not hold a worker that shuts down. */
const NOTIFIER_MS = 30_000;

export const notifyActivities = defineActivity(
  'nango.notify',
  notifyInputSchema,
  checkNotice,
  async (input, dependencies) => {
    const { notice, wanted } = input;
    const { api, config, notifier } = dependencies;
    const found = await lookUpOnce(api, wanted, bounds());
    if (found.length > 0) return found;
    const request = connectionRequestOf(notice.request, here(dependencies), config);
    const { cancellationSignal: signal } = Context.current();
    await heartbeating(inTime(Promise.resolve().then(() => notifier(notice, request, signal))));
    return [];
  },
);

function checkNotice({ wanted }: NotifyInput): void {
  checkSubject(wanted.subject);
}

/** Nango being down is no reason not to notify. */
async function lookUpOnce(api: NangoApi, wanted: Wanted, within: Bounds): Promise<Connection[]> {
  try {
    return (await findConnections(api, wanted.subject, within)).filter((found) => isWanted(found, wanted));
  } catch {
    return [];
  }
}

/** What a notifier throws may hold the address it posts to, or a link: only that it threw is passed on. */
async function inTime(notifying: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failed('timed_out')), NOTIFIER_MS);
  });
  try {
    await Promise.race([notifying.catch(() => Promise.reject(failed('notifier_threw'))), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

function failed(reason: NangoReason) {
  return nangoFailure('Nango.NotifierFailed', { reason, nonRetryable: false });
}
