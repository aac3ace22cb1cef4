import type { DeploymentStatus, Question, JoinResolution, RequestStatus, SetUpStatus } from '../../src/contract/types';
import { WORKFLOW } from '../../src/contract/names';
import type { Bundled } from '../support/bundles';

/**
 * Every recorded history: of which workflow, how it stands when the recording ends, what is asked of a person, and what
 * else is remarkable about it. A workflow that is parked when a new version is deployed goes on from such a history, so
 * a change that no longer fits one strands somebody's workflow. A status or a kind of question that is new needs new rows:
 * the test goes by the contract.
 *
 * `npm run histories` records all of them anew, by the stories of the same names. The answer to one that no longer replays
 * is a `patched` branch: workflows of version 0.1.0 are parked somewhere. The one that was is kept, as `isOld`, and a story
 * takes the new branch: the test reads our code for them.
 */

type WaitStatus = 'waiting' | JoinResolution['status'];
type WatchStatus = 'watching' | 'found' | 'expired';
type LimiterStatus = 'leasing' | 'idle';
type HoldsStatus = 'holding' | 'unconfirmed' | 'over';
type HealthStatus = 'failing' | 'outage' | 'dead' | 'over';
type NoticeStatus = 'notified';
type BulkRunStatus = 'running' | 'completed' | 'stopped' | 'failed';
type UserStatus = 'waiting' | 'completed' | 'declined' | 'cancelled' | 'failed';
export type Status =
  | RequestStatus
  | SetUpStatus
  | DeploymentStatus
  | WaitStatus
  | WatchStatus
  | LimiterStatus
  | HoldsStatus
  | HealthStatus
  | NoticeStatus
  | BulkRunStatus
  | UserStatus;

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

/** Nobody is asked anything by these. */
function silent<S extends Status>(workflow: string, status: S, variant?: string): Recording {
  const name = [workflow, status, variant].filter(Boolean).join('.');
  return { name, workflow, status, bundle: OURS };
}

const limiter = (status: LimiterStatus, variant?: string): Recording => silent(WORKFLOW.rateLimiter, status, variant);
const holds = (status: HoldsStatus, variant?: string): Recording => silent(WORKFLOW.connectionHolds, status, variant);
const health = (status: HealthStatus, variant?: string): Recording =>
  silent(WORKFLOW.integrationHealth, status, variant);

const bulk = (workflow: string, status: BulkRunStatus, variant?: string): Recording => ({
  name: [workflow, status, variant].filter(Boolean).join('.'),
  workflow,
  status,
  bundle: OURS,
});

/** The question of a set-up is not a person's. */
const setUp = (status: SetUpStatus, variant?: string): Recording => ({
  name: [WORKFLOW.integrationSetUp, status, variant].filter(Boolean).join('.'),
  workflow: WORKFLOW.integrationSetUp,
  status,
  bundle: OURS,
});

