import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { OpenRequest } from '../../src/requests/list';
import { inboxWeb } from '../../src/web/inbox-web';
import { show } from '../../src/web/layout';
import { FirstScreen } from '../../src/web/inbox/first-screen';
import { List } from '../../src/web/inbox/list';
import { mostUrgentFirst } from '../../src/web/inbox/filter';
import { absentTemporal } from '../support/absent-temporal';
import { eventually } from '../support/eventually';
import { World } from '../support/world';
import { Visitor } from './visitor';

// The list of open requests, read from visibility and memo: no worker runs here.

const DAY = 86_400_000;
const authorize = () => ({ name: 'Olga' });

let world: World;
let visitor: Visitor;
const now = Date.now();

/** An open request as its memo shows it. */
async function open(user: string, view: Partial<OpenRequest> = {}): Promise<void> {
  const integration = view.integration ?? 'hubspot';
  const owner = { endUser: { id: user } };
  const question = { kind: 'connect', since: now - DAY, deadline: now + 6 * DAY };
  const shown = { status: 'waiting', integration, owner, question, subscribers: 1, reminders: 0, extras: 0, ...view };
  await world.client.workflow.start('connectionRequest', {
    workflowId: `nango/default/${integration}/u:${encodeURIComponent(user)}`,
    taskQueue: 'nango',
    memo: { 'nango.request': shown },
    args: [{ integration, owner }],
  });
}

/** Who is listed, in order. */
function listed(html: string): string[] {
  return [...html.replace(/<\/?bdi>/g, '').matchAll(/<th scope="row"><a [^>]*>([^<]*)</g)].map(([, who = '']) => who);
}

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  visitor = new Visitor(inboxWeb(world.client, { config: world.config, authorize }));
});

afterAll(async () => {
  await world.close();
});

test('while there has been no request, it says what will stand here, what each status means, and how to open one', async () => {
  const { status, html, text } = await visitor.get('/');
  expect(status).toBe(200);
  expect(text).toContain('Nobody is waited for');
  expect(text).toContain('it stands here until the connection is there');
  for (const words of ['waits for the person', 'connected, not confirmed', 'needs you']) expect(text).toContain(words);
  expect(text).toContain('temporal-nango ensure');
  expect(text).toContain('No worker polls the task queue');
  expect(html).not.toContain('id="count-');
});

