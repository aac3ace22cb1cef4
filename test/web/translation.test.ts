import { Hono } from 'hono';
import { jsx } from 'hono/jsx';
import type { Child } from 'hono/jsx';
import type { Question } from '../../src/contract/types';
import type { RequestDescription } from '../../src/requests/description';
import { show } from '../../src/web/layout';
import { DeclinePage } from '../../src/web/public/decline-page';
import { MessagePage } from '../../src/web/public/message-pages';
import { RequestPage } from '../../src/web/public/request-page';
import { inboxWeb } from '../../src/web/inbox-web';
import { withPublicTexts } from '../../src/web/texts/current';
import { ENGLISH_INBOX } from '../../src/web/texts/inbox';
import { ENGLISH_PUBLIC } from '../../src/web/texts/public';
import type { PersonsQuestion } from '../../src/web/texts/public';
import { requestPath } from '../../src/requests/inbox-page';
import { World } from '../support/world';
import { openRequest } from './public-stage';
import { MARK, marked, unmarked } from './marked-texts';

// Pages in a language in which every text has a mark.

const PUBLIC = marked(ENGLISH_PUBLIC);
const KINDS = Object.keys(ENGLISH_PUBLIC.questions) as PersonsQuestion[];

type View = Partial<RequestDescription['view']>;

function described(view: View, over: Partial<RequestDescription> = {}): RequestDescription {
  const owner = { endUser: { id: 'u_42', displayName: 'Ann' }, organization: { id: 'acme' } };
  const standing = { status: 'waiting', integration: 'hubspot', owner, subscribers: 1, reminders: 0, extras: 0 };
  return { view: { ...standing, slot: 'sales', ...view }, ...over } as unknown as RequestDescription;
}

function asking(kind: Question['kind'], over: Partial<Question> = {}): RequestDescription {
  const scopes = { granted: [], missing: Array.from({ length: 30 }, (_, i) => `scope.${i}`) };
  return described({ question: { kind, since: 0, deadline: 1, ...(kind === 'connect' ? {} : { scopes }), ...over } });
}

const unconfirmed = [undefined, 'Ann'].map((refusedBy) => ({ connectionId: 'c', nonce: 'o.1', since: 0, refusedBy }));
const accountChange = { recorded: 'anna', found: 'bert' };
const ends = (['connected', 'declined', 'timedOut', 'cancelled'] as const).flatMap((status) => [
  described({ status }, { closedAt: new Date(0) }),
  described({ status, missingScopes: ['write'], coolDownUntil: 1 }, { closedAt: new Date(0) }),
  described({ status }, { replacedBy: { id: 'x', firstExecutionRunId: 'y' } }),
]);
const requests = [
  ...[...KINDS, 'choose-connection' as const].map((kind) => asking(kind)),
  asking('reconnect', { accountChange }),
  asking('connect', { unconfirmed }),
  asking('connect', { unconfirmed: unconfirmed.slice(1) }),
  asking('connect', { unconfirmed, confirmed: { nonce: 'o.1', by: 'Ann', at: 0 } }),
  described({ status: 'checking' }),
  ...ends,
];
const place = { root: '../', self: './x', face: { name: 'HubSpot' } };

const PAGES: Child[] = [
  ...requests.flatMap((description) =>
    ['Example CRM', undefined].map((app) =>
      jsx(RequestPage, { ...place, description, app, tooLate: true, verifyOwner: true }),
    ),
  ),
  jsx(RequestPage, { ...place, description: asking('connect', { unconfirmed }), offered: 1 }),
  ...KINDS.map((kind) => jsx(DeclinePage, { ...place, kind })),
  ...Object.values(PUBLIC)
    .filter(isMessage)
    .map((message) => jsx(MessagePage, { root: '', back: './x', message })),
];

function isMessage(text: unknown): text is { title: string; text: string } {
  const { title, text: said } = text as { title?: unknown; text?: unknown };
  return typeof title === 'string' && typeof said === 'string';
}

test('every text of every public page can be replaced', async () => {
  let page: Child;
  const app = new Hono();
  app.use(withPublicTexts(PUBLIC));
  app.get('/', (c) => show(c, page));
  expect(PAGES.length).toBeGreaterThan(50);
  for (page of PAGES) {
    const html = await (await app.request('/')).text();
    expect(html).toContain(MARK);
    expect(unmarked(html)).toEqual([]);
  }
});

test.each([
  ['<h1>Hello</h1>', ['Hello']],
  [`<h1>Hello${MARK}</h1>`, []],
  ['<p><bdi>Ann</bdi> asks</p>', [' asks']],
  ['<div>Hello</div>', ['Hello']],
  ['<nav aria-label="Lists"></nav>', ['Lists']],
])('a text without a mark is found: %s', (html, expected) => {
  expect(unmarked(html)).toEqual(expected);
});

describe('the inbox', () => {
  const token = 't'.repeat(32);
  let world: World;
  let inbox: Hono;
  let login: Hono;

  beforeAll(async () => {
    world = await World.open('dev', { config: { linkKeys: ['k'.repeat(32)], publicUrl: 'http://127.0.0.1:1' } });
    const texts = marked(ENGLISH_INBOX);
    const { client, config } = world;
    inbox = inboxWeb(client, { config, texts, authorize: () => ({ name: 'Olive' }) });
    login = inboxWeb(client, { config, texts, token });
  });

  afterAll(async () => world?.close());

  async function says(app: Hono, path: string): Promise<void> {
    const html = await (await app.request(path)).text();
    expect(html).toContain(MARK);
    expect([path, unmarked(html)]).toEqual([path, []]);
  }

  test('every text of its main pages can be replaced', async () => {
    for (const path of ['/login']) await says(login, path);
    for (const path of ['/', '/bulk', '/set-ups', '/?q=nobody', '/nowhere', '/requests/unknown'])
      await says(inbox, path);
    const request = await openRequest(world);
    await says(inbox, '/');
    const page = `/${requestPath(request.ref)}`;
    for (const path of [page, `${page}/decline`, `${page}/cancel`, `${page}/extras`]) await says(inbox, path);
    await request.decline({ by: 'Olive' });
    await says(inbox, page);
  });
});
