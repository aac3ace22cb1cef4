import { eventually } from '../support/eventually';
import { functions, many, survey } from '../support/discovery-workflows';
import { act, actWithin, readAll } from '../support/paged-workflows';
import {
  action,
  call,
  fanOut,
  waitFor,
  waitForBoth,
  waitForIntegration,
  waitThenCall,
  waitThenWrite,
} from '../support/user-workflows';
import type { Run, Stage, Story } from './stage';

/** How the recorded runs of users' workflows come about. */

const MORE_THAN_A_BATCH = 52;
const CURSOR = { type: 'cursor', cursorPath: '/next', cursorParam: 'after', itemsPath: '/items' } as const;

type Workflow = (...args: never[]) => Promise<unknown>;

function runs(
  bundle: 'user' | 'paged' | 'discovery',
  play: (stage: Stage, run: <W extends Workflow>(w: W, ...args: Parameters<W>) => Promise<string>) => Promise<Run>,
): Story {
  return {
    on: 'dev',
    async play(stage) {
      await stage.world.startUserWorker(`./${bundle}-workflows`);
      return await play(stage, async (workflow, ...args) => (await stage.world.start(workflow, ...args)).workflowId);
    },
  };
}

/** The workflow waits for the person, who then connects. */
async function connected(stage: Stage, id: string): Promise<Run> {
  await stage.connectAndHint();
  return await stage.ended(id);
}

