import { createHmac } from 'node:crypto';
import { Hono } from 'hono';
import type { NangoConfig } from '../../src/config';
import { DEFAULT_WAIT_MS, MAX_LIVE_LINKS } from '../../src/contract/limits';
import type { RequestRef } from '../../src/contract/types';
import { signedPath } from '../../src/requests/permanent-link';
import { forgetClicks, linksClicked, rememberClick } from '../../src/web/public/click-cookie';

// What a browser remembers of a click, and what it cannot make up.

const [KEY, OLD_KEY] = ['k'.repeat(32), 'o'.repeat(32)];
const REF = { id: 'nango/default/hubspot/u:ann', firstExecutionRunId: 'run-1' };

interface Setting {
  ref?: RequestRef;
  person?: string;
  keys?: string[];
  publicUrl?: string;
  url?: string;
}

/** A browser that keeps what it is given, as `name=value`. */
class Browser {
  readonly jar = new Map<string, string>();
  /** as they came */
  set: string[] = [];

  async clicks(number: number, setting: Setting = {}): Promise<void> {
    await this.sends('click', number, setting);
  }

  async remembers(setting: Setting = {}): Promise<number[]> {
    return (await (await this.sends('read', 0, setting)).json()) as number[];
  }

  async forgets(setting: Setting = {}): Promise<void> {
    await this.sends('forget', 0, setting);
  }

  private async sends(what: string, number: number, setting: Setting): Promise<Response> {
    const { ref = REF, person, keys = [KEY], publicUrl, url = 'http://host/connect/x' } = setting;
    const config = { linkKeys: keys, publicUrl } as NangoConfig;
    const app = new Hono();
    app.get('*', (c) => {
      if (what === 'click') rememberClick(c, config, { ref, person }, `origin.${number}`);
      if (what === 'forget') forgetClicks(c, config, ref);
      return c.json(linksClicked(c, config, { ref, person }));
    });
    const cookie = [...this.jar].map((pair) => pair.join('=')).join('; ');
    const response = await app.request(url, { headers: cookie === '' ? {} : { cookie } });
    this.set = response.headers.getSetCookie();
    for (const set of this.set) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/Max-Age=0/.test(set)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return response;
  }

  /** The only cookie there is. */
  get only(): [name: string, value: string] {
    expect(this.jar.size).toBe(1);
    return [...this.jar][0]!;
  }
}

test('a click is remembered for seven days, out of reach of scripts and other sites, below the folder of the page', async () => {
  const browser = new Browser();
  await browser.clicks(1);
  expect(browser.set).toEqual([
    expect.stringMatching(/^tn_click_[\w-]{16}-1=[\w.-]+; Max-Age=604800; HttpOnly; SameSite=Lax$/),
  ]);
  expect(await browser.remembers()).toEqual([1]);
});

test.each([
  ['the public address is', { publicUrl: 'https://app.example/nango' }],
  ['the request came by it', { url: 'https://host/connect/x' }],
])('it goes by HTTPS only where %s', async (_, setting) => {
  const browser = new Browser();
  await browser.clicks(1, setting);
  expect(browser.set[0]).toMatch(/; Secure/);
});

test('it holds numbers and times, and nothing of the request or the person', async () => {
  const browser = new Browser();
  await browser.clicks(7, { person: 'ann@example.com' });
  const [name, value] = browser.only;
  const [, until = '', links, signature = ''] = /^(\d+)\.(\d+)\.(.*)$/.exec(decodeURIComponent(value)) ?? [];
  expect([Number(until) - Date.now() <= DEFAULT_WAIT_MS, links, signature.length]).toEqual([true, '7', 43]);
  for (const secret of ['ann', 'hubspot', 'origin', 'run-1']) expect(name + value).not.toContain(secret);
});

test('later clicks are added, and the newest are kept', async () => {
  const browser = new Browser();
  for (let n = 1; n <= MAX_LIVE_LINKS + 2; n++) await browser.clicks(n);
  expect(await browser.remembers()).toEqual(Array.from({ length: MAX_LIVE_LINKS }, (_, i) => i + 3));
});

test('of two clicks at a time neither is lost, whichever response comes last', async () => {
  const browser = new Browser();
  await Promise.all([browser.clicks(2), browser.clicks(1)]);
  expect((await browser.remembers()).toSorted()).toEqual([1, 2]);
});

test('of another person nothing is known, and their click begins anew', async () => {
  const browser = new Browser();
  await browser.clicks(1, { person: 'ann' });
  expect(await browser.remembers({ person: 'ann' })).toEqual([1]);
  for (const person of ['bob', undefined, 'Ann']) expect(await browser.remembers({ person })).toEqual([]);
  await browser.clicks(2, { person: 'bob' });
  expect([await browser.remembers({ person: 'bob' }), await browser.remembers({ person: 'ann' })]).toEqual([[2], []]);
});

