import { HOLDS } from '../../src/contract/names';
import { holdKey, holdsId } from '../../src/contract/request-id';
import type { HoldsView, Question } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { eventually } from '../support/eventually';
import { call, waitFor } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// What is asked may become something else while a click is carried out: its link is one for what is asked then.

const BY = { by: 'ann@example.com' };

let world: World;
let person = 0;
/** an activity begins only once this has come to its end */
let before: (activity: string) => Promise<void>;

beforeEach(async () => {
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker({
    interceptors: {
      activity: [
        ({ info: { activityType } }) => ({
          inbound: {
            async execute(input, next) {
              await before(activityType);
              return await next(input);
            },
          },
        }),
      ],
    },
  });
  await world.startUserWorker();
  world.nango.onProxy('hubspot', () => ({ json: {} }));
  before = () => Promise.resolve();
});

afterEach(async () => {
  await world.close();
});

async function waiting() {
  const id = `u_${++person}`;
  await world.start(waitFor, { integration: 'hubspot', endUser: { id }, scopes: ['write'] });
  const requestId = `nango/default/hubspot/u:${id}`;
  await world.notified(requestId, 'opened');
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  return world.connections.request({ id: requestId, firstExecutionRunId });
}

async function asked(request: ConnectionRequest, fits: (question: Question) => boolean): Promise<void> {
  await eventually(async () => {
    const { question } = await request.view();
    return (question !== undefined && fits(question)) || undefined;
  });
}

async function noted(request: ConnectionRequest, connectionId: string, nonce: string): Promise<void> {
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', connectionId });
  await asked(request, ({ unconfirmed = [] }) => unconfirmed.some((one) => one.nonce === nonce));
}

/** Whose connection lacks a scope, which is noticed only while another click is carried out. */
async function clickWhileAccepted() {
  const request = await waiting();
  const first = await request.connectSession({ verifyOwner: true });
  const { connectionId } = world.nango.complete(first.connectLink, { as: 'anna', grant: ['read'] });
  await noted(request, connectionId, first.nonce);

  let begins: () => void = () => undefined;
  const clicked = new Promise<void>((resolve) => (begins = resolve));
  before = async (activity) => {
    if (activity === 'nango.getGrantedScopes') await clicked;
    if (activity !== 'nango.openWatch') return;
    begins();
    await asked(request, ({ kind }) => kind === 'approve-scopes');
  };
  await request.confirmOwner(first.nonce, BY);
  const second = await request.connectSession({ verifyOwner: true });
  before = () => Promise.resolve();
  await asked(request, ({ kind }) => kind === 'approve-scopes');
  return { request, connectionId, link: second };
}

test('a click while scopes are found missing: the connection is held, and what the link does is asked about', async () => {
  for (;;) {
    const { request, connectionId, link } = await clickWhileAccepted();
    const { memo } = await world.client.workflow
      .getHandle(holdsId('default'))
      .describe()
      .catch(() => ({ memo: {} }));
    const made = world.nango.complete(link.connectLink, { as: 'stranger', grant: ['read', 'write'] });
    // The watch was given up before it was known: the link is one for a new connection, as it was when it was clicked.
    if (made.connectionId !== connectionId) continue;
    const { held } = (memo as { [HOLDS]?: HoldsView })[HOLDS] ?? { held: [] };
    expect(held).toContain(holdKey({ integration: 'hubspot', connectionId }));
    expect(link.nonce).toMatch(/\.3$/);
    await noted(request, connectionId, link.nonce);
    const read = world.execute(call, { integration: 'hubspot', connectionId }, { method: 'GET', endpoint: '/x' });
    expect(await failureOf(read)).toMatchObject({ type: 'Nango.OwnerUnconfirmed' });
    return;
  }
});