const deployment = (status: DeploymentStatus, variant?: string): Recording =>
  silent(WORKFLOW.deployFunction, status, variant);

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
  request('connected', 'connect', 'granted-since'),
  request('waiting', 'approve-scopes', 'asked-anew'),
  request('connected', 'approve-scopes', 'asked-anew'),
  request('waiting', 'approve-scopes', 'account-changed'),
  request('waiting', 'approve-scopes', 'earlier-link'),
  request('cancelled', 'approve-scopes', 'backend-refused'),

  request('waiting', 'choose-connection'),
  request('waiting', 'choose-connection', 'chosen'),
  request('waiting', 'choose-connection', 'continues-as-new'),
  request('connected', 'choose-connection', 'continued'),
  request('waiting', 'choose-connection', 'chosen-has-gone'),
  request('connected', 'choose-connection'),
  request('connected', 'choose-connection', 'one-left'),
  request('declined', 'choose-connection'),
  request('timedOut', 'choose-connection'),
  request('cancelled', 'choose-connection'),

  request('waiting', 'update-integration-scopes'),
  request('connected', 'update-integration-scopes'),
  request('declined', 'update-integration-scopes'),
  request('timedOut', 'update-integration-scopes'),
  request('cancelled', 'update-integration-scopes'),
  request('cancelled', 'update-integration-scopes', 'refused'),
  request('waiting', 'recreate-connection'),
  request('connected', 'recreate-connection'),
  request('declined', 'recreate-connection'),
  request('declined', 'recreate-connection', 'not-restored'),
  request('timedOut', 'recreate-connection'),
  request('cancelled', 'recreate-connection'),
  request('cancelled', 'recreate-connection', 'no-more'),
  request('waiting', 'recreate-connection', 'one-decision'),
  request('connected', 'recreate-connection', 'both-gone'),
  request('waiting', 'update-integration-scopes', 'click-overtaken'),
  request('cancelled', 'update-integration-scopes', 'latecomer'),

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
  request('cancelled', 'reconnect', 'gone'),
  request('cancelled', 'reconnect', 'gone-at-click'),

  request('waiting', 'reconnect', 'account-changed'),
  request('waiting', 'reconnect', 'account-changed-no'),
  old(request('connected', 'reconnect', 'account-changed-yes')),
  request('connected', 'reconnect', 'account-changed-twice'),
  request('connected', 'reconnect', 'account-changed-readers'),
  request('timedOut', 'reconnect', 'account-changed'),
  request('timedOut', 'reconnect', 'restored-late'),

  request('waiting', 'connect', 'unconfirmed'),
  request('waiting', 'connect', 'confirmed'),
  request('connected', 'connect', 'confirmed'),
  request('waiting', 'reconnect', 'unconfirmed'),
  request('connected', 'reconnect', 'confirmed'),
  request('timedOut', 'reconnect', 'refused'),
  request('waiting', 'connect', 'used-twice'),
  request('waiting', 'reconnect', 'confirmation-dropped'),
  request('cancelled', 'reconnect', 'restored-unconfirmed'),
  request('connected', 'reconnect', 'mark-stays'),
  request('connected', 'approve-scopes', 'confirmed'),
  request('connected', 'recreate-connection', 'confirmed'),
  request('waiting', 'reconnect', 'held-again'),
  request('waiting', 'reconnect', 'marked-again'),
  request('waiting', 'reconnect', 'not-as-it-is'),

  request('waiting', 'connect', 'continues-as-new'),
  request('waiting', 'connect', 'refused-at-its-end'),
  request('waiting', 'connect', 'told-before-its-end'),
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
  ensure('waiting', 'choose-connection'),
  ensure('connected', 'choose-connection'),
  ensure('connected', 'choose-connection', 'adopts'),
  ensure('declined', 'choose-connection'),
  ensure('cancelled', 'choose-connection'),
  ensure('failed', 'choose-connection'),
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

  holds('holding'),
  holds('holding', 'continues-as-new'),
  holds('holding', 'continued'),
  holds('over', 'confirmed'),
  holds('over', 'said-twice'),
  holds('unconfirmed'),
  holds('over'),

  health('failing'),
  health('failing', 'tried'),
  health('failing', 'first-401'),
  health('failing', 'continues-as-new'),
  health('failing', 'continued'),
  health('outage'),
  health('outage', 'burst'),
  health('dead'),
  health('over'),
  health('over', 'dead-works'),
  silent(WORKFLOW.operatorNotice, 'notified'),

  bulk(WORKFLOW.bulk, 'running'),
  bulk(WORKFLOW.bulk, 'completed'),
  bulk(WORKFLOW.bulk, 'stopped', 'after-a-pause'),
  bulk(WORKFLOW.bulk, 'failed', 'source-throws'),
  bulk(WORKFLOW.bulk, 'completed', 'continued'),
  bulk(WORKFLOW.bulkPage, 'running', 'sink-down'),
  bulk(WORKFLOW.bulkPage, 'completed'),
  bulk(WORKFLOW.bulkPage, 'completed', 'stopped'),
  bulk(WORKFLOW.bulkPage, 'completed', 'continued'),
  bulk(WORKFLOW.bulkPage, 'failed', 'source-throws'),

  setUp('checking'),
  setUp('waiting'),
  setUp('waiting', 'lends-none'),
  setUp('waiting', 'earlier-deadline'),
  setUp('waiting', 'reminded-at-its-end'),
  setUp('ready'),
  setUp('ready', 'decided-meanwhile'),
  setUp('ready', 'at-once'),
  setUp('ready', 'by-hand'),
  setUp('ready', 'continued'),
  setUp('declined'),
  setUp('timedOut'),
  setUp('timedOut', 'deadline-moved'),
  setUp('cancelled'),

  deployment('compiling'),
  deployment('dryRunning'),
  deployment('waiting'),
  deployment('deploying'),
  deployment('running'),
  deployment('deployed'),
  deployment('deployed', 'joined'),
  deployment('deployed', 'start-lost'),
  deployment('deployed', 'sync'),
  deployment('deployed', 'dry-run-lost'),
  deployment('deployed', 'refused-for-long'),
  deployment('failed'),
  deployment('failed', 'declined'),
  deployment('failed', 'dry-run'),
  deployment('failed', 'timed-out'),

  user('./user-workflows', 'waitForIntegration', 'waiting'),
  user('./user-workflows', 'waitFor', 'completed', 'set-up'),
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
  user('./user-workflows', 'call', 'waiting', 'refresh-fails'),
  user('./user-workflows', 'call', 'completed', 'tried-again'),
  user('./user-workflows', 'call', 'waiting', 'unconfirmed'),
  user('./user-workflows', 'call', 'completed', 'confirmed'),
  user('./user-workflows', 'call', 'completed', 'in-turn'),
  user('./user-workflows', 'ensureThenFanOut', 'waiting', 'withdrawn'),
  user('./user-workflows', 'ensureThenFanOut', 'completed', 'healed'),
  user('./user-workflows', 'ensureThenFanOut', 'completed', 'cancelled-for-all'),
  user('./user-workflows', 'writeAfter', 'completed', 'nobody-agrees'),
  user('./user-workflows', 'readsSideBySide', 'completed', 'given-up'),
  user('./user-workflows', 'writeBesideRead', 'failed'),
  old(user('./user-workflows', 'fanOut', 'completed', 'one-by-one')),
  user('./user-workflows', 'fanOut', 'completed', 'reads-and-writes'),
  user('./user-workflows', 'fanOut', 'completed', 'repeated'),
  user('./user-workflows', 'fanOut', 'cancelled'),
  user('./user-workflows', 'action', 'completed'),
  user('./discovery-workflows', 'survey', 'completed'),
  user('./discovery-workflows', 'functions', 'failed', 'unknown'),
  user('./discovery-workflows', 'many', 'completed', 'advised'),
  user('./paged-workflows', 'act', 'completed', 'async'),
  user('./paged-workflows', 'actWithin', 'failed', 'async-pending'),
  user('./paged-workflows', 'readAll', 'completed'),
  user('./paged-workflows', 'readAll', 'failed', 'pages-repeat'),
];
