import {
  CancellationScope,
  condition,
  defineSignal,
  getCurrentDetails,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import {
  defineAction,
  ensureConnection as ensure,
  ensureIntegration,
  findNangoFailure,
  nango,
  path,
  withReconnect,
} from '../../src/workflow';
import type {
  ActionOptions,
  BulkInput,
  BulkResult,
  Call,
  Connection,
  ConnectionRef,
  FanOutOptions,
  MadeIntegration,
  WorkflowEnsureConnectionInput,
  WorkflowEnsureIntegrationInput,
  Json,
  Outcome,
  ProxyCall,
  ValueSchema,
} from '../../src/workflow';

/** Workflows as users of the package write them. */

export async function waitFor(wanted: WorkflowEnsureConnectionInput): Promise<Connection> {
  return await ensure(wanted);
}

export async function waitForIntegration(wanted: WorkflowEnsureIntegrationInput): Promise<MadeIntegration> {
  return await ensureIntegration(wanted);
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

/** As `temporal-nango actions generate` writes it. */
const createContact = defineAction<{ email: string }, { id: string }>({
  integration: 'hubspot',
  name: 'create-contact',
});

export async function defined(connection: ConnectionRef, email: string, options?: ActionOptions): Promise<Json> {
  return await createContact(connection, { email }, options);
}

export async function definedOnQueue(connection: ConnectionRef, email: string, taskQueue: string): Promise<string> {
  const { id } = await createContact.on(taskQueue)(connection, { email });
  return id;
}

export async function definedFanOut(connection: ConnectionRef, emails: string[]): Promise<Outcome[]> {
  return await nango.fanOut(
    connection,
    emails.map((email) => createContact.call({ email })),
  );
}

/** One whose caller has schemas of their own. */
const sumOf = defineAction({ integration: 'hubspot', name: 'sum', input: objectOf('a', 'b'), output: objectOf('sum') });

export async function definedBySchemas(connection: ConnectionRef, input: { [name: string]: number }): Promise<number> {
  const { sum = NaN } = await sumOf(connection, input);
  return sum;
}

/** A schema as https://standardschema.dev has it: an object that has numbers under these names. */
function objectOf(...names: string[]): ValueSchema<{ [name: string]: number }, { [name: string]: number }> {
  const validate = (value: unknown) => {
    const wrong = names.find((name) => typeof (value as { [name: string]: unknown } | null)?.[name] !== 'number');
    return wrong === undefined
      ? { value: value as { [name: string]: number } }
      : { issues: [{ message: 'no number', path: [wrong] }] };
  };
  return { '~standard': { validate } };
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

/** Waits for the connection, and again whenever it stops working in the middle of the calls. */
export async function ensureThenFanOut(wanted: WorkflowEnsureConnectionInput, calls: Call[]): Promise<Outcome[]> {
  return await nango.fanOut(await ensure(wanted), calls);
}

/** Reads two lists as one thing. @returns how often it was begun, and what the last one read */
export async function readTwice(connection: Connection): Promise<{ begun: number; data: Json[] }> {
  let begun = 0;
  return await withReconnect(connection, async (now) => {
    begun++;
    return { begun, data: [await nango.get(now, '/first'), await nango.get(now, '/second')] };
  });
}

/** Reads side by side, each by itself. @returns what was read, or the type of the failure */
export async function readTogether(connection: ConnectionRef, count: number): Promise<Json[]> {
  const reads = Array.from({ length: count }, (_, n) => nango.get(connection, `/${n}`));
  return await Promise.all(reads.map((read) => read.catch((error: unknown) => findNangoFailure(error)!.type)));
}

/** Writes, each begun after so many milliseconds by itself. @returns what came of each, or the type of its failure */
export async function writeAfter(connection: ConnectionRef, pauses: number[]): Promise<Json[]> {
  const writes = pauses.map(async (pause, n) => {
    if (pause > 0) await sleep(pause);
    return await nango.post(connection, `/contacts/${n}`, { n });
  });
  return await Promise.all(writes.map((write) => write.catch((error: unknown) => findNangoFailure(error)!.type)));
}

/** Reads, and writes so many milliseconds later. */
export async function readThenWrite(connection: ConnectionRef, pause: number): Promise<Json[]> {
  const read = await nango.get(connection, '/contacts/1');
  await sleep(pause);
  return [read, await nango.post(connection, '/contacts/2')];
}

/** Writes as one thing, and counts in what it writes how often it was begun. */
export async function writeTogether(connection: Connection): Promise<Json> {
  let begun = 0;
  return await withReconnect(connection, (now) => nango.post(now, '/write', { begun: ++begun }));
}

/** Writes, and reads beside that a little later, as one thing, and counts in what it writes how often it was begun. */
export async function writeBesideRead(connection: Connection): Promise<Json[]> {
  let begun = 0;
  return await withReconnect(connection, async (now) => {
    const both = [nango.post(now, '/write', { begun: ++begun }), sleep(1_000).then(() => nango.get(now, '/read'))];
    await Promise.allSettled(both);
    return await Promise.all(both);
  });
}

/** A job of a schedule, as often as that runs it. */
export async function readOnce(wanted: WorkflowEnsureConnectionInput): Promise<Json> {
  return await nango.get(await ensure(wanted), '/contacts');
}

/** Reads side by side, each begun a minute after the one before, and given up after so long. @returns what came of each */
export async function readsSideBySide(connection: ConnectionRef, givenUpAfterMs: number[]): Promise<unknown[]> {
  const reads = givenUpAfterMs.map(async (ms, n) => {
    if (n > 0) await sleep(n * 60_000);
    return await CancellationScope.withTimeout(ms, () => nango.get(connection, '/contacts/1'));
  });
  return await Promise.all(
    reads.map((read) =>
      read.catch((error: unknown) => (isCancellation(error) ? 'given up' : findNangoFailure(error)?.type)),
    ),
  );
}
