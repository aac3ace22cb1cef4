import type { Question } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import { linkOfAnother } from '../support/link-of-another';
import { waitFor } from '../support/user-workflows';
import { respondWithAccount } from './stage';
import type { Run, Stage, Story } from './stage';

/** How the recorded requests come about; those that are asked by a workflow have one of a user's waiting. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Kind = Extract<Question['kind'], 'connect' | 'reconnect' | 'approve-scopes' | 'choose-connection'>;

/** What is wanted; what is to be connected anew is there already. */
function wantedOf(stage: Stage, kind: Kind) {
  if (kind === 'connect') return stage.wanted;
  if (kind === 'choose-connection') {
    stage.hasTwo();
    return stage.wantedOfSeveral;
  }
  if (kind === 'approve-scopes') {
    stage.grants('read');
    return stage.wantedMore;
  }
  stage.has();
  return stage.wantedAnew;
}

/** A workflow of a user's waits for the request, and its person has been told. */
async function startWaiting(
  stage: Stage,
  kind: Kind,
  more: { deadline?: number; readsOnAccountChange?: boolean } = {},
) {
  await stage.world.startUserWorker();
  const handle = await stage.world.start(waitFor, { ...wantedOf(stage, kind), ...more });
  await stage.world.notified(stage.requestId, 'opened');
  return handle;
}

function checking(kind: Kind): Story {
  return {
    on: 'dev',
    async play(stage) {
      const { identity, reconnect } = wantedOf(stage, kind);
      stage.nango.outage(true);
      await stage.join({ reconnect, identity });
      // The first, quick lookup was given up, the patient one is on its way.
      return await stage.seen('activityTaskScheduled', 2);
    },
  };
}

function waiting(kind: Kind): Story {
  return {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, kind);
      return await stage.seen('activityTaskCompleted', kind === 'approve-scopes' ? 4 : 2);
    },
  };
}

function ends(kind: Kind, how: (stage: Stage) => Promise<unknown>): Story {
  return {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, kind);
      await how(stage);
      return await stage.ended(stage.requestId);
    },
  };
}

function timesOut(kind: Kind): Story {
  return {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, kind, { deadline: await stage.soon() });
      return await stage.ended(stage.requestId);
    },
  };
}

/** The last one who waits is cancelled. */
function abandoned(kind: Kind): Story {
  return {
    on: 'dev',
    async play(stage) {
      await (await startWaiting(stage, kind)).cancel();
      return await stage.ended(stage.requestId);
    },
  };
}

function accountChanged(on: Story['on'], goOn: (stage: Stage) => Promise<Run>): Story {
  return {
    on,
    async play(stage) {
      await startWaiting(stage, 'reconnect');
      await stage.connectAndHint('bert');
      return await goOn(stage);
    },
  };
}

/** A link from before it continues as new still counts. */
async function growWithLink(stage: Stage, kind: Kind): Promise<{ first: Run; link: string }> {
  await startWaiting(stage, kind);
  const link = await (await stage.waitingRequest()).connectLink();
  return { first: await grow(stage), link };
}

/** Hints about nothing make a request look up, and grow, until it continues as new. @returns the run before */
async function grow(stage: Stage): Promise<Run> {
  const first = { workflowId: stage.requestId, runId: await stage.runIdOf(stage.requestId) };
  await eventually(async () => {
    await stage.hint('nothing');
    return (await stage.runIdOf(stage.requestId)) === first.runId ? undefined : true;
  }, 60_000);
  return first;
}

/** To ask for scopes takes more events than to ask for a connection. */
const shortFor = (kind: Kind) => (kind === 'approve-scopes' ? 'ratherShort' : 'short');

function continues(kind: Kind): Story {
  return { on: shortFor(kind), play: async (stage) => (await growWithLink(stage, kind)).first };
}