describe('with open requests', () => {
  beforeAll(async () => {
    await open('late', { question: { kind: 'connect', since: now - 8 * DAY, deadline: now - DAY }, reminders: 3 });
    await open('soon', { question: { kind: 'reconnect', since: now - 2 * DAY, deadline: now + DAY }, subscribers: 4 });
    await open('anna', {
      owner: { endUser: { id: 'anna', displayName: 'Anna Ames', email: 'anna@example.com' } },
      integration: 'github',
      slot: 'work',
    });
    await open('undecided', {
      question: {
        kind: 'reconnect',
        since: now - DAY,
        deadline: now + 3 * DAY,
        accountChange: { recorded: 'acme', found: 'bolt' },
      },
      owner: { endUser: { id: 'undecided' }, organization: { id: 'org_7' } },
    });
    await open('checks', { status: 'checking', question: undefined });
    await open('<script>alert(1)</script>');
    await eventually(async () => (listed((await visitor.get('/')).html).length === 6 ? true : undefined));
  });

  test('each is listed with what its memo says, without a worker', async () => {
    const { html, text } = await visitor.get('/');
    const row = (who: string) =>
      html
        .replace(/<\/?bdi>/g, '')
        .split('<tr')
        .find((tr) => tr.includes(who))!
        .replace(/<[^>]+>/g, ' ');
    expect(row('>late<')).toMatch(
      /waits for the person\s.*HubSpot\s+to connect\s+8 days.*reminded 3 times.*passed 24 hours ago/s,
    );
    expect(row('>soon<')).toMatch(/to connect anew\s+2 days.*4 wait for it.*left/s);
    expect(row('Anna Ames')).toMatch(/Anna Ames \(anna\)\s+anna@example.com\s.*github \(work\)/s);
    expect(row('undecided')).toMatch(/needs you\s.*whether the account is right/s);
    expect(row('checks')).toMatch(/checking\s.*none yet/s);
    expect(text).toContain('6 open requests');
  });

  test('what needs the operator first, then by deadline, then by who has waited longer; what has not asked yet comes last', async () => {
    const { html } = await visitor.get('/');
    const order = listed(html);
    expect(order.slice(0, 3)).toEqual(['undecided of organization org_7', 'late', 'soon']);
    expect(order.at(-1)).toBe('checks');
    const question = (since: number, deadline: number) => ({ kind: 'connect', since, deadline }) as const;
    const some = [
      { id: 'c', question: question(3, 20) },
      { id: 'b', question: question(5, 10) },
      { id: 'a', question: question(2, 10) },
    ].map((given) => ({ ...given, status: 'waiting', startedAt: new Date(0) }) as OpenRequest);
    expect(mostUrgentFirst(some).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('how many need the operator and how many wait for others is said above, each as the way to those', async () => {
    const { html, text } = await visitor.get('/');
    expect(text).toMatch(/1 needs you\s+4 wait for people\s+1 checking/);
    const [, href] = /<a id="count-operator" [^>]*href="([^"]+)"/.exec(html)!;
    const needing = await visitor.get(href!.replace('./', '/'));
    expect(listed(needing.html)).toEqual(['undecided of organization org_7']);
    expect(needing.html).toMatch(/<a id="count-operator" [^>]*aria-current="true"/);
    // A search stays within them.
    expect(needing.html).toContain('<input type="hidden" name="status" value="operator"/>');
  });

  test('logos come from this server, by the names that Nango has; an unknown integration has a letter', async () => {
    const { html } = await visitor.get('/?owner=soon');
    const [, src] = /<img src="([^"]+)"/.exec(html)!;
    const { status, headers } = await visitor.get(src!.replace('./', '/'));
    expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect((await visitor.get('/?integration=github')).html).toMatch(/<span class="logo letter"[^>]*>G</);
  });

  test.each([
    ['integration=github', ['Anna Ames (anna)']],
    ['owner=soon', ['soon']],
    ['owner=org_7', ['undecided of organization org_7']],
    ['question=reconnect', ['soon']],
    ['question=account', ['undecided of organization org_7']],
    ['status=checking', ['checks']],
    ['status=operator&q=bolt', ['undecided of organization org_7']],
    ['q=AMES', ['Anna Ames (anna)']],
    ['q=bolt', ['undecided of organization org_7']],
    ['q=work&integration=github&question=connect', ['Anna Ames (anna)']],
  ])('the address filters: %s', async (query, expected) => {
    const { html, text } = await visitor.get(`/?${query}`);
    expect(listed(html)).toEqual(expected);
    expect(text).toContain('1 of 6 open requests');
    expect(text).toContain('Clear the filter');
  });

  test('the form shows what the address filters by', async () => {
    const { html } = await visitor.get('/?q=a%22b&integration=gone&question=account');
    expect(html).toContain('value="a&quot;b"');
    expect(html).toMatch(/<option value="gone" selected="">/);
    expect(html).toMatch(/<option value="account" selected="">/);
    expect(html).toContain('No open request fits');
  });

  test('it says that no worker polls the queue, and what to do', async () => {
    const { text } = await visitor.get('/');
    expect(text).toContain('No worker polls the task queue "nango"');
    expect(text).toContain('temporal-nango worker');
  });

  test('the list is live, and so are the ways to the lists; links keep their ids, so that the focus is kept', async () => {
    const { html } = await visitor.get('/');
    expect(html.match(/data-live/g)).toHaveLength(3);
    expect(html).toMatch(/<div id="counts" data-live/);
    expect(html).toMatch(/<div id="open" data-live/);
    expect(html).toMatch(/<nav id="nav" data-live/);
    const ids = [...html.matchAll(/<a id="(requests[^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(6);
  });

  test('names are text, whatever they look like', async () => {
    const { html } = await visitor.get('/');
    expect(html).not.toContain('<script>alert');
    expect(listed(html)).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('a row leads to the request, whose page says how it stands and what happened, without a worker too', async () => {
    const { html } = await visitor.get('/?owner=soon');
    const [, href] = /<a id="requests[^"]+" href="([^"]+)"/.exec(html)!;
    const { status, location } = await visitor.get(new URL(href!, 'http://inbox.test/').pathname);
    expect(status).toBe(302);
    const { text } = await visitor.get(location!);
    const byHand = `/requests/${encodeURIComponent('nango/default/hubspot/u:soon')}`;
    expect((await visitor.get(byHand)).location).toBe(location);
    expect(text).toMatch(/soon: HubSpot/);
    expect(text).toContain('The request began');
    expect(text).toContain('No worker polls the task queue');
  });

  test('of scopes that a memo has no room for a page says how many there are', async () => {
    const scopes = { granted: ['read'], missing: ['write'], toRequest: ['read'], more: { missing: 2, toRequest: 3 } };
    const question = { kind: 'update-integration-scopes' as const, since: now - DAY, deadline: now + DAY, scopes };
    await open('many', { integration: 'crm', question });
    const { location } = await visitor.get(
      `/requests/${Buffer.from('nango/default/crm/u:many').toString('base64url')}`,
    );
    const { text } = await visitor.get(location!);
    expect(text).toContain('The connection lacks write, and 2 more');
    expect(text).toContain('read and 3 more, which this page shows while a worker runs.');
    await world.client.workflow.getHandle('nango/default/crm/u:many').terminate();
  });

  test('a time that is none keeps nobody from seeing the others', async () => {
    const question = { kind: 'connect' as const, since: now - DAY, deadline: 1e20 };
    await open('never', { question });
    const { html } = await eventually(async () => {
      const seen = await visitor.get('/');
      return seen.status !== 200 || listed(seen.html).includes('never') ? seen : undefined;
    });
    expect(listed(html)).toEqual(expect.arrayContaining(['never', 'soon']));
    await world.client.workflow.getHandle('nango/default/hubspot/u:never').terminate();
    await eventually(async () => !listed((await visitor.get('/')).html).includes('never') || undefined);
  });

  test('what needs the worker says so at once, and changes nothing', async () => {
    const { location } = await visitor.get(
      `/requests/${Buffer.from('nango/default/hubspot/u:soon').toString('base64url')}`,
    );
    const refused = await visitor.post(`${location}/decline`);
    expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('No worker runs')]);
    const extras = await visitor.get(`${location}/extras`);
    expect(extras.text).toContain('cannot be told now');
  });

  test('a worker that has not polled for more than two minutes is none, for extra connections neither', async () => {
    const { location } = await visitor.get(
      `/requests/${Buffer.from('nango/default/hubspot/u:soon').toString('base64url')}`,
    );
    const seconds = Math.floor(Date.now() / 1_000) - 180;
    const pollers = { pollers: [{ identity: 'gone', lastAccessTime: { seconds, nanos: 0 } }] };
    const told = jest
      .spyOn(world.client.workflowService, 'describeTaskQueue')
      .mockImplementation(() => pollers as never);
    for (const action of ['decline', 'extras/delete']) {
      const refused = await visitor.post(`${location}/${action}`, { connection: 'c' });
      expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('No worker runs')]);
    }
    told.mockRestore();
  });
});

