import type {
  ActionResultInput,
  AdoptConnectionInput,
  BatchInput,
  BatchResult,
  CallResponse,
  Connection,
  ConnectionRef,
  FindHintedInput,
  FindInput,
  GetGrantedScopesInput,
  GrantedScopes,
  IdentifyAccountInput,
  JoinEnd,
  JoinRequestInput,
  LeaveRequestInput,
  NotifyInput,
  Page,
  PageInput,
  ProxyInput,
  RestoreConnectionInput,
  RestoredConnection,
  Snapshot,
  StartedAction,
  SweepInput,
  SweepResult,
  TriggerActionInput,
  WatchedLink,
} from './types';

/** Our activities: workflow code sees this, `activities/` implements exactly this. */
export interface NangoActivities {
  /** connections of an owner, newest first; `Nango.IntegrationNotFound` if none can exist */
  'nango.findConnections'(input: FindInput): Promise<Connection[]>;
  /** one connection, read where it is written; `Nango.ConnectionNotFound` */
  'nango.getConnection'(ref: ConnectionRef): Promise<Connection>;
  /** what the provider granted a connection, where that can be known; believed for ten minutes unless `fresh` */
  'nango.getGrantedScopes'(input: GetGrantedScopesInput): Promise<GrantedScopes>;
  /** the hinted connection, read where it is written, and the others of the owner: one may be older */
  'nango.findHinted'(input: FindHintedInput): Promise<Connection[]>;
  /** the connection of an owner, and if there is none, one without an owner, which becomes this one's */
  'nango.adoptConnection'(input: AdoptConnectionInput): Promise<Connection>;
  /** a connection with all that a reconnect would lose */
  'nango.snapshotConnection'(ref: ConnectionRef): Promise<Snapshot>;
  /** puts back what a reconnect has wiped; changes nothing that is as it shall be, and says what the key may not change */
  'nango.restoreConnection'(input: RestoreConnectionInput): Promise<RestoredConnection>;
  /** the provider's account behind a connection */
  'nango.identifyAccount'(input: IdentifyAccountInput): Promise<string>;
  /** idempotent: one that is gone is deleted; the extras of its link go with it */
  'nango.deleteConnection'(ref: ConnectionRef): Promise<void>;
  /**
   * the connection of an owner; if there is none, joins the request for it, and stays open while that is pending: its
   * retries are the joiner's insurance
   */
  'nango.ensureConnection'(input: JoinRequestInput): Promise<JoinEnd>;
  'nango.leaveRequest'(input: LeaveRequestInput): Promise<void>;
  'nango.openWatch'(link: WatchedLink): Promise<void>;
  /** connections made, or connected anew, through our links */
  'nango.sweep'(input: SweepInput): Promise<SweepResult>;
  /** looks up once more, and calls the notifier if there is still nothing; @returns the connections that were found */
  'nango.notify'(input: NotifyInput): Promise<Connection[]>;
  'nango.proxy'(input: ProxyInput): Promise<CallResponse>;
  /** calls that may be repeated, until its time is over */
  'nango.proxyBatch'(input: BatchInput): Promise<BatchResult>;
  /** one page of a list; what leads to the next is in its result */
  'nango.proxyPage'(input: PageInput): Promise<Page>;
  'nango.triggerAction'(input: TriggerActionInput): Promise<CallResponse>;
  'nango.startAction'(input: TriggerActionInput): Promise<StartedAction>;
  /** the output of an async action; its retries are the polls, until its `scheduleToCloseTimeout` */
  'nango.getActionResult'(input: ActionResultInput): Promise<CallResponse>;
}
