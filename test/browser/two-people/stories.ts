import type { Page } from 'playwright-core';
import { connectThere } from '../stage';
import { COLLEAGUE } from './variants';
import type { Play, Verdict } from './play';

/** What people do, one thing after the other: each is a row of a table in docs/security.md, with what came of it. */
export type Story<T> = (play: Play) => AsyncGenerator<[row: string, seen: T]>;

export const STRANGER = 'stranger';

/** Of new connections. */
export const STORIES: { [name: string]: Story<Verdict> } = {
  async *'a stranger has the permanent link'(play) {
    yield ['a stranger is sent the permanent link, connects, and says yes', await byThemselves(play, STRANGER)];
  },
  async *'a colleague has the permanent link'(play) {
    yield ['a colleague is sent the permanent link, connects, and says yes', await byThemselves(play, COLLEAGUE)];
  },
  async *'the owner passes on the link of Nango'(play) {
    const { owner, stranger } = await passesOn(play);
    yield ["the owner clicks and passes on Nango's link, by which a stranger connects", await play.verdict()];
    await play.says(stranger, 'yes');
    const isIn = await play.opens(stranger);
    yield ['… and the stranger opens the permanent link, and says yes', isIn ? await play.verdict() : 'not let in'];
    await play.says(await play.browser(play.owner), 'yes');
    yield ['… and the owner looks at the page in a browser in which they have not clicked', await play.verdict()];
    await play.says(owner, 'yes');
    yield ['… and the owner says yes', await play.verdict()];
  },
  async *'the owner notices it'(play) {
    const { owner } = await passesOn(play);
    await play.says(owner, 'no');
    yield ['… or says no', await play.verdict()];
  },
  async *'one link is used by two'(play) {
    const { owner, nangos } = await passesOn(play);
    await connectThere(nangos, play.owner);
    await play.says(owner, 'yes');
    yield ['… and the owner connects by it as well, and says yes', await play.verdict()];
  },
  async *'two people share a browser'(play) {
    const browser = await play.browser(play.owner);
    const nangos = await play.clicks(browser);
    await play.signIn(browser, COLLEAGUE);
    await connectThere(nangos!, COLLEAGUE);
    await play.verdict();
    await play.says(browser, 'yes');
    yield ['the owner clicks; in the same browser a colleague signs in, connects, and says yes', await play.verdict()];
  },
  async *'the owner has two browsers'(play) {
    const browser = await connects(play);
    await play.says(await play.browser(play.owner), 'yes');
    yield ['the owner connects, and comes back in another browser', await play.verdict()];
    await play.says(browser, 'yes');
    yield ['… and then in the one in which they clicked, and says yes', await play.verdict()];
  },
};

/** Somebody other than the owner has the permanent link. */
async function byThemselves(play: Play, user: string): Promise<Verdict> {
  const browser = await play.browser(user);
  const nangos = await play.clicks(browser);
  if (nangos === undefined) return 'not let in';
  await connectThere(nangos, user);
  await play.verdict();
  await play.says(browser, 'yes');
  return await play.verdict();
}

/** The owner clicks and connects. */
async function connects(play: Play): Promise<Page> {
  const browser = await play.browser(play.owner);
  await connectThere((await play.clicks(browser))!, play.owner);
  await play.verdict();
  return browser;
}

/** The owner clicks, and sends the address of Nango's page to a stranger, who connects there. */
export async function passesOn(play: Play): Promise<{ owner: Page; nangos: Page; stranger: Page }> {
  const [owner, stranger] = [await play.browser(play.owner), await play.browser(STRANGER)];
  const nangos = (await play.clicks(owner))!;
  await stranger.goto(nangos.url());
  await connectThere(stranger, STRANGER);
  await play.verdict();
  return { owner, nangos, stranger };
}