test('requests are beside each other, and of one nothing is known at another', async () => {
  const browser = new Browser();
  const other = { ...REF, firstExecutionRunId: 'run-2' };
  await browser.clicks(1);
  const [, value] = browser.only;
  await browser.clicks(5, { ref: other });
  expect([await browser.remembers(), await browser.remembers({ ref: other })]).toEqual([[1], [5]]);
  // Somebody puts the one in the place of the other.
  for (const name of browser.jar.keys()) browser.jar.set(name, value);
  expect(await browser.remembers({ ref: other })).toEqual([]);
});

test('a key that is replaced goes on verifying until it is removed', async () => {
  const browser = new Browser();
  await browser.clicks(1, { keys: [OLD_KEY] });
  expect(await browser.remembers({ keys: [KEY, OLD_KEY] })).toEqual([1]);
  expect(await browser.remembers({ keys: [KEY] })).toEqual([]);
  expect(await browser.remembers({ keys: [] })).toEqual([]);
});

test('one that is over is none', async () => {
  const browser = new Browser();
  await browser.clicks(1);
  const now = Date.now();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now + DEFAULT_WAIT_MS - 1_000);
  expect(await browser.remembers()).toEqual([1]);
  clock.mockReturnValue(now + DEFAULT_WAIT_MS + 1_000);
  expect(await browser.remembers()).toEqual([]);
  clock.mockRestore();
});

describe('what somebody has made up is as if there were none', () => {
  const inADay = Date.now() + 86_400_000;
  const signature = (text: string) => createHmac('sha256', KEY).update(text).digest('base64url');
  const linkSignature = signedPath(REF, [KEY]).split('.').at(-1)!;

  test.each<[string, (value: string) => string]>([
    ['another number', (value) => value.replace('.1.', '.2.')],
    ['a further number', (value) => value.replace('.1.', '.1-2.')],
    ['a later end', (value) => value.replace(/^\d+/, String(Date.now() + 2 * DEFAULT_WAIT_MS))],
    ['a signature of a permanent link', () => `${inADay}.1.${linkSignature}`],
    ['a signature over less', () => `${inADay}.1.${signature(`${inADay}.1`)}`],
    ['no signature', () => `${inADay}.1.`],
    ['an empty one', () => ''],
    ['a text', () => 'yes'],
    ['numbers that are none', (value) => value.replace('.1.', '.x.')],
    ['a number without end', (value) => value.replace('.1.', `.${'1'.repeat(500)}.`)],
    ['half a character', () => '%ED%A0%80'],
    ['16 KB', () => 'x'.repeat(16_384)],
  ])('%s', async (_, make) => {
    const browser = new Browser();
    await browser.clicks(1);
    const [name, value] = browser.only;
    browser.jar.set(name, make(value));
    expect(await browser.remembers()).toEqual([]);
  });

  // Two texts that differ are not enough: no text that a cookie signs may ever be one that something else signs.
  test('and what a cookie signs begins with what it is for, which nothing else of these keys does', async () => {
    const browser = new Browser();
    await browser.clicks(1, { person: 'ann' });
    const [until, , signed] = browser.only[1].split('.');
    const text = ['temporal-nango click 1', REF.id, REF.firstExecutionRunId, 1, Number(until), 'ann'];
    expect(signed).toBe(signature(JSON.stringify(text)));
  });
});

test('what is of no more use goes, and only that', async () => {
  const browser = new Browser();
  const other = { ...REF, id: 'nango/default/hubspot/u:bob' };
  await browser.clicks(1);
  await browser.clicks(2, { ref: other });
  await browser.forgets();
  expect([browser.jar.size, await browser.remembers({ ref: other })]).toEqual([1, [2]]);
  await browser.forgets();
  expect(browser.set).toEqual([]);
});

test('of many requests the oldest go: a browser’s headers stay small', async () => {
  const browser = new Browser();
  const refs = Array.from({ length: 30 }, (_, n) => ({ ...REF, id: `nango/default/hubspot/u:${n}` }));
  let now = Date.now();
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now++);
  for (const ref of refs) await browser.clicks(1, { ref });
  clock.mockRestore();
  expect(browser.jar.size).toBeLessThanOrEqual(21);
  expect(await browser.remembers({ ref: refs.at(-1) })).toEqual([1]);
  expect(await browser.remembers({ ref: refs[0] })).toEqual([]);
});
