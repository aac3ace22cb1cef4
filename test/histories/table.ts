import type { Question, JoinResolution, RequestStatus } from '../../src/contract/types';
import { WORKFLOW } from '../../src/contract/names';
import type { Bundled } from '../support/bundles';

/**
 * Every recorded history: of which workflow, how it stands when the recording ends, what is asked of a person, and what
 * else is remarkable about it. A workflow that is parked when a new version is deployed goes on from such a history, so
 * a change that no longer fits one strands somebody's workflow. A status or a kind of question that is new needs new rows:
 * the test goes by the contract.
 *
 * `npm run histories` records all of them anew, by the stories of the same names. The answer to one that no longer replays
 * is a `patched` branch: workflows of version 0.1.0 are parked somewhere. The one that was is kept, as `isOld`.
 */

type WaitStatus = 'waiting' | JoinResolution['status'];
type WatchStatus = 'watching' | 'found' | 'expired';
type LimiterStatus = 'leasing' | 'idle';
type BulkRunStatus = 'running' | 'completed' | 'stopped' | 'failed';
type UserStatus = 'waiting' | 'completed' | 'declined' | 'cancelled' | 'failed';
export type Status = RequestStatus | WaitStatus | WatchStatus | LimiterStatus | BulkRunStatus | UserStatus;

export interface Recording {
  /** of the file in `recordings/` without `.json`, and of the story that makes it */
  name: string;
  workflow: string;
  status: Status;
  question?: Question['kind'];
  /** whose code replays it */
  bundle: Bundled;
  /** made by an earlier version, which no story of today's can make: it is kept, and must go on */
  isOld?: true;
}

const OURS = '../../src/worker-workflows';

function ours<S extends Status>(workflow: string, status: S, question: Question['kind'], variant?: string): Recording {
  const name = [workflow, status, question, variant].filter(Boolean).join('.');
  return { name, workflow, status, question, bundle: OURS };
}

const request = (status: RequestStatus, question: Question['kind'], variant?: string): Recording =>
  ours(WORKFLOW.connectionRequest, status, question, variant);
const ensure = (status: WaitStatus, question: Question['kind'], variant?: string): Recording =>
  ours(WORKFLOW.ensureConnection, status, question, variant);
const watch = (status: WatchStatus, question: Question['kind'], variant?: string): Recording =>
  ours(WORKFLOW.connectionWatch, status, question, variant);

/** Nobody is asked anything by a limiter. */
function limiter(status: LimiterStatus, variant?: string): Recording {
  const name = [WORKFLOW.rateLimiter, status, variant].filter(Boolean).join('.');
  return { name, workflow: WORKFLOW.rateLimiter, status, bundle: OURS };
}

const bulk = (workflow: string, status: BulkRunStatus, variant?: string): Recording => ({
  name: [workflow, status, variant].filter(Boolean).join('.'),
  workflow,
  status,
  bundle: OURS,
});

/** A workflow of a user's: our library is replayed within it. */
function user(bundle: Bundled, workflow: string, status: UserStatus, variant?: string): Recording {
  return { name: ['user', workflow, status, variant].filter(Boolean).join('.'), workflow, status, bundle };
}

/** As version 0.0.1 began it. */
function old(recording: Recording): Recording {
  return { ...recording, isOld: true };
}

