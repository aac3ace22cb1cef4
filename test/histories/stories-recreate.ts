import type { Join } from '../../src/contract/types';
import { leaveRequest } from '../../src/requests/leave';
import { eventually } from '../support/eventually';
import { jsonResponse } from '../support/relay';
import { waitFor } from '../support/user-workflows';
import type { Run, Stage, Story } from './stage';

/** How the recorded requests come about where a link adds no scopes. */

const BY = { by: 'olive' };

async function asked(stage: Stage, kind: string): Promise<void> {
  await eventually(async () => (await (await stage.waitingRequest()).view()).question?.kind === kind || undefined);
}

/** Up to the question for an operator. */
async function approvedInVain(stage: Stage) {
  stage.ignoresOverride();
  await stage.world.startUserWorker();
  const waiting = await stage.world.start(waitFor, stage.wantedMore);
  await stage.world.notified(stage.requestId, 'opened');
  await stage.approve();
  await asked(stage, 'update-integration-scopes');
  await stage.world.notified(stage.requestId, 'opened', 2);
  return waiting;
}

/** Up to the question for the owner. */
async function updated(stage: Stage) {
  const waiting = await approvedInVain(stage);
  await stage.requestScopes('read,write');
  await (await stage.waitingRequest()).scopesUpdated(BY);
  await asked(stage, 'recreate-connection');
  await stage.world.notified(stage.requestId, 'opened', 3);
  return waiting;
}

type Waiting = Awaited<ReturnType<typeof updated>>;

function parked(begin: (stage: Stage) => Promise<Waiting>): Story {
  return {
    on: 'dev',
    async play(stage) {
      await begin(stage);
      const run = { workflowId: stage.requestId };
      await stage.atRest(run);
      return run;
    },
  };
}

function ends(
  begin: (stage: Stage) => Promise<Waiting>,
  how: (stage: Stage, waiting: Waiting) => Promise<unknown>,
): Story {
  return {
    on: 'dev',
    async play(stage): Promise<Run> {
      await how(stage, await begin(stage));
      return await stage.ended(stage.requestId);
    },
  };
}

const decline = async (stage: Stage) => (await stage.waitingRequest()).decline();
const soon = async (stage: Stage) => (await stage.waitingRequest()).extend(Date.now() + 1_000, BY);
const leave = (_: Stage, waiting: Waiting) => waiting.cancel();
const refuse = async (stage: Stage) => (await stage.waitingRequest()).decide('no', BY);

/** Up to the question for an operator, for somebody at the screen: a workflow that waits makes it longer. */
async function approvedAtScreen(stage: Stage, join: Partial<Join> = {}): Promise<void> {
  stage.ignoresOverride();
  await stage.join({ scopes: ['write'], ...join });
  await stage.approve();
  await asked(stage, UPDATE);
}

/** The same up to that for the owner, at once, since the integration requests everything already. */
async function recreatingAtScreen(stage: Stage): Promise<void> {
  stage.ignoresOverride();
  await stage.requestScopes('read,write');
  await stage.join({ scopes: ['write'] });
  await stage.approve('read');
  await asked(stage, RECREATE);
}

/** Of the new connection the owner is confirmed. */
async function confirmed(stage: Stage): Promise<Run> {
  await approvedAtScreen(stage);
  await stage.requestScopes('read,write');
  await (await stage.waitingRequest()).scopesUpdated(BY);
  await asked(stage, RECREATE);
  await stage.confirm(await stage.connectUnconfirmed());
  return await stage.ended(stage.requestId);
}

/** Somebody names one more scope while the owner makes the new connection. */
async function latecomer(stage: Stage): Promise<Run> {
  await recreatingAtScreen(stage);
  const link = await (await stage.waitingRequest()).connectLink({ recreate: true });
  await stage.join({ joinId: 'late', scopes: ['admin'] });
  await asked(stage, UPDATE);
  await stage.hint(stage.nango.complete(link, { as: stage.keyOf('anna') }).connectionId);
  return await stage.ended(stage.requestId);
}

/** Both connections are deleted while they are compared, and the owner goes through the link once more. */
function bothGone(): Story {
  return interrupted(async (stage, meanwhile) => {
    await recreatingAtScreen(stage);
    const old = stage.connection.connectionId;
    const link = await (await stage.waitingRequest()).connectLink({ recreate: true });
    const connect = () => stage.nango.complete(link, { as: stage.keyOf('anna') }).connectionId;
    const made = connect();
    const deleted = () => Promise.all([stage.delete(made), stage.delete(old)]);
    meanwhile({ method: 'GET', url: `/connections/${old}` }, deleted);
    await stage.hint(made);
    await stage.seen('activityTaskFailed', 1);
    await stage.atRest({ workflowId: stage.requestId });
    await stage.hint(connect());
    return await stage.ended(stage.requestId);
  });
}