export const USER_STORIES: Record<string, Story> = {
  'user.waitFor.waiting': runs('user', async (stage, run) => {
    const workflowId = await run(waitFor, stage.wanted);
    await stage.waitingRequest();
    return { workflowId };
  }),
  'user.waitForIntegration.waiting': runs('user', async (stage, run) => {
    stage.nango.addProvider({ name: 'notes', authMode: 'OAUTH2' });
    const workflowId = await run(waitForIntegration, { provider: 'notes' });
    await eventually(async () =>
      (await stage.world.connections.setUps()).find(({ view }) => view.status === 'waiting'),
    );
    return { workflowId };
  }),
  'user.waitFor.completed.set-up': runs('user', async (stage, run) => {
    stage.nango.addProvider({ name: 'notes', authMode: 'API_KEY' });
    const requestId = 'nango/default/notes/u:u_1';
    const id = await run(waitFor, { ...stage.wanted, integration: 'notes', provider: 'notes' });
    await stage.connectAndHint('anna', requestId);
    return await stage.ended(id);
  }),
  'user.waitFor.completed': runs(
    'user',
    async (stage, run) => await connected(stage, await run(waitFor, stage.wanted)),
  ),
  'user.waitFor.declined': runs('user', async (stage, run) => {
    const id = await run(waitFor, stage.wanted);
    await (await stage.waitingRequest()).decline();
    return await stage.ended(id);
  }),
  'user.waitFor.cancelled': runs('user', async (stage, run) => {
    const id = await run(waitFor, stage.wanted);
    await stage.waitingRequest();
    await stage.world.client.workflow.getHandle(id).cancel();
    return await stage.ended(id);
  }),
  'user.waitForBoth.completed': runs('user', async (stage, run) => {
    const id = await run(waitForBoth, [stage.wanted, { ...stage.wanted, slot: 'second' }]);
    await stage.connectAndHint('bert', `${stage.requestId}/second`);
    return await connected(stage, id);
  }),
  'user.waitThenCall.completed': runs('user', async (stage, run) => {
    return await connected(stage, await run(waitThenCall, stage.wanted, ['1', '2', '3']));
  }),
  'user.waitThenWrite.completed': runs('user', async (stage, run) => {
    return await connected(stage, await run(waitThenWrite, stage.wanted));
  }),
  'user.survey.completed': runs('discovery', async (stage, run) => {
    stage.has();
    stage.nango.onAction('crm', 'sum', () => 1);
    return await stage.ended(await run(survey, 'crm'));
  }),
  'user.functions.failed.unknown': runs('discovery', async (stage, run) => {
    return await stage.ended(await run(functions, 'cmr-1'));
  }),
  'user.many.completed.advised': runs('discovery', async (stage, run) => {
    stage.has();
    stage.nango.onAction('crm', 'sum', () => 1);
    return await stage.ended(await run(many, stage.connection, 15));
  }),
  'user.call.completed.get': runs('user', async (stage, run) => {
    stage.has();
    return await stage.ended(await run(call, stage.connection, { method: 'GET', endpoint: '/contacts/1' }));
  }),
  'user.call.completed.write-repeated': runs('user', async (stage, run) => {
    stage.has();
    let times = 0;
    stage.nango.onProxy('crm', () =>
      times++ === 0 ? { status: 429, headers: { 'retry-after': '1' }, json: {} } : { json: { times } },
    );
    return await stage.ended(await run(call, stage.connection, { method: 'POST', endpoint: '/contacts' }));
  }),
  'user.call.failed.write-unknown': runs('user', async (stage, run) => {
    stage.has();
    stage.nango.onProxy('crm', () => ({ status: 500, json: {} }));
    return await stage.ended(await run(call, stage.connection, { method: 'POST', endpoint: '/contacts' }));
  }),
  'user.fanOut.completed.reads-and-writes': runs('user', async (stage, run) => {
    stage.has();
    const reads = Array.from({ length: MORE_THAN_A_BATCH }, (_, i) => ({
      method: 'GET' as const,
      endpoint: `/contacts/${i}`,
    }));
    return await stage.ended(
      await run(fanOut, stage.connection, [...reads, { method: 'POST', endpoint: '/contacts' }]),
    );
  }),
  'user.fanOut.completed.repeated': runs('user', async (stage, run) => {
    stage.has();
    let times = 0;
    stage.nango.onProxy('crm', () => (times++ === 0 ? { status: 503, json: {} } : { json: 1 }));
    const calls = [1, 2, 3].map((id) => ({ method: 'GET' as const, endpoint: `/contacts/${id}` }));
    return await stage.ended(await run(fanOut, stage.connection, calls));
  }),
  'user.fanOut.cancelled': runs('user', async (stage, run) => {
    stage.has();
    let isAsked = false;
    stage.nango.onProxy('crm', async () => {
      isAsked = true;
      await eventually(() => Promise.resolve(isEnded || undefined));
      return { json: 1 };
    });
    let isEnded = false;
    const id = await run(fanOut, stage.connection, [{ method: 'GET', endpoint: '/contacts/1' }]);
    await eventually(() => Promise.resolve(isAsked || undefined));
    await stage.world.client.workflow.getHandle(id).cancel();
    const ended = await stage.ended(id);
    isEnded = true;
    return ended;
  }),
  'user.action.completed': runs('user', async (stage, run) => {
    stage.has();
    stage.nango.onAction('crm', 'export', () => ({ done: true }));
    return await stage.ended(await run(action, stage.connection, 'export', { since: 1 }, undefined));
  }),
  'user.act.completed.async': runs('paged', async (stage, run) => {
    stage.has();
    const polls = (): number =>
      stage.nango.count(({ method, path }) => method === 'GET' && path.startsWith('/action/'));
    stage.nango.onAction('crm', 'export', async () => {
      await eventually(() => Promise.resolve(polls() >= 2 || undefined));
      return { done: true };
    });
    return await stage.ended(await run(act, stage.connection, 'export', { since: 1 }, { async: true }));
  }),
  'user.actWithin.failed.async-pending': runs('paged', async (stage, run) => {
    stage.has();
    // Nango says the same of one that has not ended.
    stage.nango.onAction('crm', 'export', () => null);
    return await stage.ended(await run(actWithin, stage.connection, 'export', 1_000));
  }),
  'user.readAll.completed': runs('paged', async (stage, run) => {
    stage.has();
    stage.nango.onProxy('crm', ({ path }) => {
      const page = Number(new URL(path, 'http://x').searchParams.get('after') ?? 0);
      return { json: { items: [page], next: page < 2 ? page + 1 : null } };
    });
    return await stage.ended(await run(readAll, stage.connection, '/contacts', { paginate: CURSOR }));
  }),
  'user.readAll.failed.pages-repeat': runs('paged', async (stage, run) => {
    stage.has();
    stage.nango.onProxy('crm', () => ({ json: { items: [1], next: 'again' } }));
    return await stage.ended(await run(readAll, stage.connection, '/contacts', { paginate: CURSOR }));
  }),
};
