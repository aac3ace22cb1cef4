import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Connection } from '../../src/contract/types';
import { Random } from '../support/random';
import { within } from '../support/within';
import { eventually } from '../support/eventually';
import { Mailbox } from './kills/mailbox';
import { Stage } from './kills/stage';
import type { Victim } from './kills/stage';

// The worker and the Temporal server are killed for real in the middle of telling people that they are waited for.
// Reminders come after a day, and a real server's clock cannot be skipped. So these are the notices that are sent at
// once, when a workflow begins to wait: they take the same way, through the same activity with the same retries.

const VICTIMS: Victim[] = ['worker', 'server', 'worker', 'server', 'worker', 'server', 'worker'];
const EACH = 10;
const HOUR_MS = 3_600_000;
/** An attempt that a kill has cut off is given up after a minute. */
const GIVEN_UP_MS = 300_000;

/** Somebody who is waited for. */
interface Waiting {
  id: string;
  requestId: string;
  automation: WorkflowHandle;
  /** a notice was handed out by Temporal, and had not been heard of, at a kill */
  cutOff: boolean;
}

const random = Random.fromEnv();
const all: Waiting[] = [];
const kills: string[] = [];
let inMailbox = 0;
let mailbox: Mailbox;
let stage: Stage;

beforeAll(async () => {
  mailbox = await Mailbox.open(random);
  const script = join(__dirname, 'kills/notifying-worker.js');
  stage = await Stage.open(random, script, () => ({ NOTIFY_URL: mailbox.url }));
  stage.nango.addProvider({ name: 'hubspot', authMode: 'OAUTH2' });
  stage.nango.addIntegration({ key: 'hubspot', provider: 'hubspot' });
});

afterAll(async () => {
  await stage?.close();
  await mailbox?.close();
});

async function arrive(round: number): Promise<Waiting[]> {
  const ids = Array.from({ length: EACH }, (_, i) => `r${random.seed}-${round}-${i}`);
  const start = async (id: string): Promise<Waiting> => {
    const args = [{ integration: 'hubspot', endUser: { id } }, []];
    const automation = await stage.start('onboard', `onboard-${id}`, args);
    return { id, requestId: `nango/default/hubspot/u:${id}`, automation, cutOff: false };
  };
  const arrived = await Promise.all(ids.map(start));
  all.push(...arrived);
  return arrived;
}

function requestOf({ requestId }: Waiting): WorkflowHandle {
  return stage.client.workflow.getHandle(requestId);
}

async function kill(victim: Victim): Promise<void> {
  let arriving = 0;
  const { killedAt } = await stage.kill(victim, () => (arriving = mailbox.inFlight));
  let cutOff = 0;
  const check = async (waiting: Waiting) => {
    if (waiting.cutOff || (await noticeOf(waiting))?.startedBy(killedAt) !== true) return;
    waiting.cutOff = true;
    cutOff++;
  };
  await Promise.all(all.map(check));
  inMailbox += arriving;
  kills.push(`${victim} ${cutOff}/${arriving}`);
  await stage.startWorker();
}

/** How the telling stands at Temporal; undefined if it is over, or has not begun. */
async function noticeOf(waiting: Waiting) {
  const pending = await stage.pending(requestOf(waiting), 'nango.notify');
  return pending[0];
}

/** Nobody has to be told any more, or not before a cut-off attempt is given up and an hour has passed. */
async function settled(waiting: Waiting): Promise<'notified' | 'later' | undefined> {
  const notice = await noticeOf(waiting);
  if (notice === undefined) return mailbox.about(waiting.requestId) > 0 ? 'notified' : undefined;
  return notice.dueAt !== undefined && notice.dueAt > Date.now() + HOUR_MS / 2 ? 'later' : undefined;
}

test('killed in the middle of telling: nobody is told twice, and only what was cut off is told an hour later', async () => {
  const began = Date.now();
  for (const [n, victim] of VICTIMS.entries()) {
    const arrived = await arrive(n);
    const enough = random.between(1, EACH - 2);
    const notified = () => arrived.filter(({ requestId }) => mailbox.about(requestId) > 0).length >= enough;
    await within(GIVEN_UP_MS, mailbox.until(notified), 'people are being told');
    await sleep(random.between(0, 50));
    await kill(victim);
  }
  // Who is not told, and will not be, is named below.
  const ends = await Promise.all(
    all.map((waiting) => eventually(() => settled(waiting), GIVEN_UP_MS).catch(() => 'forgotten')),
  );
  expect(all.filter((_, i) => ends[i] === 'forgotten').map(({ requestId }) => requestId)).toEqual([]);
  const later = all.filter((_, i) => ends[i] === 'later');
  const unnotified = later.filter(({ requestId }) => mailbox.about(requestId) === 0);
  for (const { cutOff } of later) expect(cutOff).toBe(true);
  for (const { requestId } of all) expect(mailbox.about(requestId)).toBeLessThanOrEqual(1);

  const connected = all.map(async ({ id, requestId, automation }) => {
    const made = await stage.connect(requestId, id, 0);
    await stage.hint(requestId, made.connectionId);
    const { connection } = (await stage.resultOf(automation)) as { connection: Connection };
    expect(connection).toMatchObject(made);
  });
  await Promise.all(connected);
  expect([...mailbox.arrived.values()].every((times) => times === 1)).toBe(true);
  expect(mailbox.arrived.size).toBe(all.length - unnotified.length);

  console.log(
    `reminder kills, seed ${random.seed}: ${stage.kills.worker} of the worker, ${stage.kills.server} of the server in ` +
      `${Math.round((Date.now() - began) / 1000)} s; ${all.length} people, ${mailbox.arrived.size} told once, 0 twice; ` +
      `notices cut off ${later.length}, to be told again after an hour (${unnotified.length} of them had not arrived); ` +
      `being told at the kills ${inMailbox}; workers that ended by themselves ${stage.endedByThemselves}; ` +
      `kills, newly cut off/arriving: ${kills.join('; ')}`,
  );
  expect(stage.kills).toEqual({ worker: 4, server: 3 });
  expect(inMailbox).toBeGreaterThan(0);
});
