import type {
  ActionResultInput,
  AdoptConnectionInput,
  AwaitDeployedCodeInput,
  BatchInput,
  BatchResult,
  CallResponse,
  Connection,
  ConnectionNames,
  ConnectionRef,
  ConnectionsPage,
  CreateIntegrationInput,
  DeployedCodeInput,
  DeployedFunction,
  DescribeProviderInput,
  DiscoveredIntegration,
  DiscoveredProvider,
  DiscoveryOptions,
  DropReplacementsInput,
  FindHintedInput,
  FindInput,
  ForcedRefresh,
  ForgetChoiceInput,
  ForgottenChoice,
  FunctionFacts,
  FunctionSubject,
  GetGrantedScopesInput,
  GetIntegrationScopesInput,
  GrantedScopes,
  HealingReadInput,
  HealthReading,
  HeldConnection,
  HeldStatus,
  HoldConnectionInput,
  IdentifyAccountInput,
  IntegrationScopes,
  JobEnd,
  JoinEnd,
  JoinRequestInput,
  JoinSetUpInput,
  LeaveRequestInput,
  LeaveSetUpInput,
  ListConnectionsInput,
  ListFunctionsInput,
  MadeIntegration,
  NotifyInput,
  OutageNotice,
  Page,
  PageInput,
  ProxiedResponse,
  ProxyInput,
  ReportedFailing,
  ReportFailingInput,
  ReadCandidates,
  ReadCandidatesInput,
  ReadHeldInput,
  RememberChoiceInput,
  RememberedChoice,
  ReplaceConnectionInput,
  RestoreConnectionInput,
  RestoredConnection,
  SetUpEnd,
  SetUpFacts,
  SetUpNoticeInput,
  SetUpSubject,
  Snapshot,
  StartDeploymentInput,
  StartDryRunInput,
  StartedAction,
  StartedJob,
  SweepInput,
  SweepResult,
  TriggerActionInput,
  UpdateIntegrationScopesInput,
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
  /** what a list does not tell of connections between which somebody has to choose */
  'nango.readCandidates'(input: ReadCandidatesInput): Promise<ReadCandidates>;
  /** marks the connection of several that was chosen, and no other; `Nango.ConnectionNotFound` if it is not there */
  'nango.rememberChoice'(input: RememberChoiceInput): Promise<RememberedChoice>;
  /** takes the mark off whatever was chosen; `Nango.Forbidden` if the key may not */
  'nango.forgetChoice'(input: ForgetChoiceInput): Promise<ForgottenChoice>;
  /** a connection with all that a reconnect would lose */
  'nango.snapshotConnection'(ref: ConnectionRef): Promise<Snapshot>;
  /** puts back what a reconnect has wiped; changes nothing that is as it shall be, and says what the key may not change */
  'nango.restoreConnection'(input: RestoreConnectionInput): Promise<RestoredConnection>;
  /** the provider's account behind a connection */
  'nango.identifyAccount'(input: IdentifyAccountInput): Promise<string>;
  /** what links of an integration request by themselves; `Nango.IntegrationNotFound` */
  'nango.getIntegrationScopes'(input: GetIntegrationScopesInput): Promise<IntegrationScopes>;
  /** has an integration request more scopes, and loses none; idempotent; @returns all that it requests then */
  'nango.updateIntegrationScopes'(input: UpdateIntegrationScopesInput): Promise<string[]>;
  /** deletes a connection in favour of one that was made in its place, and all others that were; idempotent */
  'nango.replaceConnection'(input: ReplaceConnectionInput): Promise<void>;
  /** deletes what links of a request have made to take the place of a connection that is there; idempotent */
  'nango.dropReplacements'(input: DropReplacementsInput): Promise<void>;
  /** idempotent: one that is gone is deleted; the extras of its link go with it */
  'nango.deleteConnection'(ref: ConnectionRef): Promise<void>;
  /**
   * the connection of an owner; if there is none, joins the request for it, and stays open while that is pending: its
   * retries are the joiner's insurance
   */
  'nango.ensureConnection'(input: JoinRequestInput): Promise<JoinEnd>;
  'nango.leaveRequest'(input: LeaveRequestInput): Promise<void>;
  'nango.openWatch'(link: WatchedLink): Promise<void>;
  /**
   * from now on no call goes through a connection before it was read and is confirmed; `HOLD_SPREADS_MS` after its result
   * says `since`, every worker keeps to it
   */
  'nango.holdConnection'(input: HoldConnectionInput): Promise<HeldConnection>;
  /** whether held connections are confirmed, in their order */
  'nango.readHeld'(input: ReadHeldInput): Promise<HeldStatus[]>;
  /** connections made, or connected anew, through our links */
  'nango.sweep'(input: SweepInput): Promise<SweepResult>;
  /** looks up once more, and calls the notifier if there is still nothing; @returns the connections that were found */
  'nango.notify'(input: NotifyInput): Promise<Connection[]>;
  /** says to the health of the integration, which it starts if there is none, that a call failed */
  'nango.reportFailing'(input: ReportFailingInput): Promise<ReportedFailing>;
  /** which connections of an integration fail, by Nango's list, and which work, by calls of this worker */
  'nango.readHealth'(input: { integration: string }): Promise<HealthReading>;
  /** makes Nango refresh a token now */
  'nango.refreshConnection'(connection: ConnectionNames): Promise<ForcedRefresh>;
  'nango.notifyOutage'(notice: OutageNotice): Promise<void>;
  'nango.proxy'(input: ProxyInput): Promise<ProxiedResponse>;
  /** calls that may be repeated, until its time is over */
  'nango.proxyBatch'(input: BatchInput): Promise<BatchResult>;
  /** one page of a list; what leads to the next is in its result */
  'nango.proxyPage'(input: PageInput): Promise<Page>;
  'nango.triggerAction'(input: TriggerActionInput): Promise<CallResponse>;
  /** a call without a workflow that may be repeated: its owner connects anew what has died, and its retries wait for that */
  'nango.healingRead'(input: HealingReadInput): Promise<CallResponse>;
  'nango.startAction'(input: TriggerActionInput): Promise<StartedAction>;
  /** the output of an async action; its retries are the polls, until its `scheduleToCloseTimeout` */
  'nango.getActionResult'(input: ActionResultInput): Promise<CallResponse>;
  /** whether an integration is there, and if not, what is to be done; `Nango.InvalidRequest` for an unknown `provider` */
  'nango.getSetUpFacts'(input: SetUpSubject): Promise<SetUpFacts>;
  /** makes an integration; one that is there already is as good */
  'nango.createIntegration'(input: CreateIntegrationInput): Promise<MadeIntegration>;
  /** the same with the developer app that Nango lends; nothing where it lends none */
  'nango.quickstartIntegration'(input: SetUpSubject): Promise<MadeIntegration | undefined>;
  /** an integration, once it is there: its retries are the polls, and it ends no other way */
  'nango.awaitIntegration'(input: Pick<SetUpSubject, 'integration'>): Promise<MadeIntegration>;
  /** an integration; if it is missing, joins its set-up, and stays open while that is pending, as `nango.ensureConnection` */
  'nango.ensureIntegration'(input: JoinSetUpInput): Promise<SetUpEnd>;
  'nango.leaveSetUp'(input: LeaveSetUpInput): Promise<void>;
  /** calls the operators' notifier, unless the integration is there by now, which it returns */
  'nango.notifyOperator'(input: SetUpNoticeInput): Promise<MadeIntegration | undefined>;
  /** what is deployed under a name; nothing if nothing is */
  'nango.findFunction'(input: FunctionSubject): Promise<FunctionFacts | undefined>;
  /** only says whether it compiles: `Nango.CompilationFailed` */
  'nango.compileFunction'(input: { code: string }): Promise<void>;
  /** each starts another one, whose calls are real */
  'nango.startDryRun'(input: StartDryRunInput): Promise<StartedJob>;
  /** the end of a dry run: its retries are the polls */
  'nango.awaitDryRun'(input: StartedJob): Promise<JobEnd>;
  /** each starts another one; `Nango.OutcomeUnknown` if it may have been started */
  'nango.startDeployment'(input: StartDeploymentInput): Promise<StartedJob>;
  /** the end of a deployment, as of a dry run */
  'nango.awaitDeployment'(input: StartedJob): Promise<JobEnd>;
  /** whether a code is deployed, once it is, or once no deployment that was started before can be under way */
  'nango.awaitDeployedCode'(input: AwaitDeployedCodeInput): Promise<boolean>;
  /** whether a code is deployed, now */
  'nango.compareDeployedCode'(input: DeployedCodeInput): Promise<boolean>;
  /** all integrations; as the worker knows them, unless `fresh` */
  'nango.listIntegrations'(input: DiscoveryOptions): Promise<DiscoveredIntegration[]>;
  /** a page of connections; `Nango.IntegrationNotFound` for an unknown integration */
  'nango.listConnections'(input: ListConnectionsInput): Promise<ConnectionsPage>;
  /** what is deployed to an integration; `Nango.IntegrationNotFound` */
  'nango.listFunctions'(input: ListFunctionsInput): Promise<DeployedFunction[]>;
  /** what Nango knows of a provider; `Nango.InvalidRequest` for an unknown `provider` */
  'nango.describeProvider'(input: DescribeProviderInput): Promise<DiscoveredProvider>;
}
