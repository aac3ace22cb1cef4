import { WORKFLOW } from '../../src/contract/names';
import type { SetUpDecision, SetUpJoinResponse } from '../../src/contract/types';
import type { IntegrationSetUp } from '../../src/requests/set-ups/integration-set-up';
import { joinSetUp } from '../../src/requests/set-ups/join';
import { begin } from '../../src/workflows/set-up/set-up-state';
import type { SetUpState } from '../../src/workflows/set-up/set-up-state';
import { eventually } from '../support/eventually';
import type { Run, Stage, Story } from './stage';

/** How the recorded set-ups of integrations come about. */

const NAME = 'notes';
const DAY = 86_400_000;
const ID = `nango-integration/default/${NAME}`;
const CREDENTIALS = { clientId: 'cid', clientSecret: { fromEnv: 'STORY_SECRET' } };
const OWN: SetUpDecision = { choice: 'own', credentials: CREDENTIALS, by: 'olive' };

function setUp(
  play: (stage: Stage, open: (deadline?: number) => Promise<IntegrationSetUp>) => Promise<unknown>,
  { authMode = 'OAUTH2', on = 'dev', change }: { authMode?: 'OAUTH2' | 'API_KEY' } & Partial<Omit<Story, 'play'>> = {},
): Story {
  return {
    on,
    change,
    async play(stage) {
      process.env.STORY_SECRET = 'secret-of-the-app';
      const { connections } = stage.world;
      await eventually(async () => ((await connections.workers())?.length === 0 ? undefined : true));
      stage.nango.addProvider({ name: NAME, authMode, defaultScopes: ['read'] });
      const run = await play(stage, async (deadline) => {
        const opened = await stage.world.connections.ensureIntegration({ provider: NAME, deadline });
        if (opened.kind !== 'setUp') throw new Error(`a ${opened.kind}`);
        await stage.world.atRest(ID);
        return opened;
      });
      return (run ?? { workflowId: ID }) as Run;
    },
  };
}

/** Joins as a workflow does that waits. */
async function join(stage: Stage, deadline?: number): Promise<SetUpJoinResponse> {
  const given = { joinId: 'j', provider: NAME, subscriber: { workflowId: 'nobody' }, deadline };
  return await joinSetUp(stage.place, NAME, given, { ignoreCoolDown: true, at: Date.now() }, 10_000);
}

/** Nango has no app for somebody who joins, and says so once an operator has entered one of their own. */
function decidedMeanwhile(): Story {
  let decide: (() => Promise<void>) | undefined;
  return setUp(
    async (stage, open) => {
      const opened = await open();
      decide = async () => {
        decide = undefined;
        void opened.decide(OWN).catch(() => undefined);
        await eventually(async () => ((await opened.view()).decision === undefined ? undefined : true));
      };
      await stage.world.connections.ensureIntegration({ provider: NAME, allowNangoApp: true });
      await opened.result();
    },
    {
      async change(response, { url }) {
        if (url === '/integrations/quickstart') await decide?.();
        return response;
      },
    },
  );
}

export const SET_UP_STORIES: Record<string, Story> = {
  'integrationSetUp.checking': setUp(async (stage) => {
    stage.nango.outage(true);
    await join(stage);
  }),
  'integrationSetUp.waiting': setUp(async (_, open) => void (await open())),
  'integrationSetUp.waiting.lends-none': setUp(async (_, open) => {
    const opened = await open();
    await opened.decide({ choice: 'nangoApp', by: 'olive' }).catch(() => undefined);
  }),
  'integrationSetUp.waiting.earlier-deadline': setUp(async (_, open) => {
    await open(Date.now() + 30 * DAY);
    await open();
  }),
  'integrationSetUp.waiting.reminded-at-its-end': setUp(
    async (stage) => {
      const now = Date.now();
      const state: SetUpState = {
        ...begin({ integration: NAME, provider: NAME }),
        status: 'waiting',
        toDo: { authMode: 'OAUTH2', choices: ['own', 'made'], fields: ['clientId', 'clientSecret'] },
        joiners: [{ joinId: 'j', deadline: now + 7 * DAY }],
        isNotified: true,
        since: now - DAY,
        remindAt: now + 10_000,
      };
      const args = [{ ...state.subject, carried: state }];
      await stage.world.client.workflow.start(WORKFLOW.integrationSetUp, { workflowId: ID, taskQueue: 'nango', args });
      const first = { workflowId: ID, runId: await stage.runIdOf(ID) };
      await stage.atRest(first);
      const waiting = stage.world.connections.setUp({ id: ID, firstExecutionRunId: first.runId });
      // Two more events begin the task of an update, and the one that reminds is to suggest to continue as new.
      while (((await stage.historyOf(first)).events ?? []).length + 2 < 40) {
        await waiting.extend(now + 7 * DAY);
        await stage.atRest(first);
      }
      await eventually(async () => (await stage.runIdOf(ID)) !== first.runId || undefined);
      return first;
    },
    { on: 'short' },
  ),
  'integrationSetUp.ready': setUp(async (_, open) => {
    const opened = await open();
    await opened.decide(OWN);
    await opened.result();
  }),
  'integrationSetUp.ready.decided-meanwhile': decidedMeanwhile(),
  'integrationSetUp.ready.at-once': setUp(
    async (stage) => void (await stage.world.connections.ensureIntegration({ provider: NAME })),
    { authMode: 'API_KEY' },
  ),
  'integrationSetUp.ready.by-hand': setUp(
    async (stage, open) => {
      const opened = await open();
      stage.nango.addIntegration({ key: NAME, provider: NAME });
      await opened.result();
    },
    { on: 'timeSkipping' },
  ),
  'integrationSetUp.ready.continued': setUp(
    async (stage, open) => {
      const opened = await open();
      const first = await stage.runIdOf(ID);
      await eventually(async () => {
        await opened.decide({ choice: 'made', by: 'olive' }).catch(() => undefined);
        return (await stage.runIdOf(ID)) === first ? undefined : true;
      });
      await opened.decide(OWN);
      await opened.result();
    },
    { on: 'short' },
  ),
  'integrationSetUp.declined': setUp(async (_, open) => {
    const opened = await open();
    await opened.decline({ by: 'olive' });
    await opened.result().catch(() => undefined);
  }),
  'integrationSetUp.timedOut': setUp(async (stage, open) => {
    const opened = await open(await stage.soon());
    await opened.result().catch(() => undefined);
  }),
  'integrationSetUp.timedOut.deadline-moved': setUp(async (stage) => {
    const deadline = Date.now() + DAY;
    const joined = await join(stage, deadline);
    if (joined.status !== 'pending') throw new Error(`is ${joined.status}`);
    await stage.world.atRest(ID);
    const opened = stage.world.connections.setUp(joined);
    await opened.extend(await stage.soon(), { by: 'olive' });
    // Whoever makes sure that it is on the list knows nothing of that.
    await join(stage, deadline);
    await opened.result().catch(() => undefined);
  }),
  'integrationSetUp.cancelled': setUp(async (_, open) => {
    const opened = await open();
    await opened.cancel();
    await opened.result().catch(() => undefined);
  }),
};
