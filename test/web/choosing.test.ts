import type { ConnectionRequest } from '../../src/requests/connection-request';
import { inboxWeb } from '../../src/web/inbox-web';
import { eventually } from '../support/eventually';
import type { World } from '../support/world';
import { openRequest, openWorld, pathOf, Visitor } from './public-stage';
import { Visitor as Operator } from './visitor';

// What people and operators see while it is asked which of several connections is meant.

let world: World;
let visitor: Visitor;
let operator: Operator;
let person = 0;

beforeAll(async () => {
  world = await openWorld();
  operator = new Operator(inboxWeb(world.client, { config: world.config, authorize: () => ({ name: 'Olga' }) }));
});

beforeEach(() => {
  visitor = new Visitor(world);
});

afterAll(async () => {
  await world?.close();
});

/** Somebody with two connections, whose names and tags are what somebody else has written. */
async function asked(place = 'paris') {
  const id = `s_${++person}`;
  const own = [`a-${id}`, `b-${id}`] as const;
  world.nango.addConnection({ integration: 'hubspot', connectionId: own[0], tags: { end_user_id: id, place } });
  const tags = { end_user_id: id, tn_account: 'ann@example.com' };
  world.nango.addConnection({ integration: 'hubspot', connectionId: own[1], tags });
  const request = await openRequest(world, { endUser: { id } });
  await eventually(async () =>
    (await request.describe())?.view.question?.kind === 'choose-connection' ? true : undefined,
  );
  const detail = `/requests/${Buffer.from(request.ref.id).toString('base64url')}/${request.ref.firstExecutionRunId}`;
  return { id, own, request, path: pathOf(request.ref), detail };
}

const changed = async (request: ConnectionRequest) =>
  (await request.timeline()).filter(({ what }) => !['began', 'severalFound', 'opened', 'notified'].includes(what));

test('the page of the owner says that there is nothing for them to do, and no button does anything', async () => {
  const { request, path, own } = await asked();
  const { status, text, html } = await visitor.get(path);
  expect(status).toBe(200);
  expect(text).toContain('You have several HubSpot connections');
  expect(text).toContain('Acme has to choose which one it uses.');
  expect(html).not.toMatch(/<button|<form/);
  for (const connectionId of own) expect(html).not.toContain(connectionId);
  const redirected = await visitor.get(`${path}/decline`);
  expect(redirected.status).toBe(303);
  for (const what of ['connect', 'decline']) {
    const pressed = await visitor.press(path, what);
    expect([pressed.status, pressed.text]).toEqual([409, expect.stringContaining('came too late and changed nothing')]);
  }
  expect(await changed(request)).toEqual([]);
});

test('the inbox shows what tells them apart, chooses, and says by whom it was', async () => {
  const { request, detail, own } = await asked('<b>paris</b>');
  const { text, html } = await operator.get(detail);
  expect(text).toContain('Which connection is meant?');
  expect(html).toContain('place</bdi>: <bdi>&lt;b&gt;paris&lt;/b&gt;</bdi>');
  expect(html).toContain('account <bdi>ann@example.com</bdi>');
  expect(html.match(/type="radio"/g)).toHaveLength(2);
  expect(html).not.toContain('checked');
  const after = await operator.submit(`${detail}/choose`, { connection: own[1] });
  expect(after.text).toContain('Your choice is recorded.');
  expect(await request.result()).toMatchObject({ connectionId: own[1] });
  expect((await operator.get(detail)).text).toContain(`Answered: the connection ${own[1]} is meant by Olga`);
});

test('what is no answer changes nothing, and the page says why', async () => {
  const { request, detail, own } = await asked();
  const refused: [Record<string, string>, number, string][] = [
    [{}, 400, 'No connection was chosen'],
    [{ connection: '' }, 400, 'No connection was chosen'],
    [{ connection: '..' }, 400, 'No connection was chosen'],
    [{ connection: 'c-of-yesterday' }, 409, 'That connection cannot be chosen'],
  ];
  for (const [form, status, title] of refused) {
    const response = await operator.post(`${detail}/choose`, form);
    expect([form, response.status, response.text]).toEqual([form, status, expect.stringContaining(title)]);
  }
  expect((await operator.post(`${detail}/decide`, { choice: 'yes' })).text).toContain('There is nothing to answer');
  expect(await changed(request)).toEqual([]);

  await operator.post(`${detail}/choose`, { connection: own[0] });
  await request.result();
  const late = await operator.post(`${detail}/choose`, { connection: own[1] });
  expect([late.status, late.text]).toEqual([409, expect.stringContaining('The request has ended')]);
});

test('a form of another page is refused', async () => {
  const { request, detail, own } = await asked();
  const app = inboxWeb(world.client, { config: world.config, authorize: () => ({ name: 'Olga' }) });
  const response = await app.request(`http://inbox.test${detail}/choose`, {
    method: 'POST',
    headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ connection: own[0] }).toString(),
  });
  expect(response.status).toBe(403);
  expect(await changed(request)).toEqual([]);
});
