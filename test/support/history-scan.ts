import type { Client } from '@temporalio/client';

/** A text that somebody could read, and where it stands. */
export interface Text {
  where: string;
  text: string;
}

/** A secret that was found where none may be. */
export interface Hit {
  secret: string;
  where: string;
}

/** Shorter ones might be found by chance. */
const SHORTEST_CANARY = 16;
const PAGE = 100;
/** What may be base64, and is long enough to hold a canary. */
const BASE64 = /[\w+/-]{22,}/g;
/** Base64 inside base64 is looked into as well. */
const MAX_ENCODINGS = 2;

/**
 * Everything that a namespace keeps: of every run of every workflow, open or closed, its list entry, its description
 * with the pending activities, and its history; and every standalone activity. Payloads are decoded: they are bytes, or
 * base64 in a printed history, so that a search of what comes over the wire finds nothing.
 */
export async function* everythingWritten(client: Client): AsyncGenerator<Text> {
  const { workflowService: service } = client;
  const { namespace } = client.options;
  const runs = paged(async (nextPageToken) => {
    const page = await service.listWorkflowExecutions({ namespace, pageSize: PAGE, nextPageToken });
    return { items: page.executions, next: page.nextPageToken };
  });
  for await (const run of runs) {
    const execution = { workflowId: run.execution?.workflowId, runId: run.execution?.runId };
    const name = `${run.type?.name} ${execution.workflowId}`;
    yield* textsIn(run, `${name} list`);
    yield* textsIn(await service.describeWorkflowExecution({ namespace, execution }), `${name} describe`);
    const events = paged(async (nextPageToken) => {
      const page = await service.getWorkflowExecutionHistory({ namespace, execution, nextPageToken });
      return { items: page.history?.events ?? [], next: page.nextPageToken };
    });
    for await (const event of events) yield* textsIn(event, `${name} event ${String(event.eventId)}`);
  }

  const activities = paged(async (nextPageToken) => {
    const page = await service.listActivityExecutions({ namespace, pageSize: PAGE, nextPageToken });
    return { items: page.executions, next: page.nextPageToken };
  });
  for await (const activity of activities) {
    const { activityId, runId } = activity;
    const described = await service.describeActivityExecution({
      ...{ namespace, activityId, runId },
      ...{ includeInput: true, includeOutcome: true, includeHeartbeatDetails: true, includeLastFailure: true },
    });
    yield* textsIn(activity, `activity ${activityId} list`);
    yield* textsIn(described, `activity ${activityId} describe`);
  }
}

/**
 * What a workflow shows of itself in Temporal's UI: its current details. No server keeps them, so they can be read only
 * while a worker of the workflow runs.
 */
export async function* shownBy(client: Client, workflowId: string): AsyncGenerator<Text> {
  const shown = await client.workflow.getHandle(workflowId).query('__temporal_workflow_metadata');
  yield* textsIn(shown, `${workflowId} shows`);
}

/** Whether a text is anywhere in the history of a workflow's latest run, decoded. @param text at least 16 characters */
export async function isInHistory(client: Client, workflowId: string, text: string): Promise<boolean> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  return (await hits(textsIn(history, workflowId), new Map([['text', text]]))).length > 0;
}

/** Every text in a value, at any depth: keys and strings, bytes as text, errors with stack and cause; each object once. */
export function* textsIn(value: unknown, where: string, seen = new Set<unknown>()): Generator<Text> {
  if (typeof value === 'string') {
    yield* decodings(value, where, MAX_ENCODINGS);
  } else if (value instanceof Uint8Array) {
    yield* textsIn(Buffer.from(value).toString('utf8'), where);
  } else if (value instanceof Map) {
    yield* textsIn([...(value as Map<unknown, unknown>)], where, seen);
  } else if (typeof value === 'object' && value !== null && !seen.has(value)) {
    seen.add(value);
    // Of an error these are not enumerable.
    const { name, message, stack, cause } = value as Partial<Error>;
    const hidden = value instanceof Error ? { name, message, stack, cause } : {};
    for (const [key, inner] of Object.entries({ ...hidden, ...value })) {
      yield { where: `${where} (key)`, text: key };
      yield* textsIn(inner, `${where}.${key}`, seen);
    }
  }
}

/** Where which canary is, in whatever spelling of upper and lower case. */
export async function hits(
  texts: Iterable<Text> | AsyncIterable<Text>,
  canaries: ReadonlyMap<string, string>,
): Promise<Hit[]> {
  const wanted = [...canaries].map(([secret, canary]) => ({ secret, canary: canary.toLowerCase() }));
  const weak = wanted.find(({ canary }) => canary.length < SHORTEST_CANARY);
  if (weak !== undefined) throw new Error(`The canary of ${weak.secret} is too short to be searched for`);
  const found: Hit[] = [];
  for await (const { where, text } of texts) {
    const lower = text.toLowerCase();
    for (const { secret, canary } of wanted) if (lower.includes(canary)) found.push({ secret, where });
  }
  return found;
}

/** A text, and what it holds in base64; the encoded part may begin anywhere in a run of such characters. */
function* decodings(text: string, where: string, depth: number): Generator<Text> {
  yield { where, text };
  if (depth === 0) return;
  for (const [run] of text.matchAll(BASE64)) {
    for (let start = 0; start < 4; start++) {
      const decoded = Buffer.from(run.slice(start), 'base64').toString('latin1');
      yield* decodings(decoded, `${where} (base64)`, depth - 1);
    }
  }
}

async function* paged<T>(
  page: (token: Uint8Array | undefined) => Promise<{ items: T[]; next: Uint8Array }>,
): AsyncGenerator<T> {
  let token: Uint8Array | undefined;
  do {
    const { items, next } = await page(token);
    yield* items;
    token = next;
  } while (token.length > 0);
}
