import { Playground } from './playground';

let world: Playground;

beforeEach(async () => {
  world = await Playground.open();
});

afterEach(async () => {
  await world.close();
});

test('the page of a link names the integration, has a label for the account, and buttons to connect and to refuse', async () => {
  const { link } = await world.mint();
  const text = await (await fetch(link)).text();
  expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(text).toContain('<h1>Connect crm</h1>');
  expect(text).toContain('<label for="as">Account</label>');
  expect(text).toContain('<button name="integration" value="crm">Connect</button>');
  expect(text).toContain('<button name="refuse" value="crm" formnovalidate>Refuse</button>');
  expect(text).not.toContain('<script');
});

test('a link for several integrations has buttons for each, told apart by their keys', async () => {
  const { link } = await world.mint({ tags: { end_user_id: 'ann' } });
  const text = await (await fetch(link)).text();
  expect(text).toContain('<h1>Connect an account</h1>');
  expect(text).toContain('<button name="integration" value="other">Connect crm (other)</button>');
});

test('the page works with the server named in the link, and says that it is done', async () => {
  const { link } = await world.mint();
  const url = `${link}&apiURL=${encodeURIComponent(world.nango.url)}`;
  expect((await fetch(url)).status).toBe(200);
  const done = await fetch(url, { method: 'POST', body: new URLSearchParams({ integration: 'crm', as: 'ann' }) });
  expect(await done.text()).toMatch(/<h1>Connected<\/h1>[^]*You can close this window/);
});

test('what an operator has named an integration is text, not markup', async () => {
  world.nango.addProvider({ name: 'odd', displayName: '<b>"Odd" & Sons', authMode: 'OAUTH2' });
  world.nango.addIntegration({ key: 'odd', provider: 'odd' });
  const { link } = await world.mint({ tags: {}, allowed_integrations: ['odd'] });
  expect(await (await fetch(link)).text()).toContain('<h1>Connect &#60;b&#62;&#34;Odd&#34; &#38; Sons</h1>');
});
