import { LINK_GRACE_MS } from '../../src/contract/limits';
import type { WatchedLink } from '../../src/contract/types';
import { startOrFeedWatch } from '../../src/requests/start';
import { eventually } from '../support/eventually';
import type { Run, Stage, Story } from './stage';

/** How the recorded runs of the watch come about. */

type Kind = 'connect' | 'reconnect';

/** A request whose link the watch watches. */
async function clicked(stage: Stage, kind: Kind): Promise<string> {
  if (kind === 'reconnect') stage.has();
  const { reconnect, identity } = kind === 'connect' ? stage.wanted : stage.wantedAnew;
  await stage.join({ reconnect, identity });
  return await (await stage.waitingRequest()).connectLink();
}

async function feed(stage: Stage, link: Partial<WatchedLink>): Promise<void> {
  const until = Date.now() + 60_000;
  await startOrFeedWatch(stage.place, { requestId: stage.requestId, nonce: 'no-such.1', until, ...link });
}

function watching(kind: Kind): Story {
  return {
    on: 'dev',
    async play(stage) {
      await clicked(stage, kind);
      return await stage.seen('activityTaskCompleted', 1, { workflowId: stage.watchId });
    },
  };
}

function finds(kind: Kind): Story {
  return {
    on: 'dev',
    async play(stage) {
      const link = await clicked(stage, kind);
      stage.nango.complete(link, { as: stage.keyOf('anna') });
      return await stage.ended(stage.watchId);
    },
  };
}

/** A link at the end of its days: of a whole one the watch makes dozens of sweeps. */
function expires(kind: Kind): Story {
  return {
    on: 'timeSkipping',
    async play(stage) {
      const until = (await stage.world.env.currentTimeMs()) - LINK_GRACE_MS + 12_000;
      await feed(stage, { until, renews: kind === 'reconnect' });
      return await stage.ended(stage.watchId);
    },
  };
}

/** Many links make a long history; the first of them is in use. */
async function grow(stage: Stage): Promise<{ first: Run; link: string }> {
  const link = await clicked(stage, 'connect');
  const first = { workflowId: stage.watchId, runId: await stage.runIdOf(stage.watchId) };
  for (let i = 1; i <= 12; i++) await feed(stage, { nonce: `no-such.${i}` });
  await eventually(async () => ((await stage.runIdOf(stage.watchId)) === first.runId ? undefined : true), 60_000);
  return { first, link };
}

export const WATCH_STORIES: Record<string, Story> = {
  'connectionWatch.watching.connect': watching('connect'),
  'connectionWatch.watching.reconnect': watching('reconnect'),
  'connectionWatch.found.connect': finds('connect'),
  'connectionWatch.found.reconnect': finds('reconnect'),
  'connectionWatch.expired.connect': expires('connect'),
  'connectionWatch.expired.reconnect': expires('reconnect'),
  'connectionWatch.watching.connect.another-link': {
    on: 'dev',
    async play(stage) {
      // An old link is swept for slowly; a new one ends the pause.
      await feed(stage, { until: Date.now() });
      await stage.seen('timerStarted', 1, { workflowId: stage.watchId });
      await feed(stage, { nonce: 'no-such.2' });
      return await stage.seen('activityTaskCompleted', 1, { workflowId: stage.watchId });
    },
  },
  'connectionWatch.watching.connect.continues-as-new': {
    on: 'short',
    play: async (stage) => (await grow(stage)).first,
  },
  'connectionWatch.found.connect.continued': {
    on: 'short',
    async play(stage) {
      const { link } = await grow(stage);
      stage.nango.complete(link, { as: stage.keyOf('anna') });
      const { workflowId } = await stage.seen('externalWorkflowExecutionSignaled', 1, { workflowId: stage.watchId });
      return { workflowId, runId: await stage.runIdOf(workflowId) };
    },
  },
};
