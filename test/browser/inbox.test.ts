import type { Page } from 'playwright-core';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { reads } from '../support/bulk-user';
import { eventually } from '../support/eventually';
import { waitForIntegration } from '../support/user-workflows';
import { Stage } from './stage';
import { accountChanged, approvedInVain, connectedTwice, mixedRequests, severalFit, startRequest } from './states';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage?.close());

const userOf = ({ id }: ConnectionRequest['ref']) => id.split('u:')[1]?.split('/')[0] ?? '';

const rowOf = (page: Page, { ref }: ConnectionRequest) => page.getByRole('link', { name: `(${userOf(ref)})` });

async function openDetail(page: Page, request: ConnectionRequest): Promise<void> {
  await page.goto(stage.web.inboxUrl);
  await rowOf(page, request).click();
  await page.getByRole('heading', { name: 'What happened' }).waitFor();
}

const done = (page: Page, text: string) => page.getByRole('status').getByText(text).waitFor();

test('the list tells by itself what is new, and who types or points at something is not disturbed', async () => {
  const first = await stage.openRequest();
  const page = await stage.operator();
  await page.goto(stage.web.inboxUrl);
  await rowOf(page, first).focus();
  const second = await stage.openRequest();
  await rowOf(page, second).waitFor();
  expect(await page.evaluate('document.activeElement.textContent')).toContain(userOf(first.ref));
  await page.getByLabel('Search').fill('half a wo');
  const third = await stage.openRequest();
  await rowOf(page, third).waitFor();
  expect(await page.getByLabel('Search').inputValue()).toBe('half a wo');
  expect(await page.evaluate('document.activeElement.name')).toBe('q');
});

test('what needs an operator is counted above and stands first, and the keyboard comes to it', async () => {
  const page = await stage.operator();
  await page.goto(await stage.inboxOf(await mixedRequests(stage)));
  const statuses = await page.locator('tbody tr > :first-child').allInnerTexts();
  expect(statuses.slice(0, 4)).toEqual(['needs you', 'connected, refused', 'needs you', 'connected, not confirmed']);
  await page.getByRole('link', { name: '3 need you' }).press('Enter');
  await page.getByText('3 of 9 open requests').waitFor();
  await page.getByRole('link', { name: '1 not confirmed' }).press('Enter');
  await page.getByRole('cell', { name: 'connected, not confirmed' }).waitFor();
  expect(await page.locator('tbody tr').count()).toBe(1);
});

