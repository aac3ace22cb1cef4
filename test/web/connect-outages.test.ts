import { absentTemporal } from '../support/absent-temporal';
import type { World } from '../support/world';
import { eventually } from '../support/eventually';
import { openRequest, openWorld, pathOf, Visitor } from './public-stage';

// What the connect page says while something it needs is away.

let world: World;
let path: string;

beforeAll(async () => {
  world = await openWorld();
  const request = await openRequest(world);
  await eventually(async () => ((await request.describe())?.view.status === 'waiting' ? true : undefined));
  path = pathOf(request.ref);
});

afterAll(async () => {
  await world.close();
});

test('while Nango is down the page is there, and the button says to try again', async () => {
  const visitor = new Visitor(world);
  world.nango.outage(true);
  try {
    const page = await visitor.get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain('asks you to connect hubspot');
    const pressed = await visitor.press(path, 'connect');
    expect(pressed.status).toBe(503);
    expect(pressed.text).toContain('Try again in a few minutes');
    expect(pressed.text).toContain(`href="./${path.split('/').at(-1)}"`);
  } finally {
    world.nango.outage(false);
  }
  expect(await visitor.press(path, 'connect')).toMatchObject({ status: 303 });
});

test('without a worker the page is there, and the button says at once to try again', async () => {
  const visitor = new Visitor(world, { config: { ...world.config, taskQueue: 'nobody-polls-this' } });
  expect(await visitor.get(path)).toMatchObject({ status: 200 });
  const pressed = await visitor.press(path, 'connect');
  expect(pressed.status).toBe(503);
  expect(pressed.text).toContain('Try again in a few minutes');
});

test.each<[string, () => string | undefined, string]>([
  ['no key', () => undefined, 'Nango.Misconfigured'],
  ['a key that may not mint', () => world.nango.addKey({ scopes: [] }), 'Nango.Forbidden'],
])('with %s the person is told whom to tell what', async (_, key, type) => {
  const visitor = new Visitor(world, { config: { ...world.config, secretKey: key() } });
  expect(await visitor.get(path)).toMatchObject({ status: 200 });
  const pressed = await visitor.press(path, 'connect');
  expect(pressed.status).toBe(503);
  expect(pressed.text).toContain(`Tell whoever sent you the link: ${type}.`);
});

test('while Temporal is down there is a page that says so, and a forged link is still none', async () => {
  const client = absentTemporal();
  const visitor = new Visitor({ client, config: world.config });
  for (const { status, text } of [await visitor.get(path), await visitor.press(path, 'connect')]) {
    expect(status).toBe(503);
    expect(text).toContain('Nothing is lost');
  }
  expect(await visitor.get('/connect/forged')).toMatchObject({ status: 404 });
  await client.connection.close();
});