export const RECORDINGS: Recording[] = [
  request('checking', 'connect'),
  request('checking', 'reconnect'),
  request('waiting', 'connect'),
  request('waiting', 'reconnect'),
  request('connected', 'connect'),
  request('connected', 'reconnect'),
  request('declined', 'connect'),
  request('declined', 'reconnect'),
  request('timedOut', 'connect'),
  request('timedOut', 'reconnect'),
  request('cancelled', 'connect'),
  request('cancelled', 'reconnect'),

  request('waiting', 'approve-scopes'),
  request('connected', 'approve-scopes'),
  request('declined', 'approve-scopes'),
  request('timedOut', 'approve-scopes'),
  request('cancelled', 'approve-scopes'),
  request('cancelled', 'approve-scopes', 'still-missing'),
  request('waiting', 'approve-scopes', 'continues-as-new'),
  request('connected', 'approve-scopes', 'continued'),
  request('connected', 'approve-scopes', 'after-connecting'),
  request('connected', 'connect', 'granted'),

  request('waiting', 'connect', 'reminded'),
  request('waiting', 'connect', 'extended'),
  request('waiting', 'connect', 'reminded-by-hand'),
  request('waiting', 'connect', 'notifier-fails'),
  request('timedOut', 'connect', 'after-a-week'),
  request('connected', 'connect', 'found-at-once'),
  request('connected', 'connect', 'account-recorded'),
  request('connected', 'connect', 'two-joiners'),
  request('connected', 'connect', 'hinted-too-early'),
  request('connected', 'connect', 'webhook-lost'),
  request('connected', 'connect', 'outage-at-first'),
  request('cancelled', 'connect', 'unusable'),
  request('cancelled', 'connect', 'ambiguous'),
  request('cancelled', 'connect', 'by-hand'),
  request('cancelled', 'connect', 'for-all'),
  request('cancelled', 'connect', 'join-refused'),
  request('cancelled', 'reconnect', 'other-owner'),

  request('waiting', 'reconnect', 'account-changed'),
  request('waiting', 'reconnect', 'account-changed-no'),
  request('connected', 'reconnect', 'account-changed-yes'),
  request('connected', 'reconnect', 'account-changed-readers'),
  request('timedOut', 'reconnect', 'account-changed'),
  request('timedOut', 'reconnect', 'restored-late'),

  request('waiting', 'connect', 'continues-as-new'),
  request('connected', 'connect', 'continued'),
  request('waiting', 'reconnect', 'continues-as-new'),
  request('connected', 'reconnect', 'continued'),

  ensure('waiting', 'connect'),
  ensure('waiting', 'reconnect'),
  ensure('connected', 'connect'),
  ensure('connected', 'reconnect'),
  ensure('declined', 'connect'),
  ensure('declined', 'reconnect'),
  ensure('timedOut', 'connect'),
  ensure('timedOut', 'reconnect'),
  ensure('cancelled', 'connect'),
  ensure('cancelled', 'reconnect'),
  ensure('failed', 'connect'),
  ensure('failed', 'reconnect'),
  ensure('waiting', 'approve-scopes'),
  ensure('connected', 'approve-scopes'),
  ensure('declined', 'approve-scopes'),
  ensure('cancelled', 'approve-scopes'),
  ensure('failed', 'approve-scopes'),
  ensure('connected', 'approve-scopes', 'adopted'),
  ensure('connected', 'connect', 'found-at-once'),
  ensure('connected', 'connect', 'adopted'),
  ensure('cancelled', 'connect', 'by-hand'),

  watch('watching', 'connect'),
  watch('watching', 'reconnect'),
  watch('found', 'connect'),
  watch('found', 'reconnect'),
  watch('expired', 'connect'),
  watch('expired', 'reconnect'),
  watch('watching', 'connect', 'another-link'),
  watch('watching', 'connect', 'continues-as-new'),
  watch('found', 'connect', 'continued'),

  limiter('leasing'),
  limiter('leasing', 'of-a-connection'),
  limiter('leasing', 'continues-as-new'),
  limiter('leasing', 'continued'),
  limiter('idle'),

  bulk(WORKFLOW.bulk, 'running'),
  bulk(WORKFLOW.bulk, 'completed'),
  bulk(WORKFLOW.bulk, 'stopped', 'after-a-pause'),
  bulk(WORKFLOW.bulk, 'failed', 'source-throws'),
  bulk(WORKFLOW.bulk, 'completed', 'continued'),
  bulk(WORKFLOW.bulkPage, 'running', 'sink-down'),
  bulk(WORKFLOW.bulkPage, 'completed'),
  bulk(WORKFLOW.bulkPage, 'completed', 'continued'),
  bulk(WORKFLOW.bulkPage, 'failed', 'source-throws'),

  user('./user-workflows', 'waitFor', 'waiting'),
  user('./user-workflows', 'waitFor', 'completed'),
  user('./user-workflows', 'waitFor', 'declined'),
  user('./user-workflows', 'waitFor', 'cancelled'),
  user('./user-workflows', 'waitForBoth', 'completed'),
  user('./user-workflows', 'waitThenCall', 'completed'),
  old(user('./user-workflows', 'waitThenCall', 'completed', 'one-by-one')),
  user('./user-workflows', 'waitThenWrite', 'completed'),
  user('./user-workflows', 'call', 'completed', 'get'),
  user('./user-workflows', 'call', 'completed', 'write-repeated'),
  user('./user-workflows', 'call', 'failed', 'write-unknown'),
  old(user('./user-workflows', 'fanOut', 'completed', 'one-by-one')),
  user('./user-workflows', 'fanOut', 'completed', 'reads-and-writes'),
  user('./user-workflows', 'fanOut', 'completed', 'repeated'),
  user('./user-workflows', 'fanOut', 'cancelled'),
  user('./user-workflows', 'action', 'completed'),
  user('./paged-workflows', 'act', 'completed', 'async'),
  user('./paged-workflows', 'actWithin', 'failed', 'async-pending'),
  user('./paged-workflows', 'readAll', 'completed'),
  user('./paged-workflows', 'readAll', 'failed', 'pages-repeat'),
];
