import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { NangoConfig } from '../../config';
import { DEFAULT_WAIT_MS, MAX_LIVE_LINKS } from '../../contract/limits';
import { numberOfLink } from '../../contract/rules/choose';
import type { RequestRef } from '../../contract/types';

/** Begins what is signed: a signature of a permanent link is none of a cookie, nor the other way round. */
const DOMAIN = 'temporal-nango click 1';
const PREFIX = 'tn_click_';
const NAME_CHARS = 16;
const SHAPE = /^(\d{13})\.(\d{1,15})\.([\w-]{43})$/;
/** Clicks for other requests, in one browser: together they stay far below what servers take as headers. */
const MAX_OTHERS = 20;

/** Times and numbers of links by what they are, not digit by digit. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** Whose clicks a cookie is of. */
export interface Clicker {
  ref: RequestRef;
  /** the id of whoever is signed in, where `authorize` says it */
  person?: string;
}

/** A cookie that may be one of a click. */
interface Click {
  name: string;
  value: string;
}

/**
 * Notes in the browser that it has clicked, each click in a cookie of its own: of two at a time neither is lost. The cookie
 * has the number of the link and an expiry, signed together with the request and the person: no id, no token.
 *
 * @param nonce of the link that the click has made
 */
export function rememberClick(c: Context, config: NangoConfig, clicker: Clicker, nonce: string): void {
  const link = numberOfLink(nonce);
  const until = Date.now() + DEFAULT_WAIT_MS;
  const signature = sign(clicker, link, until, config.linkKeys[0] ?? '').toString('base64url');
  forgetOthers(c, config, clicker);
  const value = `${until}.${link}.${signature}`;
  setCookie(c, `${nameOf(clicker.ref)}${link}`, value, { ...attributes(c, config), maxAge: DEFAULT_WAIT_MS / 1_000 });
}

/**
 * @returns the numbers of the links that were clicked in this browser, by this person, for this request, the oldest first;
 *   without those whose cookie is malformed, forged, over, or of another request, key or person
 */
export function linksClicked(c: Context, { linkKeys }: NangoConfig, clicker: Clicker): number[] {
  const name = nameOf(clicker.ref);
  const own = clicksIn(c).filter((one) => one.name.startsWith(name));
  return own.flatMap(({ value }) => linkIn(value, linkKeys, clicker) ?? []);
}

function linkIn(value: string, linkKeys: string[], clicker: Clicker): number | undefined {
  const [, end, number, signature] = SHAPE.exec(value) ?? [];
  if (end === undefined || number === undefined || signature === undefined) return undefined;
  const [link, until] = [Number(number), Number(end)];
  const given = Buffer.from(signature, 'base64url');
  // Every key is tried, whichever fits: the time taken says nothing.
  const fits = linkKeys.map((key) => timingSafeEqual(sign(clicker, link, until, key), given)).includes(true);
  return fits && until > Date.now() ? link : undefined;
}

/** The cookies of a request that are of no more use go. */
export function forgetClicks(c: Context, config: NangoConfig, ref: RequestRef): void {
  const own = clicksIn(c).filter(({ name }) => name.startsWith(nameOf(ref)));
  for (const { name } of own) deleteCookie(c, name, attributes(c, config));
}

/** All that may be clicks, of whatever request, the oldest first. */
function clicksIn(c: Context): Click[] {
  const all = Object.entries(getCookie(c)).map(([name, value]) => ({ name, value }));
  return all.filter(({ name }) => name.startsWith(PREFIX)).toSorted((a, b) => compare(a.value, b.value));
}

function sign({ ref, person }: Clicker, link: number, until: number, key: string): Buffer {
  const signed = [DOMAIN, ref.id, ref.firstExecutionRunId, link, until, person ?? null];
  return createHmac('sha256', key).update(JSON.stringify(signed)).digest();
}

/** What names begin with, before the number of a link: several requests are beside each other in a browser. It says nothing of them. */
function nameOf({ id, firstExecutionRunId }: RequestRef): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([id, firstExecutionRunId]))
    .digest('base64url');
  return `${PREFIX}${hash.slice(0, NAME_CHARS)}-`;
}

/**
 * Requests end elsewhere, too: what is left of them must not pile up until a server refuses the headers. And of this one what
 * is no click of this person's is of no more use.
 */
function forgetOthers(c: Context, config: NangoConfig, clicker: Clicker): void {
  const isOwn = ({ name }: Click): boolean => name.startsWith(nameOf(clicker.ref));
  const isTheirs = ({ value }: Click): boolean => linkIn(value, config.linkKeys, clicker) !== undefined;
  const all = clicksIn(c);
  const kept = new Set([
    ...all.filter((one) => isOwn(one) && isTheirs(one)).slice(-(MAX_LIVE_LINKS - 1)),
    ...all.filter((one) => !isOwn(one)).slice(-MAX_OTHERS),
  ]);
  for (const one of all) if (!kept.has(one)) deleteCookie(c, one.name, attributes(c, config));
}

/** Where the handler is mounted is not known here: without a path it is the folder of the page's address. */
function attributes(c: Context, { publicUrl }: NangoConfig) {
  const secure = [publicUrl, c.req.url].some((url) => url?.startsWith('https:') === true);
  return { path: undefined, httpOnly: true, sameSite: 'Lax', secure } as const;
}
