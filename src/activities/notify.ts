import { Context } from '@temporalio/activity';
import { nangoFailure } from '../contract/errors';
import type { NangoReason } from '../contract/errors';
import { isWanted } from '../contract/rules/choose';
import { notifyInputSchema } from '../contract/schemas/asks';
import type { Connection, Wanted } from '../contract/types';
import type { Bounds, NangoApi } from '../nango/http/http';
import { connectionRequestOf } from '../requests/connection-request';
import type { NangoActivities } from '../contract/activities';
import { findConnections } from './connections';
import { beating, bounds, here, parse } from './context';
import type { ActivityDependencies } from './context';

/** A notifier that has not ended by then is given up, so that it does not hold a worker that shuts down. */
const NOTIFIER_MS = 30_000;

export function notifyActivities(dependencies: ActivityDependencies): Pick<NangoActivities, 'nango.notify'> {
  const { api, config, notifier } = dependencies;
  return {
    async 'nango.notify'(input) {
      const { notice, wanted } = parse(notifyInputSchema, input);
      const found = await lookOnce(api, wanted, bounds());
      if (found.length > 0) return found;
      const request = connectionRequestOf(notice.request, here(dependencies), config);
      const { cancellationSignal: signal } = Context.current();
      await beating(told(Promise.resolve().then(() => notifier(notice, request, signal))));
      return [];
    },
  };
}

/** Nango being down is no reason not to tell. */
async function lookOnce(api: NangoApi, wanted: Wanted, within: Bounds): Promise<Connection[]> {
  try {
    return (await findConnections(api, wanted.subject, within)).filter((found) => isWanted(found, wanted));
  } catch {
    return [];
  }
}

/** What a notifier throws may hold the address it posts to, or a link: only that it threw is passed on. */
async function told(telling: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failed('timed_out')), NOTIFIER_MS);
  });
  try {
    await Promise.race([telling.catch(() => Promise.reject(failed('notifier_threw'))), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

function failed(reason: NangoReason) {
  return nangoFailure('Nango.NotifierFailed', { reason, nonRetryable: false });
}