test('a long list shows its first 500 and says so', async () => {
  const requests = Array.from({ length: 501 }, (_, n): OpenRequest => {
    const owner = { endUser: { id: `u_${n}` } };
    const counts = { subscribers: 1, reminders: 0, extras: 0 };
    return { id: `${n}`, startedAt: new Date(0), status: 'waiting', integration: 'hubspot', owner, ...counts };
  });
  const app = new Hono().get('/', (c) =>
    show(c, List({ requests, all: 501, faceOf: (name) => ({ name }), root: './', now })),
  );
  const html = await (await app.request('/')).text();
  expect(listed(html)).toHaveLength(500);
  expect(html).toContain('The first 500 of 501 are shown.');
});

test('once requests have ended, an empty inbox says how many instead of what it is for', () => {
  // An element's text is its HTML.
  // eslint-disable-next-line @typescript-eslint/no-base-to-string
  const html = String(FirstScreen({ ended: 3 }));
  expect(html).toContain('All 3 requests that there were have ended.');
  expect(html).not.toContain('class="badge');
  expect(html).toContain('temporal-nango ensure');
});

test('when Temporal cannot be reached, the page says what to check', async () => {
  const nowhere = absentTemporal();
  const { status, text, headers } = await new Visitor(inboxWeb(nowhere, { config: world.config, authorize })).get('/');
  expect(status).toBe(503);
  expect(text).toContain('Temporal cannot be reached');
  expect(text).toContain('TEMPORAL_ADDRESS');
  expect(headers.get('cache-control')).toBe('no-store');
  await nowhere.connection.close();
});

test.each([
  ['another environment', `nango/other/hubspot/u:anna`],
  ['another workflow', 'payments/1'],
])('a request of %s has no page, and takes nothing from here', async (_, id) => {
  await world.client.workflow.start('other', { workflowId: id, taskQueue: 'nobody', args: [] });
  const encoded = Buffer.from(id).toString('base64url');
  expect((await visitor.get(`/requests/${encoded}`)).status).toBe(404);
  expect((await visitor.get(`/requests/${encoded}/${randomUUID()}`)).status).toBe(404);
  expect((await visitor.post(`/requests/${encoded}/${randomUUID()}/cancel`)).status).toBe(404);
});
