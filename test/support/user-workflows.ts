import { condition, defineSignal, getCurrentDetails, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { ensureConnection as ensure, nango, path } from '../../src/workflow';
import type {
  BulkInput,
  BulkResult,
  Call,
  Connection,
  ConnectionRef,
  FanOutOptions,
  WorkflowEnsureConnectionInput,
  Json,
  Outcome,
  ProxyCall,
} from '../../src/workflow';

/** Workflows as users of the package write them. */

export async function waitFor(wanted: WorkflowEnsureConnectionInput): Promise<Connection> {
  return await ensure(wanted);
}

/** The automation of the README. */
export async function waitThenCall(wanted: WorkflowEnsureConnectionInput, ids: string[]): Promise<Outcome[]> {
  const connection = await ensure(wanted);
  return await nango.fanOut(
    connection,
    ids.map((id) => ({ method: 'GET', endpoint: path`/contacts/${id}` })),
  );
}

export async function waitThenWrite(wanted: WorkflowEnsureConnectionInput): Promise<Json> {
  return await nango.post(await ensure(wanted), '/write');
}

/** Two waits in one workflow at the same time. */
export async function waitForBoth(wanted: WorkflowEnsureConnectionInput[]): Promise<Connection[]> {
  return await Promise.all(wanted.map((one) => ensure(one)));
}

export async function call(connection: ConnectionRef, one: ProxyCall): Promise<Json> {
  const { status, data } = await nango.proxy(connection, one);
  return { status, data };
}

export async function action(
  connection: ConnectionRef,
  name: string,
  input: Json,
  idempotent?: boolean,
): Promise<Json> {
  return await nango.action(connection, name, input, { idempotent });
}

export async function fanOut(connection: ConnectionRef, calls: Call[]): Promise<Outcome[]> {
  return await nango.fanOut(connection, calls);
}

/** A fan-out whose answers would not fit into a result: only how each call ended. */
export async function fanOutKinds(connection: ConnectionRef, calls: Call[]): Promise<string[]> {
  const outcomes = await nango.fanOut(connection, calls);
  return outcomes.map((outcome) => (outcome.ok ? 'ok' : `${outcome.error.type} ${outcome.error.status ?? 'not sent'}`));
}

/** A fan-out as its caller wants it. */
export async function fanOutWith(connection: ConnectionRef, calls: Call[], options: FanOutOptions): Promise<Outcome[]> {
  return await nango.fanOut(connection, calls, options);
}

/** Says something of its own in Temporal's UI. */
export async function fanOutWithDetails(connection: ConnectionRef, calls: Call[], details: string): Promise<string> {
  setCurrentDetails(details);
  await nango.fanOut(connection, calls);
  return getCurrentDetails();
}

/** The same call many times: more bodies than the input of a workflow could hold. */
export async function fanOutCopies(connection: ConnectionRef, one: Call, copies: number): Promise<string[]> {
  return await fanOutKinds(
    connection,
    Array.from({ length: copies }, () => one),
  );
}

export const go = defineSignal('go');

/** Waits for a signal, then writes: so that a test can act in between. */
export async function writeOnSignal(connection: ConnectionRef, body: Json): Promise<Json> {
  let isSignalled = false;
  setHandler(go, () => void (isSignalled = true));
  await condition(() => isSignalled);
  return await nango.post(connection, '/write', body);
}

export async function bulkOf(input: BulkInput): Promise<BulkResult> {
  return await nango.bulk(input);
}
