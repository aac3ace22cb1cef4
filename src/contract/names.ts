import type { NangoActivities } from './activities';

/**
 * Every name that running workflows, webhooks and Nango's tags depend on. They travel over the wire and live in
 * histories for as long as somebody's workflow is parked: renaming one strands it. `test/contract/names.test.ts`
 * pins them.
 */

/** The task queue that everything of ours polls unless told otherwise. */
export const DEFAULT_TASK_QUEUE = 'nango';

export const WORKFLOW = {
  ensureConnection: 'ensureConnection',
  connectionRequest: 'connectionRequest',
  connectionWatch: 'connectionWatch',
  rateLimiter: 'rateLimiter',
  bulk: 'bulk',
  bulkPage: 'bulkPage',
  integrationHealth: 'integrationHealth',
  operatorNotice: 'operatorNotice',
  integrationSetUp: 'integrationSetUp',
  deployFunction: 'deployFunction',
  connectionHolds: 'connectionHolds',
} as const;

export const ACTIVITY = {
  findConnections: 'nango.findConnections',
  getConnection: 'nango.getConnection',
  getGrantedScopes: 'nango.getGrantedScopes',
  findHinted: 'nango.findHinted',
  deleteConnection: 'nango.deleteConnection',
  adoptConnection: 'nango.adoptConnection',
  readCandidates: 'nango.readCandidates',
  rememberChoice: 'nango.rememberChoice',
  forgetChoice: 'nango.forgetChoice',
  snapshotConnection: 'nango.snapshotConnection',
  restoreConnection: 'nango.restoreConnection',
  identifyAccount: 'nango.identifyAccount',
  getIntegrationScopes: 'nango.getIntegrationScopes',
  updateIntegrationScopes: 'nango.updateIntegrationScopes',
  replaceConnection: 'nango.replaceConnection',
  dropReplacements: 'nango.dropReplacements',
  ensureConnection: 'nango.ensureConnection',
  leaveRequest: 'nango.leaveRequest',
  openWatch: 'nango.openWatch',
  holdConnection: 'nango.holdConnection',
  readHeld: 'nango.readHeld',
  sweep: 'nango.sweep',
  notify: 'nango.notify',
  reportFailing: 'nango.reportFailing',
  readHealth: 'nango.readHealth',
  refreshConnection: 'nango.refreshConnection',
  notifyOutage: 'nango.notifyOutage',
  proxy: 'nango.proxy',
  proxyBatch: 'nango.proxyBatch',
  proxyPage: 'nango.proxyPage',
  triggerAction: 'nango.triggerAction',
  healingRead: 'nango.healingRead',
  startAction: 'nango.startAction',
  getActionResult: 'nango.getActionResult',
  getSetUpFacts: 'nango.getSetUpFacts',
  createIntegration: 'nango.createIntegration',
  quickstartIntegration: 'nango.quickstartIntegration',
  awaitIntegration: 'nango.awaitIntegration',
  ensureIntegration: 'nango.ensureIntegration',
  leaveSetUp: 'nango.leaveSetUp',
  notifyOperator: 'nango.notifyOperator',
  findFunction: 'nango.findFunction',
  compileFunction: 'nango.compileFunction',
  startDryRun: 'nango.startDryRun',
  awaitDryRun: 'nango.awaitDryRun',
  startDeployment: 'nango.startDeployment',
  awaitDeployment: 'nango.awaitDeployment',
  awaitDeployedCode: 'nango.awaitDeployedCode',
  compareDeployedCode: 'nango.compareDeployedCode',
  listIntegrations: 'nango.listIntegrations',
  listConnections: 'nango.listConnections',
  listFunctions: 'nango.listFunctions',
  describeProvider: 'nango.describeProvider',
} as const satisfies { [Name in keyof NangoActivities as Name extends `nango.${infer Short}` ? Short : never]: Name };

export const SIGNAL = {
  /** to a request: a reason for a lookup, never a fact */
  hint: 'nango.hint',
  /** from a request to a subscribed workflow */
  resolve: 'nango.resolve',
  /** to the watch: a link is live; and those of a request are not any more */
  watchLink: 'nango.watchLink',
  forgetLinks: 'nango.forgetLinks',
  /** from a page of a bulk run to its run */
  pageRead: 'nango.pageRead',
  pageWaits: 'nango.pageWaits',
  /** from a bulk run to its pages */
  pace: 'nango.pace',
  /** to an integration's health: a call failed, or a connection works */
  failing: 'nango.failing',
  works: 'nango.works',
  /** from an integration's health to a workflow whose calls wait */
  health: 'nango.health',
  /** from a set-up to a subscribed workflow */
  resolveSetUp: 'nango.resolveSetUp',
  /** from a request to the holds: the owner was confirmed of what a link has connected */
  confirmed: 'nango.confirmed',
} as const;

