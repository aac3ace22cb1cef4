import { whoseTurn } from '../../src/contract/rules/whose-turn';
import type { Question } from '../../src/contract/types';
import { waitFor } from '../support/user-workflows';
import { World } from '../support/world';

let world: World;

beforeAll(async () => {
  world = await World.open('dev', { config: { inboxUrl: 'https://ops.example.com/inbox' } });
});

afterAll(async () => world?.close());

/** Somebody with two connections, between which nobody can tell. */
function two(id: string): { integration: string; endUser: { id: string }; request: string } {
  for (const name of ['a', 'b']) {
    const tags = { end_user_id: id, name };
    world.nango.addConnection({ integration: 'hubspot', connectionId: `${name}-${id}`, tags });
  }
  return { integration: 'hubspot', endUser: { id }, request: `nango/default/hubspot/u:${id}` };
}

test('which of several is meant the operator is asked, with the page of the inbox, and the person is left alone', async () => {
  const { request, ...wanted } = two('u_1');
  const waiting = await world.start(waitFor, wanted);
  const notice = await world.notified(request, 'opened');
  const path = `requests/${Buffer.from(request).toString('base64url')}/${notice.request.firstExecutionRunId}`;
  expect(notice).toMatchObject({
    ...{ reason: 'question', occasion: 'opened', integration: 'hubspot', owner: { endUser: { id: 'u_1' } } },
    ...{ question: { kind: 'choose-connection' }, reminders: 0, page: `https://ops.example.com/inbox/${path}` },
  });
  expect(world.notices).toEqual([]);
  await waiting.cancel();
});

const accountChange = { recorded: 'anna', found: 'bert' };

test.each<[Question['kind'], Question['accountChange'], ReturnType<typeof whoseTurn>]>([
  ['connect', undefined, 'person'],
  ['reconnect', undefined, 'person'],
  ['approve-scopes', undefined, 'person'],
  ['recreate-connection', undefined, 'person'],
  ['choose-connection', undefined, 'operator'],
  ['update-integration-scopes', undefined, 'operator'],
  ['reconnect', accountChange, 'both'],
])('%s, with %j, is for the %s', (kind, change, expected) => {
  expect(whoseTurn({ kind, since: 0, deadline: 1, accountChange: change })).toBe(expected);
});