function continued(kind: Kind): Story {
  return {
    on: shortFor(kind),
    async play(stage) {
      const { link } = await growWithLink(stage, kind);
      const { connectionId } = stage.nango.complete(link, { as: stage.keyOf('anna'), grant: ['read', 'write'] });
      await stage.hint(connectionId);
      return await stage.ended(stage.requestId);
    },
  };
}

/**
 * Somebody names a scope that the link does not request by which the owner connects, and waits for another.
 *
 * @returns one more link that does not request it, if `twice` says so
 */
async function askAnew(stage: Stage, twice = false): Promise<string | undefined> {
  stage.grants('read');
  await stage.world.startUserWorker();
  await stage.world.start(waitFor, stage.wantedMore);
  await stage.world.notified(stage.requestId, 'opened');
  const request = await stage.waitingRequest();
  const link = await request.connectLink();
  const other = twice ? await request.connectLink() : undefined;
  await stage.world.start(waitFor, { ...stage.wanted, scopes: ['admin'] });
  await eventually(async () => (await request.view()).subscribers === 2 || undefined);
  const made = stage.nango.complete(link, { as: stage.keyOf('anna'), grant: ['read', 'write'] });
  await stage.hint(made.connectionId);
  await stage.world.notified(stage.requestId, 'opened', 2);
  return other;
}

/** A link of an earlier request has connected it anew, and nobody has said who that was. */
function isLeftUnconfirmed(stage: Stage): void {
  stage.nango.addConnection({
    ...stage.connection,
    tags: { end_user_id: 'u_1', tn_owner: 'unconfirmed', tn_nonce: 'earlier.1' },
  });
}