export const UPDATE = {
  join: 'nango.join',
  leave: 'nango.leave',
  issueLink: 'nango.issueLink',
  extend: 'nango.extend',
  decline: 'nango.decline',
  decide: 'nango.decide',
  remind: 'nango.remind',
  /** for everybody who waits */
  cancel: 'nango.cancel',
  /** to a request: it was the owner who connected, or it was not */
  confirmOwner: 'nango.confirmOwner',
  refuseOwner: 'nango.refuseOwner',
  /** to a limiter: what a worker has sent, and what it wants to send */
  lease: 'nango.lease',
  /** to the holds: a connection may come into somebody's hands before anybody has confirmed whose they are */
  hold: 'nango.hold',
  /** to a bulk run */
  pause: 'nango.pause',
  resume: 'nango.resume',
  stop: 'nango.stop',
  /** to a set-up */
  joinSetUp: 'nango.joinSetUp',
  decideSetUp: 'nango.decideSetUp',
  /** to a deployment; `decline` is a no to it */
  joinDeployment: 'nango.joinDeployment',
  approveDeployment: 'nango.approveDeployment',
} as const;

/** Query of a request, and the memo key under which lists read the same facts. */
export const REQUEST_VIEW = 'nango.request';

/** Query of any workflow that calls `fanOut`: how far its latest ones are. */
export const FAN_OUTS_QUERY = 'nango.fanOuts';

/** Query of a bulk run, and the memo key under which lists read the same facts. */
export const BULK_PROGRESS = 'nango.bulk';

/** Query of the set-up of an integration, and the memo key under which lists read the same facts. */
export const SET_UP_VIEW = 'nango.setUp';

/** Query of the deployment of a function. */
export const DEPLOYMENT_VIEW = 'nango.deployment';

/** Memo key of a deployment: a digest of what is deployed and how it is tried, by which the same is known again. */
export const DEPLOYMENT_DIGEST = 'nango.deploymentDigest';

/** Memo key of the holds: which connections are held, as every worker reads it. */
export const HOLDS = 'nango.holds';

/** Memo key of the schedules that the command line has made: it touches no others. */
export const MADE_BY_COMMAND = 'nango.schedule';

/** Tags that this package writes on every connect session; Nango lower-cases keys and allows ten of them. */
export const TAG = {
  managedBy: 'managed_by',
  endUserId: 'end_user_id',
  endUserEmail: 'end_user_email',
  endUserDisplayName: 'end_user_display_name',
  organizationId: 'organization_id',
  environment: 'tn_environment',
  slot: 'tn_slot',
  nonce: 'tn_nonce',
  /** the provider's account behind the connection, as it was first seen */
  account: 'tn_account',
  /** another account that a reconnect has put behind it, until somebody has said yes */
  newAccount: 'tn_new_account',
  /** for whom it was chosen from several: marks of owners and slots, separated by spaces */
  chosen: 'tn_chosen',
  /** id of the connection that this one was made in place of: as long as that is there, this one does not count */
  replaces: 'tn_replaces',
  /** whether its owner has made it: {@link UNCONFIRMED} from the moment it is made until somebody has said so */
  owner: 'tn_owner',
} as const;

/** The constant tag: one GET with it lists every connection made through our links. */
export const MANAGED_BY = 'temporal-nango';
/** In its place from a reconnect until its request has put the tags back: one GET lists all that were just renewed. */
export const MANAGED_BY_RENEWED = 'temporal-nango-renewed';

/** Of the tag `tn_owner`: nobody has confirmed yet that it was the owner who connected. Nothing uses such a connection. */
export const UNCONFIRMED = 'unconfirmed';

/** The `joinId` of every backend caller: it merges instead of piling up. */
export const CLIENT_JOIN_ID = 'client';

/** What the workflow ids of bulk runs begin with that somebody has started. */
export const BULK_ID_PREFIX = 'nango-bulk/';

/** What the activity ids of calls without a workflow begin with. */
export const CALL_ID_PREFIX = 'nango-call/';

/** Workflow id of a page of a bulk run. Not of the run's own id: a history must replay under any name. */
export function bulkPageId(firstExecutionRunId: string, page: number): string {
  return `nango-bulk-page/${firstExecutionRunId}/${page}`;
}

/** Workflow id of the watch of one environment. */
export function watchId(environment: string): string {
  return `nango-watch/${environment}`;
}

/**
 * Workflow id of the watch of a request's environment, from the request's own id `nango/<encoded environment>/…`: the
 * sandbox knows no label. Of another name it is a watch that does not exist: a history must replay under any name.
 */
export function watchIdOf(requestId: string): string {
  const [, environment = ''] = requestId.split('/');
  try {
    return watchId(decodeURIComponent(environment));
  } catch {
    return watchId(environment);
  }
}
