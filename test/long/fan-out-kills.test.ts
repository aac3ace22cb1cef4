import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { Outcome } from '../../src/contract/types';
import { Random } from '../support/random';
import { within } from '../support/within';
import { SlowProvider } from './kills/slow-provider';
import { Stage } from './kills/stage';
import type { Victim } from './kills/stage';

// The worker, or the Temporal server, is killed for real at random moments of fan-outs of two thousand calls.

const KILLS = Number(process.env.FAN_OUT_KILLS ?? 8);
const KILLS_OF_EACH = 4;
const CALLS = 2_000;
const WRITES = 60;

interface Kill {
  victim: Victim;
  handedOut: number;
}

const random = Random.fromEnv();
const provider = new SlowProvider(random);
const connection = { integration: 'hubspot', connectionId: 'c' };
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open(random, join(__dirname, '../../lib/worker.js'));
  stage.nango.addProvider({ name: 'hubspot', authMode: 'OAUTH2' });
  stage.nango.addIntegration({ key: 'hubspot', provider: 'hubspot' });
  stage.nango.addConnection({ ...connection, tags: { end_user_id: 'u' } });
  stage.nango.onProxy('hubspot', provider.handle);
});

afterAll(async () => {
  await stage?.close();
});

/** Kills at a random moment before the fan-out is over. @returns undefined: it was over before */
async function killDuring(fanOut: WorkflowHandle, begun: () => number): Promise<Kill | undefined> {
  const victim: Victim = random.between(0, 3) === 0 ? 'server' : 'worker';
  const enough = random.between(begun() + 1, CALLS - 1);
  const over = fanOut.result().then(
    () => true,
    () => true,
  );
  if (
    await Promise.race([
      over,
      within(
        120_000,
        provider.until(() => begun() >= enough),
        'calls are under way',
      ),
    ])
  ) {
    return undefined;
  }
  const { killedAt } = await stage.kill(victim);
  const pending = await stage.pending(fanOut, 'nango.proxy', 'nango.proxyBatch');
  const handedOut = pending.filter((one) => one.startedBy(killedAt)).reduce((sum, { calls }) => sum + calls, 0);
  await stage.startWorker();
  return { victim, handedOut };
}

async function round(n: number, most: number): Promise<{ kills: Kill[]; repeated: number; unknown: number }> {
  const isWrite = new Set(random.shuffled(Array.from({ length: CALLS }, (_, i) => i)).slice(0, WRITES));
  const calls = Array.from({ length: CALLS }, (_, i) => ({
    method: isWrite.has(i) ? 'POST' : 'GET',
    endpoint: `/${random.seed}-${n}/${i}`,
  }));
  const begun = (): number => calls.filter(({ endpoint }) => provider.begun.has(endpoint)).length;
  const fanOut = await stage.start('onboard', `fan-out-${random.seed}-${n}`, [
    { integration: 'hubspot', endUser: { id: 'u' } },
    calls,
  ]);
  const kills: Kill[] = [];
  while (kills.length < most) {
    const kill = await killDuring(fanOut, begun);
    if (kill === undefined) break;
    kills.push(kill);
  }
  const { outcomes } = (await stage.resultOf(fanOut)) as { outcomes: Outcome[] };
  expect(outcomes).toHaveLength(CALLS);
  let [repeated, unknown] = [0, 0];
  calls.forEach(({ endpoint }, i) => {
    const times = provider.begun.get(endpoint) ?? 0;
    const outcome = outcomes[i];
    if (isWrite.has(i)) expect(times).toBeLessThanOrEqual(1);
    else repeated += times - 1;
    if (outcome?.ok) expect(outcome).toEqual({ ok: true, status: 200, data: { path: endpoint } });
    else {
      expect(isWrite.has(i)).toBe(true);
      expect(outcome).toMatchObject({ error: { type: 'Nango.OutcomeUnknown' } });
      unknown++;
    }
  });
  expect(repeated + unknown).toBeLessThanOrEqual(kills.reduce((sum, { handedOut }) => sum + handedOut, 0));
  return { kills, repeated, unknown };
}

test(`${KILLS} kills in fan-outs of 2,000 calls lose nothing, write nothing twice, and repeat what batches had`, async () => {
  const began = Date.now();
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  const made = (): Kill[] => rounds.flatMap(({ kills }) => kills);
  for (let n = 0; made().length < KILLS; n++) {
    rounds.push(await round(n, Math.min(KILLS_OF_EACH, KILLS - made().length)));
  }
  const sum = (of: (one: (typeof rounds)[number]) => number): number => rounds.reduce((all, one) => all + of(one), 0);
  console.log(
    `fan-out kills, seed ${random.seed}: ${made().filter(({ victim }) => victim === 'worker').length} of the worker, ` +
      `${made().filter(({ victim }) => victim === 'server').length} of the server in ${rounds.length} fan-outs of ${CALLS} ` +
      `calls, ${Math.round((Date.now() - began) / 1000)} s: 0 lost, 0 writes twice; in batches at the kills ` +
      `${made().reduce((all, { handedOut }) => all + handedOut, 0)}, reads repeated ${sum((one) => one.repeated)}, writes of ` +
      `unknown outcome ${sum((one) => one.unknown)}; handed out at each: ${made()
        .map(({ victim, handedOut }) => `${victim} ${handedOut}`)
        .join(', ')}`,
  );
  expect(made()).toHaveLength(KILLS);
});
