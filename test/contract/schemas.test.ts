import type { z } from 'zod';
import type * as batches from '../../src/contract/schemas/batches';
import type * as requests from '../../src/contract/schemas/requests';
import type * as calls from '../../src/contract/schemas/calls';
import type * as bulk from '../../src/contract/schemas/bulk';
import type * as connections from '../../src/contract/schemas/connections';
import type * as deployments from '../../src/contract/schemas/deployments';
import type * as discovery from '../../src/contract/schemas/discovery';
import type * as health from '../../src/contract/schemas/health';
import type * as holds from '../../src/contract/schemas/holds';
import type * as joins from '../../src/contract/schemas/joins';
import type * as json from '../../src/contract/schemas/json';
import type * as leases from '../../src/contract/schemas/leases';
import type * as links from '../../src/contract/schemas/links';
import type * as pages from '../../src/contract/schemas/pages';
import type * as recreate from '../../src/contract/schemas/recreate';
import type * as setUps from '../../src/contract/schemas/set-ups';
import type * as types from '../../src/contract/types';

/** What each schema gives, by the name of the schema. The compiler refuses a row that is missing. */
interface Shapes extends Record<SchemaName, unknown> {
  requestStatusSchema: types.RequestStatus;
  questionSchema: types.Question;
  recordedDecisionSchema: types.RecordedDecision;
  recordedStatementSchema: types.RecordedStatement;
  unconfirmedConnectionSchema: types.UnconfirmedConnection;
  requestRefSchema: types.RequestRef;
  requestViewSchema: types.RequestView;
  discoveryOptionsSchema: types.DiscoveryOptions;
  listConnectionsInputSchema: types.ListConnectionsInput;
  listFunctionsInputSchema: types.ListFunctionsInput;
  describeProviderInputSchema: types.DescribeProviderInput;
  wantedSchema: types.Wanted;
  noticeSchema: types.Notice;
  notifyInputSchema: types.NotifyInput;
  proxyCallSchema: types.ProxyCall;
  actionSchema: types.Action;
  proxyInputSchema: types.ProxyInput;
  triggerActionInputSchema: types.TriggerActionInput;
  healingReadInputSchema: types.HealingReadInput;
  startedActionSchema: types.StartedAction;
  actionResultInputSchema: types.ActionResultInput;
  callResponseSchema: types.CallResponse;
  writeWaitSchema: types.WriteWait;
  batchInputSchema: types.BatchInput;
  ownerSchema: types.Owner;
  tagsSchema: types.Tags;
  connectionRefSchema: types.ConnectionNames;
  connectionSchema: types.Connection;
  candidateSchema: types.Candidate;
  chooseSchema: types.Choose;
  readCandidatesInputSchema: types.ReadCandidatesInput;
  rememberChoiceInputSchema: types.RememberChoiceInput;
  forgetChoiceInputSchema: types.ForgetChoiceInput;
  notRememberedSchema: types.NotRemembered;
  subjectSchema: types.Subject;
  identitySchema: types.Identity;
  findInputSchema: types.FindInput;
  findHintedInputSchema: types.FindHintedInput;
  adoptConnectionInputSchema: types.AdoptConnectionInput;
  restoreConnectionInputSchema: types.RestoreConnectionInput;
  unwrittenSchema: types.Unwritten;
  identifyAccountInputSchema: types.IdentifyAccountInput;
  getGrantedScopesInputSchema: types.GetGrantedScopesInput;
  getIntegrationScopesInputSchema: types.GetIntegrationScopesInput;
  updateIntegrationScopesInputSchema: types.UpdateIntegrationScopesInput;
  replaceConnectionInputSchema: types.ReplaceConnectionInput;
  dropReplacementsInputSchema: types.DropReplacementsInput;
  failureSchema: types.Failure;
  joinSchema: types.Join;
  joinUpdateResultSchema: types.JoinUpdateResult;
  requestResultSchema: types.RequestResult;
  joinRequestInputSchema: types.JoinRequestInput;
  leaveRequestInputSchema: types.LeaveRequestInput;
  jsonSchema: types.Json;
  givenJsonSchema: types.Json;
  knownLimitSchema: types.KnownLimit;
  leaseSchema: types.Lease;
  linkGrantSchema: types.LinkGrant;
  watchedLinkSchema: types.WatchedLink;
  sweepInputSchema: types.SweepInput;
  paginationSchema: types.Pagination;
  pageInputSchema: types.PageInput;
  bulkProgressSchema: types.BulkProgress;
  bulkResultSchema: types.BulkResult;
  bulkRefSchema: types.BulkRef;
  healingSchema: types.Healing;
  reportFailingInputSchema: types.ReportFailingInput;
  outageNoticeSchema: types.OutageNotice;
  integrationSchema: { integration: string };
  holdConnectionInputSchema: types.HoldConnectionInput;
  heldConnectionSchema: types.HeldConnection;
  holdsViewSchema: types.HoldsView;
  readHeldInputSchema: types.ReadHeldInput;
  setUpStatusSchema: types.SetUpStatus;
  madeIntegrationSchema: types.MadeIntegration;
  setUpQuestionSchema: types.SetUpQuestion;
  recordedSetUpDecisionSchema: types.RecordedSetUpDecision;
  setUpViewSchema: types.SetUpView;
  setUpRefSchema: types.SetUpRef;
  setUpEndSchema: types.SetUpEnd;
  setUpJoinResponseSchema: types.SetUpJoinResponse;
  setUpOutcomeSchema: types.SetUpOutcome;
  setUpJoinSchema: types.SetUpJoin;
  joinSetUpInputSchema: types.JoinSetUpInput;
  leaveSetUpInputSchema: types.LeaveSetUpInput;
  setUpSubjectSchema: types.SetUpSubject;
  appCredentialsSchema: types.AppCredentials;
  createIntegrationInputSchema: types.CreateIntegrationInput;
  functionSubjectSchema: types.FunctionSubject;
  compileFunctionInputSchema: { code: string };
  startDryRunInputSchema: types.StartDryRunInput;
  startDeploymentInputSchema: types.StartDeploymentInput;
  startedJobSchema: types.StartedJob;
  deployedCodeInputSchema: types.DeployedCodeInput;
  awaitDeployedCodeInputSchema: types.AwaitDeployedCodeInput;
  compilerErrorSchema: types.CompilerError;
  deploymentRefSchema: types.DeploymentRef;
  deploymentViewSchema: types.DeploymentView;
  functionDeploymentSchema: types.FunctionDeployment;
  setUpNoticeSchema: types.SetUpNoticeInput;
}

type Modules = typeof requests &
  typeof batches &
  typeof calls &
  typeof connections &
  typeof deployments &
  typeof joins &
  typeof json &
  typeof leases &
  typeof links &
  typeof setUps &
  typeof bulk &
  typeof health &
  typeof holds &
  typeof discovery &
  typeof pages &
  typeof recreate;
type SchemaName = keyof { [name in keyof Modules as Modules[name] extends z.ZodType ? name : never]: true };

/** With no field optional, so that one that is missing counts: `satisfies z.ZodType` does not see that. */
type Full<T> = T extends (infer Item)[]
  ? Full<Item>[]
  : T extends object
    ? { [field in keyof T]-?: Full<T[field]> }
    : T;
type Misfits = keyof {
  [
    name in SchemaName as [Full<z.infer<Modules[name]>>, Full<Shapes[name]>] extends [
      Full<Shapes[name]>,
      Full<z.infer<Modules[name]>>,
    ]
      ? never
      : name
  ]: true;
};

test('a schema has the fields of its interface and no others', () => {
  // The compiler fails where one does not: this is then not a list of nothing.
  const misfits: Misfits[] = [];
  const none: never[] = misfits;
  expect(none).toEqual([]);
});
