import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { ListedBulkRun } from '../../src/bulk/list';
import type { BulkProgress, BulkRef } from '../../src/contract/types';
import { inboxWeb } from '../../src/web/inbox-web';
import { bulkPathOf, readBulkRef } from '../../src/web/inbox/address';
import { BulkList } from '../../src/web/inbox/bulk-list';
import { show } from '../../src/web/layout';
import { absentTemporal } from '../support/absent-temporal';
import { eventually } from '../support/eventually';
import { World } from '../support/world';
import { Visitor } from './visitor';

// The list of bulk runs, read from visibility and memo: no worker runs here.

const MINUTE = 60_000;
const HOSTILE = `nango-bulk/../?a=b#c&%2F%00 "<b>x</b>' \\é💩`;
const authorize = () => ({ name: 'Olga' });

let world: World;
let visitor: Visitor;
const now = Date.now();

const some: BulkProgress = {
  ...{ status: 'running', connection: { integration: 'hubspot', connectionId: 'c-1' } },
  ...{ done: 0, failed: {}, unknown: 0, skipped: 0, rate: 0, begunAt: now },
};

/** A bulk run as its memo shows it. */
async function begin(id: string, progress: Partial<BulkProgress> = {}, taskQueue = 'nango'): Promise<BulkRef> {
  const memo = { 'nango.bulk': { ...some, ...progress } };
  const { firstExecutionRunId } = await world.client.workflow.start('bulk', {
    ...{ workflowId: id, taskQueue, memo, args: [] },
  });
  return { id, firstExecutionRunId };
}

/** The cells of a row, by their labels, as text; and the row's HTML. */
function row(html: string, id: string): { cells: Record<string, string>; html: string } {
  const found = html.split('<tr>').find((tr) => tr.includes(`<bdi>${id}</bdi>`));
  if (found === undefined) throw new Error(`not listed: ${id}`);
  const cells = [...found.matchAll(/<td[^>]*data-label="([^"]*)"[^>]*>(.*?)<\/td>/gs)].map(([, label, cell]) => [
    label,
    cell!
      .replace(/<\/li>/g, ' ')
      .replace(/<[^>]+>/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
  ]);
  return { cells: Object.fromEntries(cells) as Record<string, string>, html: found };
}

const buttons = (html: string): string[] =>
  [...html.matchAll(/(?:action|href)="[^"]*\/(pause|resume|stop)"/g)].map(([, name = '']) => name);

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  visitor = new Visitor(inboxWeb(world.client, { config: world.config, authorize }));
});

afterAll(async () => {
  await world.close();
});

test('while none goes on, it says how to begin one', async () => {
  const { status, text } = await visitor.get('/bulk');
  expect(status).toBe(200);
  expect(text).toContain('No bulk run goes on');
  expect(text).toContain('temporal-nango bulk --integration');
});