test('an empty inbox offers the command that fills it, has nothing to search, and tells by itself what opens', async () => {
  const environment = 'first';
  const page = await stage.operator({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(await stage.inboxOf(environment));
  await page.getByRole('button', { name: 'Copy the command' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toContain('temporal-nango ensure');
  // The page has been fetched again, and what only the script can do is still offered.
  await page.getByRole('button', { name: 'Copy the command' }).waitFor();
  expect(await page.getByLabel('Search').isVisible()).toBe(false);
  await startRequest(stage, environment, 'hubspot', { endUser: { id: 'first' } });
  await page.getByRole('link', { name: 'first' }).waitFor();
  expect(await page.getByLabel('Search').isVisible()).toBe(true);
});

test('a filter stands in the address, so that it can be kept and sent', async () => {
  const [wanted, other] = [await stage.openRequest({ slot: 'sales' }), await stage.openRequest()];
  const page = await stage.operator();
  await page.goto(stage.web.inboxUrl);
  await page.getByLabel('Search').fill('sales');
  await page.keyboard.press('Enter');
  await rowOf(page, wanted).waitFor();
  expect(await rowOf(page, other).count()).toBe(0);
  const again = await stage.operator();
  await again.goto(page.url());
  await rowOf(again, wanted).waitFor();
  expect(await rowOf(again, other).count()).toBe(0);
});

test('a person is reminded, given more time, and declined for, by the keyboard, and it is told by whom', async () => {
  const request = await stage.openRequest();
  const page = await stage.operator();
  await openDetail(page, request);
  await page.getByRole('button', { name: 'Remind now' }).press('Enter');
  await done(page, 'The person is being reminded.');
  await page.getByLabel('New deadline').fill('30');
  await page.keyboard.press('Enter');
  await done(page, 'The deadline is set.');
  await page.getByRole('link', { name: /^Decline/ }).press('Enter');
  await page.getByRole('button', { name: 'Decline the request' }).press('Enter');
  await done(page, 'The request is declined.');
  const timeline = await request.timeline();
  expect(timeline.filter(({ by }) => by === 'Olive Operator').map(({ what }) => what)).toEqual(
    expect.arrayContaining(['reminded', 'extended', 'declined']),
  );
});

test('a request is cancelled for everybody', async () => {
  const request = await stage.openRequest();
  const ended = request.result().catch((error: Error) => error.message);
  const page = await stage.operator();
  await openDetail(page, request);
  await page.getByRole('link', { name: /^Cancel/ }).click();
  await page.getByRole('button', { name: 'Cancel the request' }).click();
  await done(page, 'The request is cancelled.');
  expect(await ended).toMatch(/cancelled/);
});

test('an operator answers whether another account is right, and the wait ends', async () => {
  const request = await accountChanged(stage);
  const page = await stage.operator();
  await page.goto(stage.web.inboxUrl);
  await page.getByRole('cell', { name: 'whether the account is right' }).waitFor();
  await page.goto(`${stage.web.inboxUrl}/requests/${encodeURIComponent(request.ref.id)}`);
  await page.getByRole('button', { name: /^Yes/ }).click();
  await done(page, 'Your answer is recorded.');
  await request.result();
  const decision = (await request.timeline()).find(({ what }) => what === 'decided');
  expect(decision).toMatchObject({ choice: 'yes', by: 'Olive Operator' });
});

test('an operator chooses between several connections, by the keyboard, and the wait ends', async () => {
  const request = await severalFit(stage);
  const page = await stage.operator();
  await page.goto(stage.web.inboxUrl);
  await page.getByRole('cell', { name: 'which connection is meant' }).waitFor();
  await page.goto(`${stage.web.inboxUrl}/requests/${encodeURIComponent(request.ref.id)}`);
  const choices = page.getByRole('group', { name: 'Which connection is meant?' }).getByRole('radio');
  expect(await choices.count()).toBe(3);
  // Nothing is chosen for anybody: the browser asks for one.
  await page.getByRole('button', { name: 'Use this connection' }).press('Enter');
  expect(await page.locator('input:invalid').count()).toBe(3);
  const second = choices.nth(1);
  await second.press('Space');
  const chosen = await second.getAttribute('value');
  await page.getByRole('button', { name: 'Use this connection' }).press('Enter');
  await done(page, 'Your choice is recorded.');
  expect((await request.result()).connectionId).toBe(chosen);
  const decision = (await request.timeline()).find(({ what }) => what === 'decided');
  expect(decision).toMatchObject({ connectionId: chosen, by: 'Olive Operator' });
});

test('an extra connection is found and deleted, the one in use is not offered', async () => {
  const request = await stage.openRequest();
  await connectedTwice(request, stage);
  const used = await request.result();
  const page = await stage.operator();
  await page.goto(`${stage.web.inboxUrl}/requests/${encodeURIComponent(request.ref.id)}`);
  await page.getByRole('link', { name: 'Extra connections' }).click();
  await page.getByRole('link', { name: /^Delete/ }).waitFor();
  expect(await page.getByText(used.connectionId).count()).toBe(0);
  await page.getByRole('link', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Delete the connection' }).click();
  await done(page, 'The extra connection is deleted.');
  const owner = { endUser: { id: used.tags.end_user_id ?? '' } };
  expect((await stage.world.connections.list(owner)).map((one) => one.connectionId)).toEqual([used.connectionId]);
});

test('a bulk run is paused, resumed and stopped, by the keyboard, and the list tells by itself how it is', async () => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  stage.world.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
  stage.world.nango.onProxy('hubspot', async () => {
    await opened;
    return { json: {} };
  });
  const page = await stage.operator();
  await page.goto(stage.web.inboxUrl);
  await page.getByRole('link', { name: 'Bulk runs' }).press('Enter');
  await page.getByRole('heading', { name: 'No bulk run goes on' }).waitFor();
  stage.user.has(reads(100), 50, 100);
  const run = await stage.world.connections.bulk(stage.user.input({ concurrency: 1 }), { id: 'contacts' });
  await page.getByRole('button', { name: 'Pause nango-bulk/contacts' }).press('Enter');
  await done(page, 'The run is paused');
  expect(await run.progress()).toMatchObject({ status: 'paused', by: 'Olive Operator' });
  await page.getByRole('button', { name: 'Resume nango-bulk/contacts' }).press('Enter');
  await done(page, 'The run goes on.');
  await page.getByRole('link', { name: 'Stop … nango-bulk/contacts' }).focus();
  // Somebody else pauses it: the row changes, and what has the focus keeps it.
  await run.pause({ by: 'Bert' });
  await page.getByRole('cell', { name: 'paused by Bert' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Stop the run' }).press('Enter');
  await done(page, 'The run is being stopped');
  open();
  expect((await run.result()).status).toBe('stopped');
  await page.getByRole('heading', { name: 'No bulk run goes on' }).waitFor();
});

test('an integration is set up with an app of one’s own, by the keyboard, and whoever waited goes on', async () => {
  stage.world.nango.addProvider({ name: 'notes', displayName: 'Notes', authMode: 'OAUTH2', defaultScopes: ['read'] });
  const waiting = await stage.world.start(waitForIntegration, { provider: 'notes' });
  const page = await stage.operator();
  await page.goto(stage.web.inboxUrl);
  await page.getByRole('link', { name: 'Integrations to set up' }).press('Enter');
  await page.getByRole('link', { name: 'notes' }).press('Enter');
  await page.getByRole('heading', { name: 'A developer app of your own' }).waitFor();
  await page.getByRole('button', { name: "Use Nango's app" }).press('Enter');
  await page.getByRole('heading', { name: 'Nango lends no app for this provider' }).waitFor();
  await page.goBack();
  await page.reload();
  await page.getByLabel('Client ID').fill('cid');
  await page.getByLabel('Client secret').fill('csecret');
  await page.keyboard.press('Enter');
  await done(page, 'It is set up');
  expect(await waiting.result()).toEqual({ integration: 'notes', provider: 'notes' });
});

test('the permanent link is copied, and leads another person to the page that asks', async () => {
  const request = await stage.openRequest();
  const page = await stage.operator({ permissions: ['clipboard-read', 'clipboard-write'] });
  await openDetail(page, request);
  await page.getByRole('button', { name: 'Copy the link' }).click();
  await page.getByText('Copied').waitFor();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(copied).toBe(request.permanentLink());
  const person = await stage.person();
  await person.goto(copied);
  await person.getByRole('heading', { name: /asks you to connect/ }).waitFor();
});

test('everything but copying works without JavaScript', async () => {
  const request = await stage.openRequest();
  const page = await stage.operator({ javaScriptEnabled: false });
  await openDetail(page, request);
  await page.getByRole('button', { name: 'Remind now' }).click();
  await done(page, 'The person is being reminded.');
  expect(await page.getByRole('button', { name: 'Copy the link' }).isVisible()).toBe(false);
});

test('a page that was open when the session ended leads to the login, and back to where one was', async () => {
  const request = await stage.openRequest();
  const page = await stage.operator();
  await openDetail(page, request);
  const where = page.url();
  await page.context().clearCookies();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in to the inbox' }).waitFor();
  await stage.signIn(page);
  await eventually(() => Promise.resolve(page.url() === where ? true : undefined));
});

test('an operator types in the app of an integration, and the owner is asked to connect anew', async () => {
  const request = await approvedInVain(stage);
  const page = await stage.operator();
  await page.goto(`${stage.web.inboxUrl}/requests/${encodeURIComponent(request.ref.id)}`);
  await page.getByText('crm.objects.contacts.read,crm.objects.contacts.write,crm.objects.deals.read').waitFor();
  await page.getByLabel('Client id').fill('id');
  await page.getByLabel('Client secret').fill('a secret');
  await page.getByRole('button', { name: 'Yes, request more' }).click();
  await done(page, 'The integration requests it. The owner of the connection is being asked.');
  await page.getByText('to make the connection anew', { exact: true }).waitFor();
  expect(await page.getByLabel('Client secret').count()).toBe(0);
  expect((await request.view()).question?.kind).toBe('recreate-connection');
});
