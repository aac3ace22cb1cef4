import { bundleWorkflowCode, DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import type { ReplayError } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { QUESTION_KINDS, REQUEST_STATUSES } from '../src/contract/schemas/requests';
import type { JoinResolution } from '../src/contract/types';
import { WORKFLOW } from '../src/contract/names';
import { canonical } from './histories/canonical';
import { factsOf } from './histories/facts';
import { readHistory, recorded, textOf } from './histories/files';
import { patchesIn, patchesOfSource } from './histories/patches';
import { SECRETS } from './histories/secrets';
import { RECORDINGS } from './histories/table';
import type { Recording } from './histories/table';
import { bundleFor } from './support/bundles';
import { hits, textsIn } from './support/history-scan';

// Workflows that are parked when a new version is deployed go on from a history like these.

// Quiet: every replay that fails, as some are meant to, is a warning.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});

const ENDS: Record<JoinResolution['status'], true> = {
  ...{ connected: true, declined: true, timedOut: true, cancelled: true, failed: true },
};

/** What each of our workflows may stand at; the watch says nothing of itself to anybody. */
const STATUSES: Record<string, readonly string[]> = {
  [WORKFLOW.connectionRequest]: REQUEST_STATUSES,
  [WORKFLOW.ensureConnection]: ['waiting', ...Object.keys(ENDS)],
  [WORKFLOW.connectionWatch]: ['watching', 'found', 'expired'],
  [WORKFLOW.rateLimiter]: ['leasing', 'idle'],
  [WORKFLOW.connectionHolds]: ['holding', 'unconfirmed', 'over'],
  [WORKFLOW.integrationHealth]: ['failing', 'outage', 'dead', 'over'],
  [WORKFLOW.operatorNotice]: ['notified'],
  [WORKFLOW.integrationSetUp]: ['checking', 'waiting', 'ready', 'declined', 'timedOut', 'cancelled'],
  [WORKFLOW.deployFunction]: ['compiling', 'dryRunning', 'waiting', 'deploying', 'running', 'deployed', 'failed'],
};

/** Whom a workflow may ask what: some ask nobody, and to a watch a link that adds scopes is one of a reconnect. */
function questionsOf(workflow: string): readonly Recording['question'][] {
  if (ASK_NOBODY.includes(workflow)) return [undefined];
  return workflow === WORKFLOW.connectionWatch ? ['connect', 'reconnect'] : QUESTION_KINDS;
}

const ASK_NOBODY: string[] = [
  WORKFLOW.rateLimiter,
  WORKFLOW.connectionHolds,
  WORKFLOW.integrationHealth,
  WORKFLOW.operatorNotice,
  WORKFLOW.integrationSetUp,
  WORKFLOW.deployFunction,
];

/**
 * Before anybody knows what is missing, or that there are several, nobody is asked; and whoever waits too long is told what
 * it was.
 */
function cannotBe(workflow: string, status: string, question: Recording['question']): boolean {
  if (question === 'connect' || question === 'reconnect' || question === undefined) return false;
  // To whoever waits the questions that follow an approval are the same.
  const follows = question === 'update-integration-scopes' || question === 'recreate-connection';
  if (workflow === WORKFLOW.ensureConnection && follows) return true;
  return status === 'checking' || (workflow === WORKFLOW.ensureConnection && status === 'timedOut');
}

/** The same of bulk runs and their pages, which ask nobody anything. */
const BULK_STATUSES: Record<string, readonly string[]> = {
  [WORKFLOW.bulk]: ['running', 'completed', 'stopped', 'failed'],
  [WORKFLOW.bulkPage]: ['running', 'completed', 'failed'],
};

/** Replays some histories, and gives what went wrong with each that has failed. */
async function replay(recordings: Recording[], workflowBundle: { code: string }): Promise<Map<string, ReplayError>> {
  const histories = recordings.map(({ name }) => ({ workflowId: name, history: readHistory(name) }));
  const failed = new Map<string, ReplayError>();
  let replayed = 0;
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    replayed++;
    if (error !== undefined) failed.set(workflowId, error);
  }
  expect(replayed).toBe(recordings.length);
  return failed;
}

/** Two hundred one after the other, on a busy machine. */
const REPLAYED_MS = 900_000;

/** A guard that no story comes to: what it is against `workflows/request-invariants.test.ts` tries to bring about. */
const UNREACHED = ['temporal-nango/accepted-in-vain'];

/** A history can be made shorter more easily than a repository; the longest asks somebody four times. */
const MAX_BYTES = 104 * 1_024;

