import type {
  Answer,
  Connection,
  ConnectionRef,
  FindInput,
  JoinEnd,
  JoinRequestInput,
  LeaveRequestInput,
  ProxyInput,
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
  /** idempotent: one that is gone is deleted */
  'nango.deleteConnection'(ref: ConnectionRef): Promise<void>;
  /** joins, and stays open while the request is pending: its retries are the joiner's insurance */
  'nango.joinRequest'(input: JoinRequestInput): Promise<JoinEnd>;
  'nango.leaveRequest'(input: LeaveRequestInput): Promise<void>;
  'nango.openWatch'(link: WatchedLink): Promise<void>;
  /** connections made through our links since `since` (ms since the epoch) */
  'nango.sweep'(input: { since: number }): Promise<SweepResult>;
  'nango.proxy'(input: ProxyInput): Promise<Answer>;
  'nango.triggerAction'(input: TriggerActionInput): Promise<Answer>;
}
