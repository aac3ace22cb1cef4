import type { ConnectionRequest } from '../../src/requests/connection-request';
import { readPages, rowsOf } from '../docs/pages';
import { anew, openAnew } from './two-people/reconnect';
import { Play } from './two-people/play';
import type { Sent } from './two-people/play';
import { STORIES } from './two-people/stories';
import type { Story } from './two-people/stories';
import { serveVariants } from './two-people/variants';
import type { Variant } from './two-people/variants';
import { connectThere, Stage } from './stage';

// An owner and somebody else, each with a browser: whose connection is accepted, and what calls go through, as the tables
// of docs/security.md have it.

type Table = { [row: string]: { [column: string]: string } };

const NEW = tableOf('what happens');
const ANEW = tableOf('a connection that is in use is connected anew');
const rowsSeen = new Set<string>();
const sent: Sent[] = [];
let stage: Stage;
let variants: Variant[];

function tableOf(first: string): Table {
  const rows = rowsOf(readPages().get('docs/security.md')!).filter((row) => row[first] !== undefined);
  return Object.fromEntries(rows.map(({ [first]: row = '', ...cells }) => [row, cells]));
}

beforeAll(async () => {
  stage = await Stage.open();
  stage.world.nango.onProxy('hubspot', ({ credentials }) => ({
    json: { as: credentials.type === 'OAUTH2' ? credentials.access_token.replace('access of ', '') : '' },
  }));
  variants = await serveVariants(stage.world);
});

afterAll(async () => {
  await Promise.all((variants ?? []).map((variant) => variant.close()));
  await stage?.close();
});

async function played<T>(variant: Variant, act: (play: Play) => Promise<T>, request?: ConnectionRequest): Promise<T> {
  const play = new Play(stage, variant, request ?? (await stage.openRequest()));
  try {
    return await act(play);
  } finally {
    sent.push(...play.sent);
    await play.close();
  }
}

/** Plays it to its end. @returns the rows, with what was seen in each */
async function told<T>(play: Play, story: Story<T>): Promise<[row: string, seen: T][]> {
  const rows: [string, T][] = [];
  for await (const row of story(play)) rows.push(row);
  return rows;
}

test.each(Object.entries(STORIES))('%s', async (_, story) => {
  const seen: Table = {};
  await Promise.all(
    variants.map(async (variant) => {
      const rows = await played(variant, (play) => told(play, story));
      for (const [row, verdict] of rows) seen[row] = { ...seen[row], [variant.name]: verdict };
    }),
  );
  for (const [row, verdicts] of Object.entries(seen)) {
    rowsSeen.add(row);
    expect([row, verdicts]).toEqual([row, NEW[row]]);
  }
});

test.each(['reconnect', 'scopes'] as const)(
  'no call goes through before the owner has said yes, anew: %s',
  async (why) => {
    const all = await Promise.all(
      variants.map(async (variant) => {
        const request = await openAnew(stage, why);
        return await played(variant, (play) => told(play, anew(stage.world)), request);
      }),
    );
    for (const [at, { name }] of variants.entries()) {
      const column = at === 0 ? name : 'with it';
      const expected = Object.entries(ANEW).map(([row, cells]) => [row, cells[column]]);
      expect([name, all[at]]).toEqual([name, expected]);
    }
  },
);

test('the page has no row that nobody has played', () => {
  expect([...rowsSeen].sort()).toEqual(Object.keys(NEW).sort());
});

test('whoever comes back is asked at once, in the tab that has stayed', async () => {
  await played(variants[3]!, async (play) => {
    const browser = await play.browser(play.owner);
    await browser.clock.install();
    const nangos = await play.clicks(browser);
    // From here on no time passes for the page.
    await browser.clock.pauseAt(Date.now() + 60_000);
    await connectThere(nangos!, play.owner);
    await play.verdict();
    await nangos!.close();
    await browser.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await browser.getByRole('heading', { level: 1, name: 'Was it you who connected HubSpot?' }).waitFor();
    expect(await browser.title()).toBe('Was it you who connected HubSpot?');
    await browser.getByRole('button', { name: 'Yes, it was me' }).click();
    await browser.getByRole('heading', { level: 1, name: 'HubSpot is connected' }).waitFor();
  });
});

test('without JavaScript it is asked and said as well', async () => {
  await played(variants[3]!, async (play) => {
    const browser = await play.browser(play.owner, { javaScriptEnabled: false });
    await connectThere((await play.clicks(browser))!, play.owner);
    await play.verdict();
    expect(await browser.locator('meta[http-equiv=refresh]').count()).toBe(1);
    await browser.reload();
    await browser.getByRole('button', { name: 'Yes, it was me' }).click();
    await browser.getByRole('heading', { level: 1, name: 'HubSpot is connected' }).waitFor();
  });
});

test('no page of ours asks anything of anybody else; that of Nango is gone to', () => {
  const ours = new Set(variants.map(({ url }) => url));
  const beyond = sent.filter(({ origin }) => !ours.has(origin));
  expect(new Set(beyond.map(({ origin }) => origin))).toEqual(new Set([stage.world.nango.url]));
  expect(beyond.filter(({ isNavigation }) => !isNavigation)).toEqual([]);
});