describe('the recordings', () => {
  const combinations = Object.entries(STATUSES).flatMap(([workflow, statuses]) =>
    statuses.flatMap((status) =>
      questionsOf(workflow)
        .filter((question) => !cannotBe(workflow, status, question))
        .map((question) => ({ workflow, status, question })),
    ),
  );
  const covering = ({ workflow, status, question }: (typeof combinations)[number]): string[] =>
    RECORDINGS.filter((r) => r.workflow === workflow && r.status === status && r.question === question).map(
      ({ name }) => name,
    );

  test.each(combinations)('hold one of $workflow, $status, $question', (combination) => {
    expect(covering(combination)).not.toEqual([]);
  });

  test('hold each workflow of ours', () => {
    expect(Object.keys({ ...STATUSES, ...BULK_STATUSES }).sort()).toEqual(Object.values(WORKFLOW).sort());
  });

  test('hold each status of bulk runs and their pages', () => {
    for (const [workflow, statuses] of Object.entries(BULK_STATUSES)) {
      const held = RECORDINGS.filter((recording) => recording.workflow === workflow).map(({ status }) => status);
      expect([...new Set(held)].sort()).toEqual([...statuses].sort());
    }
  });

  test('hold each branch behind a patch, so that none lands which nobody has seen replayed', () => {
    const taken = new Set(recorded().flatMap((name) => patchesIn(readHistory(name))));
    const missing = patchesOfSource().filter((id) => !taken.has(id));
    expect(missing).toEqual(UNREACHED);
  });

  test('are those of the table, no more and no fewer', () => {
    expect(recorded().sort()).toEqual(RECORDINGS.map(({ name }) => name).sort());
    console.log(
      combinations
        .map((one) => `${one.workflow} ${one.status} ${one.question}: ${covering(one).length}`)
        .concat(`of users' workflows: ${RECORDINGS.filter(({ name }) => name.startsWith('user.')).length}`)
        .join('\n'),
    );
  });

  test('are small', () => {
    expect(RECORDINGS.filter(({ name }) => textOf(name).length > MAX_BYTES)).toEqual([]);
  });

  test.each(RECORDINGS)('$name is of what the table says', ({ name, workflow, status, question }) => {
    expect(factsOf(readHistory(name))).toEqual({ workflow, status, question });
  });

  test.each(RECORDINGS)('$name tells nothing of the machine it was made on, and no secret', async ({ name }) => {
    const kept: unknown = JSON.parse(textOf(name));
    // In the same order of keys as well.
    expect(JSON.stringify(kept)).toBe(JSON.stringify(JSON.parse(canonical(readHistory(name)))));
    const texts = [...textsIn(readHistory(name), name)];
    // What is only taken for base64 may be anything.
    const readable = texts.filter(({ where }) => !where.endsWith('(base64)'));
    expect(readable.filter(({ text }) => /\/(home|root|Users|tmp)\/|\b\d+@\w/.test(text))).toEqual([]);
    expect(await hits(texts, SECRETS)).toEqual([]);
  });
});

describe('the workflows of this version', () => {
  test.each([...new Set(RECORDINGS.map(({ bundle }) => bundle))])(
    'go on from every one of %s',
    async (bundle) => {
      const recordings = RECORDINGS.filter((recording) => recording.bundle === bundle);
      expect(await replay(recordings, bundleFor(bundle))).toEqual(new Map());
    },
    REPLAYED_MS,
  );
});

test('a request of 0.1.0 that was joined by this version, which would have somebody choose, goes on as it began', async () => {
  const history = readHistory('connectionRequest.cancelled.connect.ambiguous');
  let changed = 0;
  for (const { workflowExecutionUpdateAcceptedEventAttributes: accepted } of history.events ?? []) {
    const payload = accepted?.acceptedRequest?.input?.args?.payloads?.[0];
    if (payload?.data === undefined) continue;
    const joins = JSON.parse(Buffer.from(payload.data!).toString()) as object[];
    payload.data = Buffer.from(JSON.stringify(joins.map((join) => ({ ...join, several: 'choose' }))));
    changed++;
  }
  expect(changed).toBe(1);
  const histories = [{ workflowId: 'x', history }];
  for await (const { error } of Worker.runReplayHistories(
    { workflowBundle: bundleFor('../../src/worker-workflows') },
    histories,
  )) {
    expect(error).toBeUndefined();
  }
});

test(
  'a workflow that does something else first goes on from none',
  async () => {
    const changed = await bundleWorkflowCode({
      workflowsPath: require.resolve('./support/changed-workflows'),
      logger: new DefaultLogger('ERROR'),
    });
    const recordings = RECORDINGS.filter(({ workflow }) => workflow in STATUSES || workflow in BULK_STATUSES);
    const failed = await replay(recordings, changed);
    expect([...failed.keys()].sort()).toEqual(recordings.map(({ name }) => name).sort());
    for (const error of failed.values()) expect(error).toBeInstanceOf(DeterminismViolationError);
  },
  REPLAYED_MS,
);