/** While an operator's yes is carried out another says no. */
function oneDecision(): Story {
  return interrupted(async (stage, meanwhile) => {
    process.env.STORY_SECRET = 'secret';
    stage.ignoresOverride();
    await stage.requestScopes('read');
    await approvedAtScreen(stage);
    const request = await stage.waitingRequest();
    meanwhile({ method: 'PATCH', url: '/integrations/crm' }, () => request.decide('no', BY));
    await request.updateScopes({ clientId: 'id', clientSecret: { fromEnv: 'STORY_SECRET' } }, BY);
    await asked(stage, RECREATE);
    return { workflowId: stage.requestId };
  });
}

/** Somebody who needs more comes while a link to connect anew is made for those who do not. */
function clickOvertaken(): Story {
  return interrupted(async (stage, meanwhile) => {
    const { connectionId } = stage.connection;
    await approvedAtScreen(stage, { joinId: 'more' });
    await stage.join({ joinId: 'anew', reconnect: connectionId });
    await leaveRequest(stage.place, stage.requestId, 'more');
    const more = () => stage.join({ joinId: 'more-again', scopes: ['write'] });
    meanwhile({ method: 'GET', url: `/connections/${connectionId}` }, more);
    await (await stage.waitingRequest()).connectLink().catch(() => undefined);
    await asked(stage, UPDATE);
    return { workflowId: stage.requestId };
  });
}

/** A no comes while the old connection is accepted, which then cannot be read for a moment; a new one was made. */
function notRestored(): Story {
  let reads = 0;
  let decline: (() => Promise<unknown>) | undefined;
  return {
    on: 'dev',
    async change(response, { method, url }) {
      if (decline === undefined || method !== 'GET' || !url?.startsWith('/connections/c_1?')) return response;
      const read = ++reads;
      if (read === 2) {
        await decline();
        await eventually(() => Promise.resolve(reads > 2 || undefined));
      }
      return read === 2 || read === 3 ? jsonResponse(403, { error: { code: 'forbidden' } }) : response;
    },
    async play(stage) {
      await recreatingAtScreen(stage);
      const request = await stage.waitingRequest();
      stage.nango.complete(await request.connectLink({ recreate: true }), { as: stage.keyOf('anna') });
      stage.holds('read', 'write');
      decline = async () => {
        void request.decline().catch(() => undefined);
        await eventually(async () => (await request.view()).status === 'declined' || undefined);
      };
      await stage.hint(stage.connection.connectionId);
      return await stage.ended(stage.requestId);
    },
  };
}

type Meanwhile = (request: { method: string; url: string }, happens: () => Promise<unknown>) => void;

/** Something happens before the response to the next such request of the worker's arrives. */
function interrupted(play: (stage: Stage, meanwhile: Meanwhile) => Promise<Run>): Story {
  let next: { method: string; url: string; happens: () => Promise<unknown> } | undefined;
  return {
    on: 'dev',
    async change(response, { method, url }) {
      if (next === undefined || method !== next.method || !url?.startsWith(next.url)) return response;
      const { happens } = next;
      next = undefined;
      await happens().catch(() => undefined);
      return response;
    },
    play: (stage) => play(stage, (request, happens) => (next = { ...request, happens })),
  };
}

/** The owner connects anew, and nobody is told before the request ends. */
async function halfWay(stage: Stage): Promise<void> {
  await stage.connect();
  await soon(stage);
}

const UPDATE = 'update-integration-scopes';
const RECREATE = 'recreate-connection';

export const RECREATE_STORIES: Record<string, Story> = {
  [`connectionRequest.waiting.${UPDATE}`]: parked(approvedInVain),
  [`connectionRequest.connected.${UPDATE}`]: ends(approvedInVain, async (stage) => {
    stage.holds('read', 'write');
    await stage.hint(stage.connection.connectionId);
  }),
  [`connectionRequest.declined.${UPDATE}`]: ends(approvedInVain, decline),
  [`connectionRequest.timedOut.${UPDATE}`]: ends(approvedInVain, soon),
  [`connectionRequest.cancelled.${UPDATE}`]: ends(approvedInVain, leave),
  [`connectionRequest.cancelled.${UPDATE}.refused`]: ends(approvedInVain, refuse),
  [`connectionRequest.waiting.${RECREATE}`]: parked(updated),
  [`connectionRequest.connected.${RECREATE}`]: ends(updated, (stage) => stage.approve()),
  [`connectionRequest.connected.${RECREATE}.confirmed`]: { on: 'dev', play: confirmed },
  [`connectionRequest.waiting.${RECREATE}.one-decision`]: oneDecision(),
  [`connectionRequest.waiting.${UPDATE}.click-overtaken`]: clickOvertaken(),
  [`connectionRequest.cancelled.${UPDATE}.latecomer`]: { on: 'dev', play: latecomer },
  [`connectionRequest.connected.${RECREATE}.both-gone`]: bothGone(),
  [`connectionRequest.declined.${RECREATE}`]: ends(updated, decline),
  [`connectionRequest.declined.${RECREATE}.not-restored`]: notRestored(),
  [`connectionRequest.timedOut.${RECREATE}`]: ends(updated, halfWay),
  [`connectionRequest.cancelled.${RECREATE}`]: ends(updated, leave),
  [`connectionRequest.cancelled.${RECREATE}.no-more`]: ends(updated, (stage) => stage.approve('read')),
};
