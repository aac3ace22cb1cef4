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
const SHAPE = /^(\d{13})\.(\d{1,15}(?:-\d{1,15})*)\.([\w-]{43})$/;
/** Of other requests, in one browser: together they stay far below what servers take as headers. */
const MAX_OTHERS = 20;

/** Whose clicks a cookie is of. */
export interface Clicker {
  ref: RequestRef;
  /** the id of whoever is signed in, where `authorize` says it */
  person?: string;
}

/**
 * Notes in the browser that it has clicked. The cookie has numbers of links and an expiry, signed together with the
 * request and the person: no id, no token.
 *
 * @param nonce of the link that the click has made
 */
export function rememberClick(c: Context, config: NangoConfig, clicker: Clicker, nonce: string): void {
  const links = [...linksClicked(c, config, clicker), numberOfLink(nonce)].slice(-MAX_LIVE_LINKS);
  const until = Date.now() + DEFAULT_WAIT_MS;
  const signature = sign(clicker, links, until, config.linkKeys[0] ?? '').toString('base64url');
  forgetOldest(c, config);
  const value = `${until}.${links.join('-')}.${signature}`;
  setCookie(c, nameOf(clicker.ref), value, { ...attributes(c, config), maxAge: DEFAULT_WAIT_MS / 1_000 });
}

/**
 * @returns the numbers of the links that were clicked in this browser, by this person, for this request; none where the
 *   cookie is missing, malformed, forged, over, or of another request, key or person
 */
export function linksClicked(c: Context, { linkKeys }: NangoConfig, clicker: Clicker): number[] {
  const [, end, numbers, signature] = SHAPE.exec(getCookie(c, nameOf(clicker.ref)) ?? '') ?? [];
  if (end === undefined || numbers === undefined || signature === undefined) return [];
  const [links, until] = [numbers.split('-').map(Number), Number(end)];
  const given = Buffer.from(signature, 'base64url');
  // Every key is tried, whichever fits: the time taken says nothing.
  const fits = linkKeys.map((key) => timingSafeEqual(sign(clicker, links, until, key), given)).includes(true);
  return fits && until > Date.now() ? links : [];
}

/** What the cookie of a request is no longer good for goes. */
export function forgetClicks(c: Context, config: NangoConfig, ref: RequestRef): void {
  const name = nameOf(ref);
  if (getCookie(c, name) !== undefined) deleteCookie(c, name, attributes(c, config));
}

function sign({ ref, person }: Clicker, links: number[], until: number, key: string): Buffer {
  const signed = [DOMAIN, ref.id, ref.firstExecutionRunId, links, until, person ?? null];
  return createHmac('sha256', key).update(JSON.stringify(signed)).digest();
}

/** Several requests are beside each other in a browser; the name says nothing of them. */
function nameOf({ id, firstExecutionRunId }: RequestRef): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([id, firstExecutionRunId]))
    .digest('base64url');
  return PREFIX + hash.slice(0, NAME_CHARS);
}

/** Requests end elsewhere, too: what is left of them must not pile up until a server refuses the headers. */
function forgetOldest(c: Context, config: NangoConfig): void {
  const others = Object.entries(getCookie(c)).filter(([name]) => name.startsWith(PREFIX));
  const oldestFirst = others.toSorted(([, a], [, b]) => (a < b ? -1 : 1));
  for (const [name] of oldestFirst.slice(0, -MAX_OTHERS)) deleteCookie(c, name, attributes(c, config));
}

/** Where the handler is mounted is not known here: without a path it is the folder of the page's address. */
function attributes(c: Context, { publicUrl }: NangoConfig) {
  const secure = [publicUrl, c.req.url].some((url) => url?.startsWith('https:') === true);
  return { path: undefined, httpOnly: true, sameSite: 'Lax', secure } as const;
}