export const REQUEST_STORIES: Record<string, Story> = {
  'connectionRequest.checking.connect': checking('connect'),
  'connectionRequest.checking.reconnect': checking('reconnect'),
  'connectionRequest.waiting.connect': waiting('connect'),
  'connectionRequest.waiting.reconnect': waiting('reconnect'),
  'connectionRequest.waiting.approve-scopes': waiting('approve-scopes'),
  'connectionRequest.connected.approve-scopes': ends('approve-scopes', (stage) => stage.approve('read', 'write')),
  'connectionRequest.declined.approve-scopes': ends('approve-scopes', async (stage) =>
    (await stage.waitingRequest()).decline(),
  ),
  'connectionRequest.timedOut.approve-scopes': timesOut('approve-scopes'),
  'connectionRequest.cancelled.approve-scopes': abandoned('approve-scopes'),
  'connectionRequest.cancelled.approve-scopes.still-missing': ends('approve-scopes', (stage) => stage.approve('read')),
  'connectionRequest.waiting.approve-scopes.continues-as-new': continues('approve-scopes'),
  'connectionRequest.connected.approve-scopes.continued': continued('approve-scopes'),
  'connectionRequest.waiting.choose-connection': waiting('choose-connection'),
  'connectionRequest.connected.choose-connection': ends('choose-connection', (stage) => stage.choose()),
  'connectionRequest.declined.choose-connection': ends('choose-connection', async (stage) =>
    (await stage.waitingRequest()).decline({ by: 'ops' }),
  ),
  'connectionRequest.timedOut.choose-connection': timesOut('choose-connection'),
  'connectionRequest.cancelled.choose-connection': abandoned('choose-connection'),
  'connectionRequest.waiting.choose-connection.continues-as-new': {
    on: 'short',
    async play(stage) {
      await startWaiting(stage, 'choose-connection');
      return await grow(stage);
    },
  },
  'connectionRequest.connected.choose-connection.continued': {
    on: 'short',
    async play(stage) {
      await startWaiting(stage, 'choose-connection');
      await grow(stage);
      await stage.choose();
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.waiting.choose-connection.chosen': {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, 'choose-connection');
      stage.nango.outage(true);
      await stage.choose();
      return await stage.seen('activityTaskScheduled', 3);
    },
  },
  'connectionRequest.waiting.choose-connection.chosen-has-gone': {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, 'choose-connection');
      stage.has({ connectionId: 'c_3' });
      await stage.delete('c_2');
      await stage.choose();
      return await stage.seen('activityTaskCompleted', 3);
    },
  },
  'connectionRequest.connected.choose-connection.one-left': ends('choose-connection', async (stage) => {
    await stage.delete('c_2');
    await stage.hint('c_2');
  }),
  'connectionRequest.connected.approve-scopes.after-connecting': {
    on: 'dev',
    async play(stage) {
      stage.isOfOAuth();
      await stage.world.startUserWorker();
      await stage.world.start(waitFor, stage.wantedMore);
      await stage.world.notified(stage.requestId, 'opened');
      await stage.approve('read');
      await stage.world.notified(stage.requestId, 'opened', 2);
      await stage.approve('read', 'write');
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.connected.connect.granted': {
    on: 'dev',
    async play(stage) {
      stage.grants('read', 'write');
      await stage.join({ scopes: ['write'] });
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.connected.connect.granted-since': {
    on: 'dev',
    async play(stage) {
      stage.grants('read');
      await stage.join({ scopes: ['read'] });
      await stage.ended(stage.requestId);
      stage.holds('read', 'write');
      await stage.join({ scopes: ['write'] });
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.waiting.approve-scopes.asked-anew': {
    on: 'dev',
    async play(stage) {
      await askAnew(stage);
      await stage.atRest({ workflowId: stage.requestId });
      return { workflowId: stage.requestId };
    },
  },
  'connectionRequest.connected.approve-scopes.asked-anew': {
    on: 'dev',
    async play(stage) {
      await askAnew(stage);
      await stage.approve('read', 'write', 'admin');
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.waiting.approve-scopes.earlier-link': {
    on: 'dev',
    async play(stage) {
      const link = (await askAnew(stage, true))!;
      await stage.hint(stage.nango.complete(link, { as: stage.keyOf('anna'), grant: ['read', 'write'] }).connectionId);
      await stage.world.notified(stage.requestId, 'opened', 3);
      await stage.atRest({ workflowId: stage.requestId });
      return { workflowId: stage.requestId };
    },
  },
  'connectionRequest.cancelled.approve-scopes.backend-refused': {
    on: 'dev',
    async play(stage) {
      stage.grants('read');
      await stage.world.startUserWorker();
      await stage.join({ scopes: ['write'] });
      const request = await stage.waitingRequest();
      const link = await request.connectLink();
      await stage.world.start(waitFor, { ...stage.wanted, scopes: ['admin'] });
      await eventually(async () => (await request.view()).subscribers === 2 || undefined);
      await stage.hint(stage.nango.complete(link, { as: stage.keyOf('anna'), grant: ['read', 'other'] }).connectionId);
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.waiting.approve-scopes.account-changed': {
    on: 'dev',
    async play(stage) {
      stage.grants('read', 'write');
      stage.nango.onProxy('crm', () => ({ json: { user: { id: 'bert' } } }));
      stage.nango.addConnection({
        ...stage.connection,
        tags: { end_user_id: 'u_1', tn_account: 'anna' },
        credentials: { type: 'OAUTH2', access_token: stage.keyOf('anna'), raw: { scope: 'read write' } },
      });
      await stage.world.startUserWorker();
      await stage.world.start(waitFor, { ...stage.wantedAnew, scopes: ['write'], readsOnAccountChange: true });
      await stage.world.notified(stage.requestId, 'opened');
      await stage.approve('read');
      await (await stage.accountQuestion()).decide('yes', { by: 'ops' });
      await stage.world.notified(stage.requestId, 'opened', 2);
      await stage.atRest({ workflowId: stage.requestId });
      return { workflowId: stage.requestId };
    },
  },
  'connectionRequest.connected.connect': ends('connect', (stage) => stage.connectAndHint()),
  'connectionRequest.connected.reconnect': ends('reconnect', (stage) => stage.connectAndHint()),
  'connectionRequest.declined.connect': ends('connect', async (stage) => (await stage.waitingRequest()).decline()),
  'connectionRequest.declined.reconnect': ends('reconnect', async (stage) => (await stage.waitingRequest()).decline()),
  'connectionRequest.timedOut.connect': timesOut('connect'),
  'connectionRequest.timedOut.reconnect': timesOut('reconnect'),
  'connectionRequest.cancelled.connect': abandoned('connect'),
  'connectionRequest.cancelled.reconnect': abandoned('reconnect'),

  'connectionRequest.waiting.connect.reminded': {
    on: 'timeSkipping',
    async play(stage) {
      await startWaiting(stage, 'connect');
      await stage.world.env.sleep(DAY + HOUR);
      await stage.world.notified(stage.requestId, 'reminder');
      return await stage.seen('activityTaskCompleted', 3);
    },
  },
  'connectionRequest.waiting.connect.extended': {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, 'connect');
      const request = await stage.waitingRequest();
      await request.connectLink();
      await request.extend(Date.now() + 30 * DAY);
      await request.connectLink();
      return { workflowId: stage.requestId };
    },
  },
  'connectionRequest.waiting.connect.reminded-by-hand': {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, 'connect');
      await (await stage.waitingRequest()).remind({ by: 'ops' });
      await stage.world.notified(stage.requestId, 'reminder');
      return await stage.seen('activityTaskCompleted', 3);
    },
  },
  'connectionRequest.waiting.connect.notifier-fails': {
    on: 'timeSkipping',
    async play(stage) {
      stage.world.notifier = () => {
        throw new Error('no such channel');
      };
      await startWaiting(stage, 'connect');
      await stage.world.env.sleep(20 * HOUR);
      return await stage.seen('activityTaskFailed', 1);
    },
  },
  'connectionRequest.timedOut.connect.after-a-week': {
    on: 'timeSkipping',
    async play(stage) {
      const handle = await startWaiting(stage, 'connect');
      await stage.ended(handle.workflowId);
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.connected.connect.found-at-once': {
    on: 'dev',
    async play(stage) {
      stage.has();
      await stage.join();
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.connected.connect.account-recorded': {
    on: 'dev',
    async play(stage) {
      await stage.join({ identity: stage.identity });
      await stage.connectAndHint();
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.connected.connect.two-joiners': {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, 'connect');
      const brief = await stage.world.start(waitFor, { ...stage.wanted, deadline: await stage.soon() });
      await stage.ended(brief.workflowId);
      await stage.connectAndHint();
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.connected.connect.hinted-too-early': ends('connect', async (stage) => {
    await stage.hint('not-there-yet');
    await stage.seen('activityTaskFailed', 2);
    await stage.connectAndHint();
  }),
  'connectionRequest.connected.connect.webhook-lost': ends('connect', (stage) => stage.connect()),
  'connectionRequest.connected.connect.outage-at-first': {
    on: 'dev',
    async play(stage) {
      await checking('connect').play(stage);
      stage.nango.outage(false);
      await stage.connectAndHint();
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.cancelled.connect.unusable': {
    on: 'dev',
    async play(stage) {
      await stage.join({}, { ...stage.subject, integration: 'nope' });
      return await stage.ended(stage.requestId.replace('crm', 'nope'));
    },
  },
  'connectionRequest.cancelled.connect.ambiguous': {
    on: 'dev',
    async play(stage) {
      stage.has();
      stage.has({ connectionId: 'c_2' });
      await stage.join();
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.cancelled.connect.by-hand': ends('connect', (stage) =>
    stage.world.client.workflow.getHandle(stage.requestId).cancel(),
  ),
  'connectionRequest.cancelled.connect.for-all': ends('connect', async (stage) =>
    (await stage.waitingRequest()).cancelForAll({ by: 'ops' }),
  ),
  'connectionRequest.cancelled.connect.join-refused': {
    on: 'dev',
    async play(stage) {
      await stage.join({ deadline: 1 }).catch(() => undefined);
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.cancelled.reconnect.other-owner': {
    on: 'dev',
    async play(stage) {
      stage.has({ person: 'u_2' });
      await stage.join({ reconnect: stage.connection.connectionId, identity: stage.identity });
      return await stage.ended(stage.requestId);
    },
  },

  'connectionRequest.cancelled.reconnect.gone': ends('reconnect', async (stage) => {
    const { connectionId } = stage.connection;
    await stage.delete(connectionId);
    await stage.hint(connectionId);
  }),
  'connectionRequest.cancelled.reconnect.gone-at-click': ends('reconnect', async (stage) => {
    await stage.delete(stage.connection.connectionId);
    await (await stage.waitingRequest()).connectLink().catch(() => undefined);
  }),

  'connectionRequest.waiting.reconnect.account-changed': accountChanged('dev', async (stage) => {
    await stage.accountQuestion();
    return { workflowId: stage.requestId };
  }),
  'connectionRequest.waiting.reconnect.account-changed-no': accountChanged('dev', async (stage) => {
    await (await stage.accountQuestion()).decide('no', { by: 'ops' });
    return { workflowId: stage.requestId };
  }),
  'connectionRequest.connected.reconnect.account-changed-twice': accountChanged('dev', async (stage) => {
    await stage.accountQuestion();
    // Nobody hears of it.
    await stage.connect('carl');
    await (await stage.waitingRequest()).decide('yes', { by: 'ops' });
    await stage.world.notified(stage.requestId, 'accountChanged', 2);
    await (await stage.waitingRequest()).decide('yes', { by: 'ops' });
    return await stage.ended(stage.requestId);
  }),
  'connectionRequest.connected.reconnect.account-changed-readers': {
    on: 'dev',
    async play(stage) {
      const reader = await startWaiting(stage, 'reconnect', { readsOnAccountChange: true });
      await stage.connectAndHint('bert');
      await stage.ended(reader.workflowId);
      await (await stage.accountQuestion()).decide('yes', { by: 'ops' });
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.timedOut.reconnect.account-changed': {
    on: 'timeSkipping',
    async play(stage) {
      const deadline = (await stage.world.env.currentTimeMs()) + 12 * HOUR;
      const handle = await startWaiting(stage, 'reconnect', { deadline });
      await stage.connectAndHint('bert');
      await stage.accountQuestion();
      await stage.ended(handle.workflowId);
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.timedOut.reconnect.restored-late': {
    on: 'dev',
    async play(stage) {
      const handle = await startWaiting(stage, 'reconnect', { deadline: (await stage.soon()) + 2_000 });
      let calls = 0;
      stage.nango.onProxy('crm', () => {
        calls++;
        return { status: 503, json: {} };
      });
      await stage.connectAndHint('anna');
      await eventually(() => Promise.resolve(calls > 0 || undefined));
      await stage.ended(handle.workflowId);
      stage.nango.onProxy('crm', respondWithAccount);
      return await stage.ended(stage.requestId);
    },
  },

  'connectionRequest.waiting.connect.unconfirmed': {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, 'connect');
      await stage.connectUnconfirmed();
      return { workflowId: stage.requestId };
    },
  },
  'connectionRequest.waiting.connect.confirmed': {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, 'connect');
      const nonce = await stage.connectUnconfirmed();
      // It cannot be accepted: nobody is reminded meanwhile.
      stage.nango.outage(true);
      await stage.confirm(nonce);
      await stage.atRest({ workflowId: stage.requestId });
      return { workflowId: stage.requestId };
    },
  },
  'connectionRequest.connected.connect.confirmed': ends('connect', async (stage) => {
    await stage.connectUnconfirmed('bert');
    await stage.confirm(await stage.connectUnconfirmed());
  }),
  'connectionRequest.waiting.reconnect.unconfirmed': {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, 'reconnect');
      await stage.connectUnconfirmed();
      return { workflowId: stage.requestId };
    },
  },
  'connectionRequest.connected.reconnect.confirmed': ends('reconnect', async (stage) =>
    stage.confirm(await stage.connectUnconfirmed()),
  ),
  'connectionRequest.timedOut.reconnect.refused': {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, 'reconnect', { deadline: (await stage.soon()) + 4_000 });
      const nonce = await stage.connectUnconfirmed('bert');
      await (await stage.waitingRequest()).refuseOwner(nonce, { by: 'anna' });
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.waiting.connect.used-twice': {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, 'connect');
      const { connectLink } = await (await stage.waitingRequest()).connectSession({ verifyOwner: true });
      for (const account of ['bert', 'anna']) {
        await stage.hint(stage.nango.complete(connectLink, { as: stage.keyOf(account) }).connectionId);
      }
      await eventually(async () => {
        const { unconfirmed = [] } = (await (await stage.waitingRequest()).view()).question ?? {};
        return unconfirmed.some(({ usedTwice }) => usedTwice) || undefined;
      });
      return { workflowId: stage.requestId };
    },
  },
  'connectionRequest.waiting.reconnect.confirmation-dropped': {
    on: 'dev',
    async play(stage) {
      await startWaiting(stage, 'reconnect');
      const { connectLink, nonce } = await (await stage.waitingRequest()).connectSession({ verifyOwner: true });
      const confirmed = await stage.connectUnconfirmed();
      // Somebody uses the other link after the connection was looked up, and before its mark goes.
      stage.nango.onProxy('crm', (call) => {
        stage.nango.onProxy('crm', respondWithAccount);
        stage.nango.complete(connectLink, { as: stage.keyOf('bert') });
        return respondWithAccount(call);
      });
      await stage.confirm(confirmed);
      await eventually(async () => {
        const { unconfirmed = [] } = (await (await stage.waitingRequest()).view()).question ?? {};
        return unconfirmed.some((one) => one.nonce === nonce) || undefined;
      });
      return { workflowId: stage.requestId };
    },
  },
  'connectionRequest.cancelled.reconnect.restored-unconfirmed': ends('reconnect', async (stage) => {
    const request = await stage.waitingRequest();
    const { connectLink } = await linkOfAnother(stage.world, request);
    const nonce = await stage.connectUnconfirmed();
    const read = new Promise<void>((resolve) =>
      stage.nango.onProxy('crm', () => {
        resolve();
        return { status: 503, json: {} };
      }),
    );
    await stage.confirm(nonce);
    await read;
    // Somebody uses the other link, and nobody waits any more.
    stage.nango.complete(connectLink, { as: stage.keyOf('bert') });
    await request.cancelForAll({ by: 'ops' });
    stage.nango.onProxy('crm', respondWithAccount);
  }),
  'connectionRequest.connected.reconnect.mark-stays': {
    on: 'timeSkipping',
    async play(stage) {
      const key = ['connections:list', 'connections:read', 'connect_sessions:write', 'integrations:list', 'proxy'];
      await startWaiting(stage, 'reconnect');
      const nonce = await stage.connectUnconfirmed();
      stage.mayOnly(...key);
      await stage.confirm(nonce);
      await eventually(async () => {
        const described = await (await stage.waitingRequest()).describe();
        return described?.view.unwritten?.includes('tags') || undefined;
      });
      stage.mayOnly(...key, 'connections:update');
      await stage.world.env.sleep(HOUR);
      return await stage.ended(stage.requestId);
    },
  },
  'connectionRequest.connected.approve-scopes.confirmed': ends('approve-scopes', async (stage) =>
    stage.confirm(await stage.connectUnconfirmed('anna', ['read', 'write'])),
  ),
  'connectionRequest.waiting.reconnect.held-again': {
    on: 'dev',
    async play(stage) {
      isLeftUnconfirmed(stage);
      await stage.join({ reconnect: stage.connection.connectionId, identity: stage.identity });
      return await stage.seen('activityTaskCompleted', 2);
    },
  },
  'connectionRequest.waiting.reconnect.marked-again': {
    on: 'timeSkipping',
    async play(stage) {
      await startWaiting(stage, 'reconnect');
      const nonce = await stage.connectUnconfirmed();
      const request = await stage.waitingRequest();
      for (const marks of [0, 1]) {
        // Of the same link, whose mark has been taken off, somebody comes to the end late.
        const mark: Record<string, string> = marks === 1 ? { tn_owner: 'unconfirmed', tn_nonce: nonce } : {};
        stage.nango.addConnection({ ...stage.connection, tags: { end_user_id: 'u_1', tn_account: 'anna', ...mark } });
        await stage.hint(stage.connection.connectionId);
        await eventually(async () => {
          const { question } = await request.view();
          return (question?.unconfirmed ?? []).length === marks || undefined;
        });
        await stage.atRest({ workflowId: stage.requestId });
        if (marks === 0) await stage.world.env.sleep(2 * HOUR);
      }
      return { workflowId: stage.requestId };
    },
  },
  'connectionRequest.waiting.reconnect.not-as-it-is': {
    on: 'dev',
    async play(stage) {
      isLeftUnconfirmed(stage);
      const joins: Promise<void>[] = [];
      await stage.withoutWorker(async () => {
        joins.push(stage.join({ reconnect: stage.connection.connectionId, identity: stage.identity }));
        await stage.seen('workflowExecutionStarted', 1);
        // Whoever wants it as it is comes before it has been read.
        joins.push(stage.join({ joinId: 'other' }));
      });
      await Promise.all(joins);
      return await stage.seen('activityTaskCompleted', 2);
    },
  },

  'connectionRequest.waiting.connect.continues-as-new': continues('connect'),
  'connectionRequest.waiting.connect.refused-at-its-end': {
    on: 'ratherShort',
    async play(stage) {
      await startWaiting(stage, 'connect');
      const nonce = await stage.connectUnconfirmed();
      const request = await stage.waitingRequest();
      const first = { workflowId: stage.requestId, runId: await stage.runIdOf(stage.requestId) };
      const until = Date.now() + DAY;
      await stage.atRest(first);
      // Two more events begin the task of the refusal, which is the one that suggests to continue as new.
      while (((await stage.historyOf(first)).events ?? []).length + 2 < 80) {
        await request.extend(until);
        await stage.atRest(first);
      }
      await request.refuseOwner(nonce, { by: 'ops' });
      await eventually(async () => (await stage.runIdOf(stage.requestId)) !== first.runId || undefined);
      return first;
    },
  },
  'connectionRequest.waiting.connect.told-before-its-end': {
    on: 'ratherShort',
    async play(stage) {
      let send: () => void = () => undefined;
      stage.world.notifier = () => new Promise((resolve) => (send = resolve));
      await startWaiting(stage, 'connect');
      const request = await stage.waitingRequest();
      const first = { workflowId: stage.requestId, runId: await stage.runIdOf(stage.requestId) };
      const until = Date.now() + DAY;
      while (((await stage.historyOf(first)).events ?? []).length < 80) await request.extend(until);
      send();
      await eventually(async () => (await stage.runIdOf(stage.requestId)) !== first.runId || undefined);
      return first;
    },
  },
  'connectionRequest.connected.connect.continued': continued('connect'),
  'connectionRequest.waiting.reconnect.continues-as-new': continues('reconnect'),
  'connectionRequest.connected.reconnect.continued': continued('reconnect'),
};
