import { Context } from '@temporalio/activity';
import { detailsOf, findNangoFailure, invalid, nangoFailure, reasonOf } from '../contract/errors';
import type { NangoFailure } from '../contract/errors';
import { joinFailure } from '../contract/join-end';
import { healingJoinId, requestId } from '../contract/request-id';
import { checkCallInput, isGet, isProxyCall, isWrite, refuseOtherAccount } from '../contract/rules/check-call';
import { checkHealing } from '../contract/rules/healing';
import { MAX_ATTEMPTS } from '../contract/rules/one-request';
import { healingReadInputSchema } from '../contract/schemas/calls';
import type {
  CallResponse,
  ConnectionNames,
  ConnectionRef,
  HealingReadInput,
  Join,
  JoinResponse,
  Subject,
} from '../contract/types';
import { joinRequest } from '../requests/join';
import { runAction } from './actions';
import { here, WORKER_UPDATE_MS } from './context';
import type { ActivityDependencies } from './context';
import { defineActivity } from './define';
import { reportFailing } from './health';
import { callProvider } from './proxy';
import { keepRefusedBy, refusedBy } from './refused-by';

/** Heartbeat of a read whose owner has been asked: its connection may have been replaced since. */
const JOINED = 'joined';
/** Whether the owner has connected anew is looked for after so long, doubled each time. */
const POLL_MS = 5_000;
const LONGEST_POLL_MS = 5 * 60_000;

/**
 * A workflow that reads waits for the health of the integration to know a dead connection from an outage. Nobody can signal
 * an activity, so this read believes what Nango says: while it goes on refreshing, an attempt fails and is tried again; once it
 * has given that up, the owner is asked.
 */
export const healingReadActivities = defineActivity(
  'nango.healingRead',
  healingReadInputSchema,
  ({ heal, ...call }) => {
    checkCallInput(call);
    checkHealing(heal, 'heal');
    if (isWrite(call.call)) throw invalid('call', 'must be one that may be repeated');
  },
  async (input, dependencies) => {
    try {
      return await read(input, input.connection, dependencies);
    } catch (error) {
      const failure = findNangoFailure(error);
      if (failure === undefined) throw error;
      if (failure.type === 'Nango.RefreshFailing') {
        await report(input, 'refresh', dependencies);
        throw error;
      }
      const isUnconfirmed = failure.type === 'Nango.OwnerUnconfirmed';
      if (!isUnconfirmed && !isDead(failure)) throw lastOf(failure);
      if (!isUnconfirmed) await report(input, 'exhausted', dependencies);
      // Connected anew it fails just so: there is nothing that its owner could do.
      return await read(input, await connectedAnew(input, failure, dependencies), dependencies);
    }
  },
);

function hasJoined(): boolean {
  return Context.current().info.heartbeatDetails === JOINED;
}

function isDead({ type }: NangoFailure): boolean {
  return type === 'Nango.ReconnectRequired' || (type === 'Nango.ConnectionNotFound' && hasJoined());
}

/** Only what its connection is to blame for is tried more often than any read. */
function lastOf(failure: NangoFailure): Error {
  if (failure.nonRetryable || Context.current().info.attempt < MAX_ATTEMPTS) return failure;
  return nangoFailure(failure.type, { ...detailsOf(failure), nonRetryable: true });
}

async function read(
  { call, idempotencyKey }: HealingReadInput,
  { integration, connectionId }: ConnectionNames,
  dependencies: ActivityDependencies,
): Promise<CallResponse> {
  const connection = { integration, connectionId };
  // What an earlier attempt has kept is for later ones too.
  const kept: unknown = Context.current().info.heartbeatDetails;
  const details = (): unknown => kept;
  return isProxyCall(call)
    ? await callProvider({ connection, call, idempotencyKey }, dependencies, details)
    : await runAction({ connection, call }, dependencies, details);
}

/** For others of the integration; that it cannot be said is no end of this read. */
async function report(
  { connection }: HealingReadInput,
  sign: 'refresh' | 'exhausted',
  dependencies: ActivityDependencies,
): Promise<void> {
  const tried = Context.current().info.attempt > 1;
  await reportFailing({ connection, sign, tried }, dependencies).catch(() => undefined);
}

/** @throws a failure that is tried again while the owner has not connected anew, and as `joinFailure` if that has ended */
async function connectedAnew(
  { connection, call, heal }: HealingReadInput,
  failure: NangoFailure,
  dependencies: ActivityDependencies,
): Promise<ConnectionRef> {
  const { info } = Context.current();
  const { owner, slot, waitMs, scopes, identity, readsOnAccountChange } = heal;
  const since = info.scheduledTimestampMs;
  const at = Date.now();
  const deadline = since + waitMs;
  if (deadline <= at) throw failure;
  const subject = { integration: connection.integration, owner, slot };
  const reads = isGet(call) ? readsOnAccountChange : undefined;
  // Not a backend's: a person who is at a screen is not notified.
  const joinId = healingJoinId(info.activityId);
  const { connectionId } = connection;
  const join = { joinId, reconnect: connectionId, deadline, scopes, identity, readsOnAccountChange: reads };
  const terms = { ignoreCoolDown: false, at, since, refusedBy: refusedBy() };
  const response = await joinedInTurn(subject, join, terms, failure, dependencies);
  if (response?.status === 'connected') {
    refuseOtherAccount(response.connection, call);
    return response.connection;
  }
  if (response !== undefined && response.status !== 'pending') throw joinFailure(response);
  Context.current().heartbeat(JOINED);
  throw laterAgain(failure, 'Its owner is asked; this is not an error.', subject, dependencies);
}

function laterAgain(failure: NangoFailure, hint: string, subject: Subject, { config }: ActivityDependencies): Error {
  const { attempt } = Context.current().info;
  const type = failure.type === 'Nango.OwnerUnconfirmed' ? failure.type : 'Nango.ReconnectRequired';
  return nangoFailure(type, {
    hint,
    requestId: requestId(config.environment, subject),
    nonRetryable: false,
    benign: true,
    retryAfterMs: Math.min(POLL_MS * 2 ** (attempt - 1), LONGEST_POLL_MS),
  });
}

/** While something else is asked of its owner, its turn has not come: it is tried again. */
async function joinedInTurn(
  subject: Subject,
  join: Join,
  terms: Parameters<typeof joinRequest>[3],
  failure: NangoFailure,
  dependencies: ActivityDependencies,
): Promise<JoinResponse | undefined> {
  try {
    return await joined(subject, join, terms, dependencies);
  } catch (error) {
    if (reasonOf(error) !== 'other_question') throw error;
    await keepRefusedBy(here(dependencies), subject);
    throw laterAgain(failure, 'Something else is asked first; this is not an error.', subject, dependencies);
  }
}

/** @returns nothing for a joiner that is on the list already */
async function joined(
  subject: Subject,
  join: Join,
  terms: Parameters<typeof joinRequest>[3],
  dependencies: ActivityDependencies,
): Promise<JoinResponse | undefined> {
  try {
    return await joinRequest(here(dependencies), subject, join, terms, WORKER_UPDATE_MS, dependencies.batches);
  } catch (error) {
    if (reasonOf(error) === 'already_joined') return undefined;
    throw error;
  }
}