describe('with runs', () => {
  let hostile: BulkRef;

  beforeAll(async () => {
    await begin('nango-bulk/contacts', {
      ...{ done: 61_000, skipped: 500, total: 100_000, rate: 237.6, waitsFor: 'calls', begunAt: now - 5 * MINUTE },
      ...{
        failed: { 'Nango.NotSent': 2, 'Nango.ProviderRejected': 1_234 },
        unknown: 3,
        endsAt: Date.now() + 10 * MINUTE,
      },
    });
    await begin('nango-bulk/held', { status: 'paused', by: 'Bert', done: 7, rate: 5, begunAt: now - MINUTE });
    await begin('nango-bulk/ends', { status: 'stopping', waitsFor: 'calls', begunAt: now - 2 * MINUTE });
    await begin('nango-bulk/full', { waitsFor: 'sink', rate: 12, begunAt: now - 3 * MINUTE });
    hostile = await begin(HOSTILE, { begunAt: now - 9 * MINUTE });
    await begin('nango-bulk/of-another-queue', {}, 'another');
    await eventually(async () => ((await visitor.get('/bulk')).text.includes('5 bulk runs') ? true : undefined));
  });

  test('each is listed with what its memo says, newest first, without a worker', async () => {
    const { html } = await visitor.get('/bulk');
    const { cells } = row(html, 'nango-bulk/contacts');
    expect(cells).toMatchObject({
      ...{ Connection: 'hubspot: c-1', Status: 'running waits for calls', Done: '61,500 of 100,000, 238/s' },
      ...{ Failed: '1,234 Nango.ProviderRejected 2 Nango.NotSent 3 of unknown outcome' },
    });
    expect(cells['Estimated end']).toMatch(/^10 minutes left ?20/);
    expect(cells.Began).toMatch(/^20.* UTC$/);
    expect(row(html, 'nango-bulk/full').cells).toMatchObject({
      ...{ Status: 'running waits for its sink', Done: '0', Failed: 'none' },
    });
    const order = [...html.matchAll(/<th scope="row"[^>]*><bdi>nango-bulk\/(\w+)<\/bdi>/g)].map(([, name]) => name);
    expect(order).toEqual(['held', 'ends', 'full', 'contacts']);
  });

  test('a paused one says by whom, and what does not apply is empty', async () => {
    const { cells } = row((await visitor.get('/bulk')).html, 'nango-bulk/held');
    expect(cells).toMatchObject({
      Status: 'paused by Bert',
      Done: '7',
      'Estimated end': '',
    });
  });

  test.each([
    ['nango-bulk/contacts', ['pause', 'stop']],
    ['nango-bulk/held', ['resume', 'stop']],
    ['nango-bulk/ends', []],
  ])('of %s only what applies can be pressed: %j', async (id, expected) => {
    expect(buttons(row((await visitor.get('/bulk')).html, id).html)).toEqual(expected);
  });

  test('those of another queue are neither listed nor served', async () => {
    const ref = await begin('nango-bulk/theirs', {}, 'another');
    expect((await visitor.get('/bulk')).text).not.toContain('another-queue');
    expect((await visitor.get(`/${bulkPathOf(ref)}/stop`)).status).toBe(404);
  });

  test('the lists lead to each other, say which one is shown, and how many runs there are', async () => {
    const links = (html: string) => [...html.matchAll(/<a id="to-[^>]*>[^<]*/g)].map(([link]) => link);
    expect(links((await visitor.get('/')).html)).toEqual([
      '<a id="to-requests" href="./" aria-current="page">Connection requests',
      '<a id="to-bulk" href="./bulk">Bulk runs (5)',
      '<a id="to-set-ups" href="./set-ups">Integrations to set up',
    ]);
    expect(links((await visitor.get('/bulk')).html)).toEqual([
      '<a id="to-requests" href="./">Connection requests',
      '<a id="to-bulk" href="./bulk" aria-current="page">Bulk runs (5)',
      '<a id="to-set-ups" href="./set-ups">Integrations to set up',
    ]);
  });

  test('it says that no worker polls the queue; what is pressed is refused at once', async () => {
    expect((await visitor.get('/bulk')).text).toContain('No worker polls the task queue "nango"');
    for (const name of ['pause', 'resume', 'stop']) {
      const { status, text, html } = await visitor.post(`/${bulkPathOf(hostile)}/${name}`);
      expect([status, text]).toEqual([503, expect.stringContaining('No worker runs')]);
      expect(html).toContain('href="../../../bulk">All bulk runs');
    }
  });

  test('an id of any characters is text, and its ways lead to that very run', async () => {
    const { html } = await visitor.get('/bulk');
    expect(html).not.toContain('<b>');
    const [way = ''] = new RegExp(`[^"]*bulk/[\\w-]+/${hostile.firstExecutionRunId}/stop`).exec(html) ?? [];
    const confirm = await visitor.get(new URL(way, 'http://inbox.test/bulk').pathname);
    expect(confirm.status).toBe(200);
    expect(confirm.html).toContain('&lt;b&gt;x&lt;/b&gt;');
    expect(confirm.html).toContain(`action="../../../${bulkPathOf(hostile)}/stop"`);
    expect(confirm.html).toContain('href="../../../bulk"');
  });
});

test.each(['.', '..', '/', '\0', HOSTILE, 'é'.repeat(500)])('the path of %j names it', (id) => {
  const ref = { id, firstExecutionRunId: randomUUID() };
  const [, written, run] = bulkPathOf(ref).split('/');
  expect(written).toMatch(/^[\w-]+$/);
  expect(readBulkRef({ id: written, run })).toEqual(ref);
});

test.each([
  ['no id', ''],
  ['what is no base64url', 'a.b'],
  ['another way to write an id', `${Buffer.from('nango-bulk/a').toString('base64url')}=`],
  ['what is no text', Buffer.from([0xff, 0xfe]).toString('base64url')],
  ['more than Temporal takes', Buffer.from('x'.repeat(1_001)).toString('base64url')],
])('%s names no run', (_, id) => {
  expect(readBulkRef({ id, run: randomUUID() })).toBeUndefined();
});

test('a run that Temporal does not know has no page', async () => {
  for (const id of ['nango-bulk/unknown', '\0', '💩'.repeat(250)]) {
    const path = `/${bulkPathOf({ id, firstExecutionRunId: randomUUID() })}`;
    expect([id, (await visitor.get(`${path}/stop`)).status]).toEqual([id, 404]);
    expect([id, (await visitor.post(`${path}/stop`)).status]).toEqual([id, 404]);
  }
});

test('what the address says was done is said only if it is one of ours', async () => {
  expect((await visitor.get('/bulk?done=paused')).html).toContain('role="status"');
  for (const name of ['constructor', '__proto__', 'toString', 'deleted', '']) {
    expect((await visitor.get(`/bulk?done=${name}`)).html).not.toContain('role="status"');
  }
});

test('a long list shows its first 500 and says so', async () => {
  const runs = Array.from({ length: 501 }, (_, n): ListedBulkRun => {
    return { id: `run-${n}`, firstExecutionRunId: randomUUID(), progress: some };
  });
  const app = new Hono().get('/', (c) => show(c, BulkList({ runs, root: './', now })));
  const html = await (await app.request('/')).text();
  expect(html.match(/<th scope="row"/g)).toHaveLength(500);
  expect(html).toContain('The first 500 of 501 are shown.');
});

test('when Temporal cannot be reached, the page says what to check', async () => {
  const nowhere = absentTemporal();
  const web = new Visitor(inboxWeb(nowhere, { config: world.config, authorize }));
  const { status, text } = await web.get('/bulk');
  expect([status, text]).toEqual([503, expect.stringContaining('Temporal cannot be reached')]);
  await nowhere.connection.close();
});
